"""Test that import tests find each kind of wrong import, and find nothing wrong with packages of deckgen."""

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import genanki
import pytest
from anki.collection import ExportAnkiPackageOptions
from decks import PIXEL, build, package_of, run, write_deck
from engine import collection, import_package
from packages import altered

from deckgen.doctor.libraries import extra_command
from deckgen.verify.check import check_import_tests
from deckgen.verify.engine import ImportLog, Learner
from deckgen.verify.import_test import run_import_tests

NOW = 1_700_000_000
NOTES = """# 注意力

## 为什么除以 $\\sqrt{d_k}$？ {.reversed}

方差是 $d_k$。

![p](p.png)

## Which parts has a block?

{{c1::Attention}} and {{c2::a feed-forward layer}}.

## What is a query?

What a position asks for.

## What is a key?

What a position offers.
"""
EDITED = (
    NOTES.replace("What a position offers", "All that a position offers").replace("a feed-forward", "a wide")
    + "\n## New?\n\nYes.\n"
)


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("verify")
    deck = write_deck(home / "deck", {"a.md": NOTES, "p.png": PIXEL})
    old = package_of(build(deck, home / "one", NOW))
    write_deck(deck, {"a.md": EDITED})
    return old, package_of(build(deck, home / "two", NOW + 3600))


def codes(new: Path, old: Path | None = None) -> list[str]:
    """The codes of the findings of the import tests."""
    return [finding.code for finding in check_import_tests(run_import_tests(new, old))]


def test_packages_of_deckgen_are_imported_as_expected(packages):
    old, new = packages
    result = run("verify", new, "--after", old)
    assert (result.returncode, result.stderr) == (0, "")
    assert (
        result.stdout
        == f"""\
import                                 new  updated  duplicate  conflicting  schedules changed
into an empty collection                 5        0          0            0                  0
over the last one, studied               1        2          2            0                  0
over the last one, studied and edited    1        2          2            0                  0
{new}: every import went as expected
"""
    )


def test_the_second_import_of_a_package_changes_nothing(packages):
    found = json.loads(run("verify", packages[0], "--after", packages[0], "--json").stdout)
    assert found["kept"] and found["findings"] == []
    assert [
        [r[key] for key in ("new", "updated", "duplicate", "conflicting", "cards_added")] for r in found["import_tests"]
    ] == [[4, 0, 0, 0, 0], [0, 0, 4, 0, 0], [0, 0, 4, 0, 0]]


def test_new_cards_of_old_notes_are_counted(packages, tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES, "p.png": PIXEL})
    build(deck, tmp_path, NOW)
    write_deck(deck, {"a.md": NOTES.replace("What is a key?", "What is a key? {.reversed}")})
    found = run_import_tests(package_of(build(deck, tmp_path, NOW + 60)), packages[0])
    assert check_import_tests(found) == () and [import_test.cards_added for import_test in found.all] == [0, 1, 1]


def test_an_older_package_does_not_update_a_newer_one(packages):
    old, new = packages
    result = run("verify", old, "--after", new, "--json")
    assert result.returncode == 1
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["code"], finding["severity"]) == ("not-updated", "error")
    assert (
        finding["what"] == ["Which parts has a block?", "What is a key?"]
        and "time of change is not later" in finding["message"]
    )


MODELS = "UPDATE col SET models = replace(models, '{}', '{}')"
MEDIA = json.dumps({"0": "unused.png"}).encode()


@pytest.mark.parametrize(
    "statements, found",
    [
        (["UPDATE notes SET mod = mod + 9"], ["unchanged-updated", "edits-lost"]),
        (["UPDATE notes SET flds = replace(flds, 'asks', 'begs')"], ["not-updated"]),
        (["UPDATE notes SET tags = ' another ' WHERE flds LIKE '%query%'"], ["not-updated"]),
        (["UPDATE notes SET tags = ' marked ', mod = mod + 9"], ["altered-by-anki"]),
        (["UPDATE notes SET guid = 'one'"], ["guid-repeated"]),
        (["DELETE FROM cards WHERE ord = 0"], ["no-card"]),
        ([MODELS.format("{{cloze:Text}}", "{{cloze:Txt}}")], ["render-error"]),
        ([MODELS.format('"qfmt": "', '"qfmt": "{{Nope}}')], ["render-error"]),
        (["UPDATE notes SET flds = replace(flds, '{{c1', '{{c4')"], ["render-error"]),
        (
            [MODELS.format("{{Front}}", "{{Spare1}}"), "UPDATE notes SET flds = replace(flds, '注意力', '')"],
            ["empty-card"],
        ),
        (
            ["UPDATE notes SET flds = replace(flds, 'src=\"p-', 'src=\"q-')"],
            ["media-missing", "media-unused", "not-updated"],
        ),
        (["UPDATE notes SET flds = replace(flds, '<img', 'img')"], ["media-unused", "not-updated"]),
    ],
    ids=[
        "all times later",
        "text changed without its time",
        "tags changed without their time",
        "a tag reserved by Anki",
        "one guid for all notes",
        "no cards",
        "unknown field in a cloze template",
        "unknown field",
        "cloze renumbered",
        "empty front",
        "media missing",
        "media unused",
    ],
)
def test_each_kind_of_broken_package_is_found(packages, tmp_path, statements, found):
    broken = altered(packages[0], tmp_path / "broken.apkg", *statements)
    seen = codes(broken, packages[0])
    assert set(found) <= set(seen), seen


def test_a_note_type_with_another_field_is_found(packages, tmp_path):
    """Anki does not update the notes, and adds a second note type."""
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=False)
    with collection(tmp_path / "author") as col:
        import_package(col, packages[0])
        kind = col.models.by_name("Test Deck (Q&A)")
        col.models.add_field(kind, col.models.new_field("More"))
        col.models.update_dict(kind)
        note = col.new_note(col.models.by_name("Test Deck (Q&A)"))
        note["Front"] = note["Back"] = "another"
        col.add_note(note, col.decks.id("Test Deck"))
        note = col.get_note(col.find_notes("offers")[0])
        note["Back"] = "Otherwise."
        col.update_note(note)
        col.export_anki_package(out_path=str(tmp_path / "new.apkg"), options=options, limit=None)
    result = run("verify", tmp_path / "new.apkg", "--after", packages[0])
    assert result.returncode == 1
    assert (
        "1 changed notes were not updated: Anki takes their note type for another one (Test Deck (Q&A): field More added): What is a key?"
        in result.stdout
    )
    assert "Anki takes note types for other ones and renames them: Test Deck (Q&A)+" in result.stdout
    assert [line.split()[-2] for line in result.stdout.splitlines()[1:3]] == ["0", "3"], (
        "the engine reports these notes as conflicting"
    )


def test_a_correction_with_an_early_time_is_a_warning(packages, tmp_path):
    """There are two builds between two releases. A learner who edits the note between them does not get the first correction."""
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES, "p.png": PIXEL})
    old = package_of(build(deck, tmp_path / "one", NOW))
    write_deck(deck, {"a.md": NOTES.replace("asks for", "begs for")})
    build(deck, tmp_path / "two", NOW + 100)
    write_deck(deck, {"a.md": NOTES.replace("asks for", "begs for").replace("offers", "has")})
    new = package_of(build(deck, tmp_path / "three", NOW + 200))
    result = run("verify", new, "--after", old)
    assert result.returncode == 0, "a warning is not an error"
    assert (
        "warning: over the last one, studied and edited: 1 corrections would not reach" in result.stdout
        and "What is a query?" in result.stdout
    )


def test_changed_schedules_and_a_full_sync_are_found(packages, monkeypatch):
    """No package can do this with the default options of today's Anki. So the method that imports does it."""
    plain = Learner.import_package
    days, answered = itertools.count(100), []

    def import_and_break(self: Learner, package: Path) -> ImportLog:
        answered.append(self._col.db.scalar("select count() from cards where reps > 0"))
        log = plain(self, package)
        self._col.sched.set_due_date(self._col.find_cards("", order="c.nid")[:1], str(next(days)))
        self._col.mod_schema(check=False)
        return log

    monkeypatch.setattr(Learner, "import_package", import_and_break)
    found = run_import_tests(*packages[::-1])
    assert [(len(update.schedules), update.full_sync) for update in found.updates] == [(1, True), (1, True)]
    assert [finding.code for finding in check_import_tests(found)] == ["schedules", "full-sync"]
    assert [count > 0 for count in answered] == [False, False, True, False, True], (
        "both learners have studied the old package"
    )


def test_a_package_that_anki_refuses_is_an_error(packages, tmp_path):
    broken = altered(packages[0], tmp_path / "broken.apkg", MODELS.format('"id": ', '"no": '))
    result = run("verify", broken)
    assert result.returncode == 1
    assert "error: into an empty collection: Anki refuses the package: " in result.stdout
    result = run("verify", packages[0], "--after", broken)
    assert result.returncode == 1 and result.stderr.startswith(f"{broken}: error: Anki refuses the package: ")


def test_a_card_without_a_template_is_an_error(packages, tmp_path):
    """Anki imports such a card, and cannot show it."""
    broken = altered(packages[0], tmp_path / "broken.apkg", "UPDATE cards SET ord = 9 WHERE ord = 1")
    for arguments in ([broken], [packages[0], "--after", broken]):
        result = run("verify", *arguments)
        assert (result.returncode, result.stdout) == (1, "")
        assert re.fullmatch(
            rf"{broken}: error: is damaged: the note \w+ has a card, but its note type has no template for it \[package-damaged\]\n",
            result.stderr,
        ), result.stderr


def test_an_error_of_many_cards_is_reported_once(packages, tmp_path):
    broken = altered(packages[0], tmp_path / "broken.apkg", MODELS.format('"qfmt": "', '"qfmt": "{{Nope}}'))
    found = [
        finding for finding in check_import_tests(run_import_tests(broken, None)) if "Front template" in finding.message
    ]
    assert len(found) == 1 and len(found[0].what) > 2 and not re.search("[<&]", found[0].message), found


@pytest.mark.parametrize("legacy", [True, False])
def test_renamed_stock_note_types_of_an_exported_collection_are_a_warning(tmp_path, legacy):
    """The exported note types have the names of Anki's stock note types, and other ids."""
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy)
    (tmp_path / "p.png").write_bytes(PIXEL)
    with collection(tmp_path / "author") as col:
        note = col.new_note(col.models.by_name("Basic"))
        note["Front"] = "one"
        col.add_note(note, col.decks.id("Theirs"))
        col.add_image_occlusion_notetype()
        col.add_image_occlusion_note(
            notetype_id=col.models.by_name("Image Occlusion")["id"],
            image_path=str(tmp_path / "p.png"),
            header="",
            back_extra="",
            occlusions="{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}",
            tags=[],
        )
        for n, name in enumerate(("old", "new")):
            note["Back"] = name
            col.update_note(note)
            col.db.execute("update notes set mod = ? where id = ?", NOW + n, note.id)
            col.export_anki_package(out_path=str(tmp_path / f"{name}.apkg"), options=options, limit=None)
    result = run("verify", tmp_path / "new.apkg", "--after", tmp_path / "old.apkg")
    assert result.returncode == 0, result.stdout
    assert re.search(
        "warning: into an empty collection: Anki renames note types, .*: Basic\\+, Image Occlusion\\+ \\[notetype-taken\\]\n",
        result.stdout,
    )
    assert (
        "over the last one, studied               0        1          1            0                  0\n"
        in result.stdout
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of Unix")
def test_a_failure_of_the_engine_is_one_line(packages):
    """No file may be larger than 112 KiB: the package can be read, and the engine fails as on a full disk."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (114688, 114688)); from deckgen.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", limit, "verify", packages[0]], capture_output=True, text=True)
    assert result.returncode == 1
    assert re.search(r": error: Anki's engine failed: .+ \(is the disk full\?\) \[engine-failed\]\n$", result.stderr), (
        result.stderr
    )


def test_a_package_of_genanki_has_the_expected_result(tmp_path):
    """genanki makes a guid from the fields, so an edited note is a new note. The diff says the same as the import."""
    model = genanki.Model(
        1607392319,
        "Their Model",
        fields=[{"name": "Q"}, {"name": "A"}],
        templates=[{"name": "Card", "qfmt": "{{Q}}", "afmt": "{{FrontSide}}<hr>{{A}}"}],
    )
    for name, answer in (("one", "Paris"), ("two", "Paris, of course")):
        deck = genanki.Deck(2059400110, "Theirs")
        for fields in (["Capital of France?", answer], ["Capital of Italy?", "Rome"]):
            deck.add_note(genanki.Note(model, fields))
        genanki.Package(deck).write_to_file(tmp_path / f"{name}.apkg", timestamp=NOW)
    result = run("verify", "two.apkg", "--after", "one.apkg", cwd=tmp_path)
    assert result.returncode == 0
    assert (
        "over the last one, studied               1        0          1            0                  0\n"
        in result.stdout
    )


def test_a_package_in_the_current_format_has_no_findings(packages, tmp_path):
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=False, with_media=True, legacy=False)
    with collection(tmp_path / "author") as col:
        import_package(col, packages[1])
        col.export_anki_package(out_path=str(tmp_path / "new.apkg"), options=options, limit=None)
    assert codes(tmp_path / "new.apkg", packages[0]) == []


def test_verify_without_anki_is_an_error_of_one_line(packages):
    """`None` in sys.modules means that a module cannot be imported."""
    script = "import sys; sys.modules['anki'] = None; from deckgen.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", script, "verify", packages[0]], capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == f"anki: error: is not installed ({extra_command('verify')}) [not-installed]\n"
