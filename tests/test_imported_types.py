"""Notes of imported types: which text fills which field, and what is wrong in a declaration or a note."""

import json
import shutil
from pathlib import Path

import pytest
from decks import DECK_TOML, run, write_deck

from deckgen.package.read import read_package

CASE = Path(__file__).parent / "cases" / "imported"
TYPE = (CASE / "types" / "word" / "type.toml").read_text("utf-8")


def test_texts_fill_the_fields_of_their_labels(tmp_path):
    shutil.copytree(CASE, tmp_path / "deck")
    result = run("build", "deck", "--out", "out", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    package = read_package(next((tmp_path / "out").glob("*.apkg")))
    assert {note.fields[0]: note.fields[1:] for note in package.notes} == {
        key: tuple(value) for key, value in json.loads((CASE / "expected.json").read_text("utf-8")).items()
    }
    (notetype,) = package.notetypes
    assert (notetype.name, notetype.sort_field, notetype.css) == ("Word: “imported”", 1, "")
    assert notetype.latex_pre == "\\begin{document}"
    assert (notetype.fields[0].font, notetype.fields[0].size, notetype.fields[0].rtl) == ("Arial", 20, True)
    assert notetype.templates[0].browser_front == "{{Word}}"


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (
            "## a {.word}\n\n**Meaning:** b\n\n**Meaning:** c\n",
            "a.md:5:1: error: the note has another text for the field Meaning",
        ),
        ("## a {.word}\n\nb\n\n**Meaning:** c\n", "a.md:3:1: error: no field takes this text"),
    ],
)
def test_a_text_that_no_field_takes_is_an_error(note, message, tmp_path):
    shutil.copytree(CASE / "types", tmp_path / "types")
    write_deck(tmp_path, {"deck.toml": DECK_TOML + 'dialect = "fields"\n', "a.md": note})
    result = run("build", "--out", "out", cwd=tmp_path)
    assert (result.returncode, result.stderr.startswith(message)) == (1, True), result.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("imported = true", "imported = 1", "type.toml:1:1: error: imported is neither true nor false"),
        ('sort = "Meaning"', 'sort = "No"', "type.toml:3:1: error: there is no field 'No'"),
        ('sort = "Meaning"', "extra = 1", "type.toml:3:1: error: unknown key extra"),
        ('name = "Word"', 'name = "Meaning"', "error: a note type needs fields, each with a name of its own"),
        ('"front.html"', '"../x.html"', "error: front does not name a file in this folder"),
        ("size = 20", "size = [20]", "type.toml:8:1: error: anki is not a table with texts, numbers, true and false"),
        ('name = "Word: “imported”"', "name = 7", "type.toml:2:1: error: name must be a text, and not empty"),
    ],
)
def test_a_wrong_declaration_is_an_error(old, new, message, tmp_path):
    shutil.copytree(CASE, tmp_path / "deck")
    assert old in TYPE
    (tmp_path / "deck" / "types" / "word" / "type.toml").write_text(TYPE.replace(old, new, 1), "utf-8")
    result = run("build", "deck", "--out", "out", cwd=tmp_path)
    assert (result.returncode, message in result.stderr) == (1, True), result.stderr
