"""deckgen pull into an imported deck: notes with many fields, and notes of its types that were made in Anki."""

import genanki
import pytest
from decks import build, package_of, run
from engine import collection, import_package, schedules, study
from pulling import DAY, NOW, find, save


@pytest.fixture
def folder(tmp_path):
    """A folder with an imported deck `notes`, its build `out`, and a collection `col` in which somebody studied the original."""
    fields = [{"name": name} for name in ("Word", "Meaning", "Example")]
    template = {"name": "Card", "qfmt": "{{Word}}", "afmt": "{{FrontSide}}<hr>{{Meaning}}<br>{{Example}}"}
    model = genanki.Model(1607392319, "Words", fields=fields, templates=[template])
    deck = genanki.Deck(2059400110, "German::Words")
    for values in (
        ["Haus", "house", "<div>Das <b>Haus</b> ist alt.</div><div>Zwei.</div>"],
        ["Baum", "<ul><li>tree</li><li>mast</li></ul>", "Der Baum."],
    ):
        deck.add_note(genanki.Note(model=model, fields=values, tags=["de"]))
    genanki.Package(deck).write_to_file(str(tmp_path / "original.apkg"), timestamp=NOW)
    done = run("import", "original.apkg", "notes", cwd=tmp_path, now=NOW)
    assert done.returncode == 0, done.stderr
    build(tmp_path / "notes", tmp_path / "out", NOW)
    with collection(tmp_path / "col") as col:
        import_package(col, tmp_path / "original.apkg")
        study(col, 1)
    return tmp_path


def pull(folder, *options):
    result = run("pull", "notes", "--from", "col", "--out", "out", *options, cwd=folder, now=NOW + 2 * DAY)
    assert result.returncode == 0, result.stderr
    return result


def next_import(folder) -> tuple[int, int, int]:
    """What the next build does to the collection. The schedules stay."""
    package = package_of(build(folder / "notes", folder / "out", NOW + 3 * DAY))
    with collection(folder / "col") as col:
        before = schedules(col)
        done = import_package(col, package)
        assert schedules(col) == before
        assert done.conflicting == 0
        return done.new, done.updated, done.duplicate


def test_fields_and_tags_of_an_imported_note(folder):
    before = (folder / "notes" / "german-words.md").read_text()
    with collection(folder / "col") as col:
        note = find(col, "Haus")
        note["Example"] = note["Example"].replace("alt", "sehr alt")
        save(col, note)
        note = find(col, "Baum")
        note["Meaning"] = note["Meaning"].replace("mast", "pole")
        note.tags.append("neu")
        save(col, note)
    result = pull(folder)
    assert result.stderr == ""
    after = (folder / "notes" / "german-words.md").read_text()
    assert after.replace("\n**Tags:** neu\n", "") == before.replace("ist alt", "ist sehr alt").replace(
        "- mast", "- pole"
    )
    assert next_import(folder) == (0, 0, 2)


def test_a_new_note_of_an_imported_type(folder):
    with collection(folder / "col") as col:
        note = col.new_note(col.models.by_name("Words"))
        note["Word"], note["Meaning"], note["Example"] = (
            "Hund",
            "<ol><li>dog</li><li>hound</li></ol>",
            "Der <i>Hund</i>.",
        )
        note.tags = ["de"]
        col.add_note(note, col.decks.id("German::Words"))
        col.db.execute("update notes set mod = ? where id = ?", NOW + DAY, note.id)
    result = pull(folder)
    assert "new        notes/from-anki.md:5: Hund" in result.stdout
    assert (
        " .words}\n\n**Tags:** de\n\n**Meaning:**\n\n1. dog\n2. hound\n"
        in (folder / "notes" / "from-anki.md").read_text()
    )
    assert next_import(folder) == (0, 0, 3)
    assert pull(folder).stdout == "col: 3 unedited; written: nothing\n"


def test_a_note_that_is_not_written_makes_no_file(folder):
    with collection(folder / "col") as col:
        note = col.new_note(col.models.by_name("Words"))
        note["Word"] = "Katze\ufffe"
        note["Meaning"] = "**Word:** cat <script>alert(1)</script>"
        col.add_note(note, col.decks.id("German::Words"))
    result = run("pull", "notes", "--from", "col", "--out", "out", "--only", "nothing", cwd=folder, now=NOW + 2 * DAY)
    assert "skipped" in result.stdout
    assert not (folder / "notes" / "from-anki.md").exists()
