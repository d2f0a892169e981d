"""deckgen pull of texts that have no place in the note file yet: in an imported deck they get a label, or stand on the line of theirs."""

import genanki
import pytest
from decks import build, package_of, run
from engine import collection, import_package, schedules, study
from pulling import DAY, NOW, find, save

from deckgen.package.read import read_package
from deckgen.to_markdown import normal_html

FIELDS = ("Word", "Meaning", "Example", "Remark")
NOTES = [
    ["Haus", "house", "", ""],
    ["Baum", "", "", ""],
    ["Hund", "<ul><li>dog</li></ul>", "", "an animal"],
    ["Katze", "cat", "Die Katze.", ""],
]
LIST = "<ul><li>x</li><li>y</li></ul>"


@pytest.fixture
def folder(tmp_path):
    """A folder with an imported deck `notes`, its build `out`, and a collection `col` in which somebody studied the original."""
    template = {"name": "Card", "qfmt": "{{Word}}", "afmt": "{{FrontSide}}<hr>{{Meaning}}{{Example}}{{Remark}}"}
    model = genanki.Model(1607392319, "Words", fields=[{"name": name} for name in FIELDS], templates=[template])
    deck = genanki.Deck(2059400110, "Words")
    for n, values in enumerate(NOTES):
        deck.add_note(genanki.Note(model=model, fields=values, tags=["a,b", "c"] if n == 3 else [], guid=f"guid{n}"))
    genanki.Package(deck).write_to_file(str(tmp_path / "original.apkg"), timestamp=NOW)
    done = run("import", "original.apkg", "notes", cwd=tmp_path, now=NOW)
    assert done.returncode == 0, done.stderr
    build(tmp_path / "notes", tmp_path / "out", NOW)
    with collection(tmp_path / "col") as col:
        import_package(col, tmp_path / "original.apkg")
        study(col, 1)
    return tmp_path


def edited(folder, word: str, tags: tuple[str, ...] = (), **fields: str) -> str:
    """The note file after an edit in Anki. The next build has these fields and tags, and leaves the editor's collection alone."""
    with collection(folder / "col") as col:
        note = find(col, word)
        for name, html in fields.items():
            note[name] = html
        note.tags += tags
        wanted = ([normal_html(field) for field in note.fields], set(note.tags))
        save(col, note)
        guid = note.guid
    result = run("pull", "notes", "--from", "col", "--out", "out", cwd=folder, now=NOW + 2 * DAY)
    assert (result.returncode, result.stderr) == (0, "")
    package = package_of(build(folder / "notes", folder / "out", NOW + 3 * DAY))
    (found,) = (note for note in read_package(package).notes if note.guid == guid)
    assert ([normal_html(field) for field in found.fields], set(found.tags)) == wanted
    with collection(folder / "col") as col:
        before = schedules(col)
        done = import_package(col, package)
        assert (done.new, done.updated, done.conflicting) == (0, 0, 0)
        assert schedules(col) == before
    return (folder / "notes" / "words.md").read_text()


@pytest.mark.parametrize(
    ("word", "fields", "text"),
    [
        ("Haus", {"Remark": "old"}, "\n## Haus {.words}\n\n**Meaning:** house\n\n**Remark:** old\n\n## "),
        ("Haus", {"Example": LIST}, "\n**Meaning:** house\n\n**Example:**\n\n- x\n- y\n\n## "),
        ("Hund", {"Example": "Der Hund."}, "\n- dog\n\n**Example:** Der Hund.\n\n**Remark:** an animal\n"),
        ("Baum", {"Meaning": "tree"}, "\n## Baum {.words}\n\n**Meaning:** tree\n\n## "),
        ("Baum", {"Meaning": "tree", "Remark": "old"}, "{.words}\n\n**Meaning:** tree\n\n**Remark:** old\n\n## "),
        ("Katze", {"Remark": "old"}, "{.words}\n\n**Tags:** a,b c\n\n**Meaning:** cat\n\n**Example:** Die Katze.\n\n**Remark:** old\n"),
    ],
)  # fmt: skip
def test_a_field_that_was_empty_gets_its_label_in_the_order_of_the_fields(word, fields, text, folder):
    assert text in edited(folder, word, **fields)


def test_a_heading_that_gets_a_second_line_becomes_a_text(folder):
    text = "\n## Katze {.words}\n\n**Tags:** a,b c\n\n**Word:** Katze<br>\n(f.)\n\n**Meaning:** cat\n"
    assert text in edited(folder, "Katze", Word="Katze<br>(f.)")


def test_a_text_above_a_list_stands_on_the_line_of_its_label(folder):
    assert "\n**Meaning:** one of:\n\n- dog\n" in edited(folder, "Hund", Meaning="one of:<ul><li>dog</li></ul>")


def test_a_tag_is_added_to_one_with_a_comma(folder):
    assert "\n**Tags:** a,b c new\n" in edited(folder, "Katze", ("new",))


def test_text_that_looks_like_a_label_stays_text(folder):
    assert "\n**Remark:** a<br>\n\\*\\*Word:\\*\\* b\n" in edited(folder, "Haus", Remark="a<br>**Word:** b")


def test_a_text_that_would_be_read_as_a_label_is_reported(folder):
    before = (folder / "notes" / "words.md").read_bytes()
    with collection(folder / "col") as col:
        note = find(col, "Haus")
        note["Remark"] = "a<br><b>Word:</b> y"
        save(col, note)
    result = run("pull", "notes", "--from", "col", "--out", "out", cwd=folder, now=NOW + 2 * DAY)
    assert "no place for a text of the field Remark" in result.stderr
    assert (folder / "notes" / "words.md").read_bytes() == before
