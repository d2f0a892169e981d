"""Runs every example of docs/figures.md: code blocks become files, references become pictures."""

import re
from concurrent.futures import Executor
from inspect import signature
from pathlib import Path

import pytest

from deckgen.figures import Figures, plots, style
from deckgen.model import Media, Text
from deckgen.render import figure_references

PAGE = (Path(__file__).parents[2] / "docs" / "figures.md").read_text("utf-8")
BLOCKS = [found[1:] for found in re.findall(r"^(`{3,4})(\w+)\n(.*?)^\1$", PAGE, re.DOTALL | re.MULTILINE)]
CODE = [text for language, text in BLOCKS if language == "python"]
NOTES = [text for language, text in BLOCKS if language == "markdown"]
[TABLE] = [text for language, text in BLOCKS if language == "csv"]
assert len(CODE) == 6 and len(NOTES) == 3


@pytest.fixture
def figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Figures:
    monkeypatch.chdir(tmp_path)
    for text in CODE:
        path = Path("notes", text.splitlines()[0].removeprefix("# "))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    Path("notes/figures/tables").mkdir()
    Path("notes/figures/tables/sizes.csv").write_text(TABLE)
    return Figures(Path("notes/figures"), tmp_path / "cache")


def test_the_examples_are_computed(figures: Figures, workers: Executor) -> None:
    refs = [ref for note in NOTES for ref in figure_references(Text(note, 1))]
    assert len(refs) == 4
    answers = figures.compute([*figures.declared, *map(figures.request, refs)], workers)
    assert len(answers) == 7  # one of the references is the default
    assert all(isinstance(each, Media) for each in answers.values()), answers


def test_a_failure_is_shown_as_in_the_docs(figures: Figures, workers: Executor) -> None:
    [shown] = [text for language, text in BLOCKS if language == "text"]
    request = figures.request("figure:logistic_curve?points=-1")
    error = str(figures.compute([request], workers)[request])
    assert [line for line in error.splitlines() if "^" not in line] == shown.splitlines()


def test_all_names_of_the_style_exist() -> None:
    table = PAGE[PAGE.index("| name |") : PAGE.index("The font has the characters")]
    names = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)", row)]
    assert len(names) == 15
    assert not [name for name in names if not hasattr(style, name)]


def test_all_plots_are_documented() -> None:
    table = PAGE[PAGE.index("| function |") : PAGE.index("All take a `title`")]
    names = re.findall(r"^\| `(\w+)\(", table, re.MULTILINE)
    assert sorted(names) == sorted(plots.__all__)
    assert all("title" in signature(getattr(plots, name)).parameters for name in names)
