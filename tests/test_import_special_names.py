"""deckgen import of fields called Tags and Deck, which are also labels of every note, and of notes in the deck that each collection has."""

import shutil
from pathlib import Path

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from decks import build, package_of, run
from engine import collection, import_package, schedules, study
from pulling import DAY, NOW, find, save

from deckgen.package.read import read_package

NOTES = [
    # Word, Tags, Deck, Meaning, tags
    ("Haus", "noun", "A1", "house", ["de", "a::b"]),
    ("gehen", "verb", "A1", "to go", []),
    ("grün", "<ul><li>adjective</li></ul>", "", "green", []),
    ("rot", "", "<em>A2</em>", "", ["de"]),
]


def with_notes(col: Collection) -> None:
    notetype = col.models.new("Words")
    for name in ("Word", "Tags", "Deck", "Meaning"):
        col.models.add_field(notetype, col.models.new_field(name))
    template = col.models.new_template("Card")
    template["qfmt"], template["afmt"] = "{{Word}}", "{{FrontSide}}<hr>{{Meaning}}"
    col.models.add_template(notetype, template)
    col.models.add(notetype)
    for n, (*fields, tags) in enumerate(NOTES):
        note = col.new_note(col.models.by_name("Words"))
        note.fields, note.tags = fields, tags
        col.add_note(note, col.decks.id(("Default", "German")[n % 2]))
    col.db.execute("update notes set mod = ?", NOW)


def content(package: Path) -> dict[str, tuple]:
    """First field → all fields and the tags."""
    return {
        note.fields[0]: (*(field.replace("\n", "") for field in note.fields), sorted(note.tags))
        for note in read_package(package).notes
    }


@pytest.fixture
def folder(tmp_path):
    """A folder with a collection `col`, the imported deck `notes`, and its build `out`."""
    with collection(tmp_path / "col") as col:
        with_notes(col)
        study(col, 1)
        options = ExportAnkiPackageOptions(
            with_scheduling=False, with_deck_configs=False, with_media=True, legacy=False
        )
        col.export_anki_package(out_path=str(tmp_path / "original.apkg"), options=options, limit=None)
    done = run("import", "original.apkg", "notes", cwd=tmp_path, now=NOW)
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path


def test_fields_and_tags_with_one_name_stay_apart(folder):
    package = package_of(build(folder / "notes", folder / "out", NOW))
    found = content(package)
    assert found == {fields[0]: (*fields, sorted(tags)) for *fields, tags in NOTES}
    with collection(folder / "col") as col:
        before = schedules(col)
        done = import_package(col, package)
        assert (done.new, done.updated, done.duplicate, done.conflicting) == (0, 0, 4, 0)
        assert schedules(col) == before


def test_new_learners_get_no_second_deck_of_the_same_name(folder):
    package = package_of(build(folder / "notes", folder / "out", NOW))
    for attempt in range(5):  # the engine reads the decks of a package in any order
        with collection(folder / f"new{attempt}") as col:
            assert import_package(col, package).new == 4
            assert sorted(deck.name for deck in col.decks.all_names_and_ids()) == ["Default", "German"]
            assert len(col.find_cards("deck:Default")) == 2


def test_a_renamed_first_deck_gets_the_notes_as_from_the_original(folder):
    package = package_of(build(folder / "notes", folder / "out", NOW))
    for source in (folder / "original.apkg", package):
        with collection(folder / source.stem) as col:
            col.decks.rename(1, "Mine")
            assert import_package(col, source).new == 4
            assert sorted(deck.name for deck in col.decks.all_names_and_ids()) == ["German", "Mine"]
            assert len(col.find_cards("deck:Mine")) == 2


def test_edits_of_both_are_pulled(folder):
    build(folder / "notes", folder / "out", NOW)
    with collection(folder / "col") as col:
        note = find(col, "Haus")
        note["Tags"], note.tags = "noun, neuter", ["de", "house"]
        save(col, note)
        note = find(col, "rot")
        note["Deck"], note.tags = "A1", []
        save(col, note)
        note = find(col, "grün")
        note.tags = ["new"]
        save(col, note)
        note = col.new_note(col.models.by_name("Words"))
        note.fields, note.tags = ["blau", "adjective", "A1", "blue"], []
        col.add_note(note, col.decks.id("German"))
        col.db.execute("update notes set mod = ? where id = ?", NOW + DAY, note.id)
    result = run("pull", "notes", "--from", "col", "--out", "out", cwd=folder, now=NOW + 2 * DAY)
    assert (result.returncode, result.stderr) == (0, "")
    shutil.rmtree(folder / "out")
    package = package_of(build(folder / "notes", folder / "out", NOW + 3 * DAY))
    found = content(package)
    assert found["Haus"] == ("Haus", "noun, neuter", "A1", "house", ["de", "house"])
    assert found["rot"] == ("rot", "", "A1", "", [])
    assert found["grün"] == ("grün", "<ul><li>adjective</li></ul>", "", "green", ["new"])
    assert found["blau"] == ("blau", "adjective", "A1", "blue", [])
    assert not [line for line in (folder / "notes" / "german.md").read_text().splitlines() if line != line.rstrip()]
    with collection(folder / "col") as col:
        done = import_package(col, package)
        assert (done.new, done.updated, done.conflicting) == (0, 0, 0)
