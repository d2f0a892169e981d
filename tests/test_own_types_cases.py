"""Tests declarations that Anki would refuse. Each case is a folder of a note type. `expected` has its problems."""

import shutil
import tomllib
from pathlib import Path

import pytest
from anki.errors import CardTypeError
from engine import collection

from deckgen.notetypes.deck import deck_types
from deckgen.problems import DeckError

CASES = sorted(path for path in (Path(__file__).parent / "cases" / "notetypes").iterdir() if path.is_dir())
assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_wrong_declaration_gives_the_expected_problems(case, tmp_path, monkeypatch):
    shutil.copytree(case, tmp_path / "types" / "word")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DeckError) as error:
        deck_types(Path("."), False)
    assert list(map(str, error.value.problems)) == (case / "expected").read_text().splitlines()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Word", "is made of a-z"),
        ("cloze", "of deckgen's own"),
        ("typed", "of deckgen's own"),
        ("empty", "has no type.toml"),
    ],
)
def test_a_wrong_folder_is_an_error(name, message, tmp_path):
    (tmp_path / "types" / name).mkdir(parents=True)
    with pytest.raises(DeckError, match=message):
        deck_types(tmp_path, False)


def test_two_types_with_one_name_are_an_error(tmp_path):
    source = (CASES[0].parent / "templates-alike").resolve()
    for name in ("a", "b"):
        shutil.copytree(source, tmp_path / "types" / name)
        text = (source / "type.toml").read_text()
        (tmp_path / "types" / name / "type.toml").write_text(text[: text.rindex("[[template]]")])
    with pytest.raises(DeckError, match="the note type a has the name Word"):
        deck_types(tmp_path, False)


REFUSED = ("closes-nothing", "cloze-without", "templates-alike", "unclosed", "unknown-field")


@pytest.mark.parametrize("name", REFUSED)
def test_the_engine_refuses_the_same_templates(name, tmp_path):
    """The templates are added as Anki's editor adds them."""
    folder = CASES[0].parent / name
    values = tomllib.loads((folder / "type.toml").read_text())
    with collection(tmp_path) as col:
        notetype = col.models.new("Word")
        notetype["type"] = int(values.get("cloze", False))
        for row in values["field"]:
            col.models.add_field(notetype, col.models.new_field(row["name"]))
        for n, row in enumerate(values["template"]):
            template = col.models.new_template(f"{row['name']} {n}")
            template["qfmt"], template["afmt"] = ((folder / row[side]).read_text() for side in ("front", "back"))
            col.models.add_template(notetype, template)
        with pytest.raises(CardTypeError):
            col.models.add_dict(notetype)
