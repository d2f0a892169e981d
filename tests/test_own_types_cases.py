"""Declarations that Anki would refuse: each case is a folder of a note type with the problems that it must give in `expected`."""

import shutil
from pathlib import Path

import pytest

from deckgen.notetypes.deck import deck_types
from deckgen.problems import DeckError

CASES = sorted(path for path in (Path(__file__).parent / "cases" / "notetypes").iterdir() if path.is_dir())
assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case, tmp_path, monkeypatch):
    shutil.copytree(case, tmp_path / "types" / "word")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DeckError) as error:
        deck_types(Path("."), False)
    assert list(map(str, error.value.problems)) == (case / "expected").read_text().splitlines()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Word", "is made of a-z"),
        ("cloze", "of deckgen's own"),
        ("typed", "of deckgen's own"),
        ("empty", "has no type.toml"),
    ],
)
def test_folders(name, told, tmp_path):
    (tmp_path / "types" / name).mkdir(parents=True)
    with pytest.raises(DeckError, match=told):
        deck_types(tmp_path, False)


def test_two_types_of_one_name(tmp_path):
    source = (CASES[0].parent / "templates-alike").resolve()
    for name in ("a", "b"):
        shutil.copytree(source, tmp_path / "types" / name)
        text = (source / "type.toml").read_text()
        (tmp_path / "types" / name / "type.toml").write_text(text[: text.rindex("[[template]]")])
    with pytest.raises(DeckError, match="the note type a has the name Word"):
        deck_types(tmp_path, False)
