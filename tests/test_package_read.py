"""Test that packages are read: those of deckgen, and exports of the engine in the legacy and the current format."""

import json
import random
import zipfile
from pathlib import Path

import pytest
from anki.collection import ExportAnkiPackageOptions
from decks import PIXEL, build, package_of, write_deck
from engine import collection, import_package, study
from google.protobuf.wrappers_pb2 import BytesValue, Int64Value
from packages import altered, members, packed

from deckgen.package.protobuf import Message, message_fields
from deckgen.package.read import read_media, read_package
from deckgen.problems import DeckError

NOW = 1_700_000_000
NOTES = """---
tags: [层::一, plain]
---

# D

## 为什么 $a < b$？ {.reversed}

A picture: ![p](p.png)

## Which?

{{c1::One}} and {{c3::three}}.
"""
TOML = 'id = "7"\nname = "甲::乙"\nslug = "deck"\nversion = "1.0.0"\ndescription = "Of the deck."\n'


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Path:
    """A package of deckgen."""
    home = tmp_path_factory.mktemp("ours")
    return package_of(
        build(write_deck(home / "deck", {"deck.toml": TOML, "a.md": NOTES, "p.png": PIXEL}), home / "out", NOW)
    )


@pytest.fixture(scope="module", params=[True, False], ids=["legacy", "current"])
def exported(request, ours, tmp_path_factory) -> Path:
    """The package that the engine exports after importing ours."""
    home = tmp_path_factory.mktemp("exported")
    options = ExportAnkiPackageOptions(
        with_scheduling=False, with_deck_configs=False, with_media=True, legacy=request.param
    )
    with collection(home / "learner") as col:
        import_package(col, ours)
        col.export_anki_package(out_path=str(home / "exported.apkg"), options=options, limit=None)
    return home / "exported.apkg"


def test_a_package_of_deckgen_is_read(ours):
    package = read_package(ours)
    assert package.format == "collection.anki2"
    basic, cloze = package.notes
    assert (basic.tags, basic.mod, basic.decks) == (("D", "plain", "层::一"), NOW, ("甲::乙",))
    assert [card.ordinal for card in basic.cards] == [0, 1] and [card.ordinal for card in cloze.cards] == [0, 2]
    assert basic.named()["Front"] == "为什么 \\(a &lt; b\\)？" and cloze.notetype.cloze
    assert cloze.notetype.template(2).name == "Cloze" and basic.notetype.template(1).name == "Reversed"
    assert package.decks["甲::乙"].description.startswith("Of the deck.\n\n- Version 1.0.0\n\n")
    (media,) = package.media
    assert media.name in basic.named()["Back"]
    assert read_media(package, {media.name, "absent.png"}) == {media.name: PIXEL}


def test_an_exported_package_has_the_same_notes_and_media(ours, exported):
    before, after = read_package(ours), read_package(exported)
    assert after.format == ("collection.anki21" if is_legacy(exported) else "collection.anki21b")
    assert after.notes == before.notes
    assert after.media == before.media and read_media(after, {before.media[0].name}) == {before.media[0].name: PIXEL}
    assert after.decks["甲::乙"].description == before.decks["甲::乙"].description


def test_a_whole_collection_is_read_with_its_schedules(ours, tmp_path):
    with collection(tmp_path / "learner") as col:
        import_package(col, ours)
        study(col, 2)
        col.export_collection_package(str(tmp_path / "all.colpkg"), include_media=True, legacy=False)
    package = read_package(tmp_path / "all.colpkg")
    assert package.notes == read_package(ours).notes and len(package.media) == 1
    schedules = [card.schedule for note in package.notes for card in note.cards]
    assert sum(schedule is not None and schedule.reps == 1 for schedule in schedules) == 2 < len(schedules)
    assert [deck.filtered for deck in package.decks.values()] == [False] * len(package.decks)


def is_legacy(package: Path) -> bool:
    """Whether a package has a legacy format."""
    with zipfile.ZipFile(package) as archive:
        return "meta" not in archive.namelist() or archive.read("meta") != b"\x08\x03"


def error_of(path: Path) -> tuple[str, str]:
    """The code and the message of the error at reading a file."""
    with pytest.raises(DeckError) as caught:
        read_package(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    return problem.code, problem.message


def test_files_that_are_no_packages_are_errors(tmp_path):
    (tmp_path / "empty.apkg").write_bytes(b"")
    (tmp_path / "text.apkg").write_text("not a zip")
    with zipfile.ZipFile(tmp_path / "zip.apkg", "w") as archive:
        archive.writestr("a.txt", "a")
    with zipfile.ZipFile(tmp_path / "newer.apkg", "w") as archive:
        archive.writestr("meta", b"\x08\x04")
        archive.writestr("collection.anki21b", b"")
    with zipfile.ZipFile(tmp_path / "text-inside.apkg", "w") as archive:
        archive.writestr("collection.anki2", b"not a database" * 100)
    assert error_of(tmp_path / "none.apkg")[0] == "file-unreadable"
    assert error_of(tmp_path / "empty.apkg") == ("package-zip", "is not a zip file; Anki packages are zip files")
    assert error_of(tmp_path / "text.apkg")[0] == "package-zip"
    assert error_of(tmp_path / "zip.apkg") == (
        "package-none",
        "is a zip file, but not an Anki package: it has no collection",
    )
    assert error_of(tmp_path / "newer.apkg") == (
        "package-newer",
        "is from a newer Anki: its format has the version 4, and this deckgen reads versions up to 3",
    )
    assert error_of(tmp_path / "text-inside.apkg") == ("package-damaged", "is damaged: file is not a database")


def test_a_note_without_its_note_type_or_deck_is_an_error(ours, tmp_path):
    assert (
        "has 1 fields, but its note type has"
        in error_of(altered(ours, tmp_path / "fields.apkg", "UPDATE notes SET flds = 'one'"))[1]
    )
    assert "has no note type" in error_of(altered(ours, tmp_path / "type.apkg", "UPDATE notes SET mid = 5"))[1]
    assert (
        "is in a deck 5 that does not exist"
        in error_of(altered(ours, tmp_path / "deck.apkg", "UPDATE cards SET did = 5"))[1]
    )


def test_a_file_that_only_the_media_map_has_is_an_error(ours, tmp_path):
    package = altered(ours, tmp_path / "media.apkg", media=json.dumps({"7": "gone.png"}).encode())
    assert "names gone.png, but the package does not have this file" in error_of(package)[1]


def test_a_damaged_file_is_an_error_and_never_a_traceback(exported, tmp_path):
    whole = exported.read_bytes()
    rng = random.Random(7)
    refused = 0
    for n in range(300):
        data = bytearray(whole[: rng.randrange(len(whole))] if n % 3 == 0 else whole)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path = tmp_path / "damaged.apkg"
        path.write_bytes(data)
        try:
            read_package(path)
        except DeckError:
            refused += 1
    assert refused > 100


def test_a_damaged_member_is_an_error_and_never_a_traceback(exported, tmp_path):
    """The members are damaged before they are packed, so the checksums of the zip archive are right."""
    content = members(exported)
    rng = random.Random(11)
    for _ in range(200):
        name = rng.choice(sorted(content))
        data = bytearray(content[name])
        for _ in range(rng.randrange(1, 40)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        try:
            read_package(packed(tmp_path / "damaged.apkg", {**content, name: bytes(data)}))
        except DeckError:
            pass


def test_messages_of_the_protobuf_library_are_read():
    for value in (1, 127, 128, 2**40, -5):
        assert Message(Int64Value(value=value).SerializeToString()).integer(1) == value % 2**64
    assert list(message_fields(BytesValue(value=b"x" * 300).SerializeToString())) == [(1, b"x" * 300)]
    for cut in (b"\x08", b"\x0a\x05abc", b"\x0b", b"\x80" * 11):
        with pytest.raises(ValueError):
            list(message_fields(cut))
    with pytest.raises(ValueError):
        Message(b"\x08\x01").text(1)
