"""Every example of docs/figures.md is run: code blocks become files, references become pictures."""

import re
from concurrent.futures import Executor
from pathlib import Path

import pytest

from deckgen.figures import Figures, style
from deckgen.model import Media

PAGE = (Path(__file__).parents[2] / "docs" / "figures.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
CODE = [text for language, text in BLOCKS if language == "python"]
REFS = re.findall(r"!\[\]\((figure:\S+?)[ )]", "".join(text for language, text in BLOCKS if language == "markdown"))
assert len(CODE) == 4 and len(REFS) == 3


@pytest.fixture
def figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Figures:
    monkeypatch.chdir(tmp_path)
    for text in CODE:
        path = Path("notes", text.splitlines()[0].removeprefix("# "))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Figures(Path("notes/figures"), tmp_path / "cache")


def test_the_examples_compute(figures: Figures, workers: Executor) -> None:
    requests = [figures.request(ref) for ref in [*REFS, "figure:rectifier"]]
    answers = figures.compute(requests, workers)
    assert len(answers) == 4
    assert all(isinstance(each, Media) for each in answers.values()), answers


def test_a_failure_looks_as_shown(figures: Figures, workers: Executor) -> None:
    [shown] = [text for language, text in BLOCKS if language == "text"]
    request = figures.request("figure:logistic_curve?points=-1")
    error = str(figures.compute([request], workers)[request])
    assert [line for line in error.splitlines() if "^" not in line] == shown.splitlines()


def test_the_names_of_the_style_are_all_there() -> None:
    table = PAGE[PAGE.index("| name |") :]
    names = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)", row)]
    assert len(names) == 14
    assert not [name for name in names if not hasattr(style, name)]
