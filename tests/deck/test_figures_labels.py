"""Figures with labels in several languages: each language has all labels, and an unknown one is an error."""

import ast
from concurrent.futures import Executor
from pathlib import Path

import pytest

from deckgen.figures import Figures
from deckgen.problems import FigureError

DECK = Path(__file__).parents[2] / "notes" / "figures"


def tables() -> dict[str, dict[str, ast.expr]]:
    """For each figure's file that has LABELS, the expression of each language."""
    found = {}
    for path in sorted(DECK.glob("*.py")):
        for line in ast.parse(path.read_text("utf-8")).body:
            if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "LABELS":
                assert isinstance(line.value, ast.Dict)
                found[path.stem] = {
                    ast.literal_eval(key): value for key, value in zip(line.value.keys, line.value.values, strict=True)
                }
    return found


def names(labels: ast.expr) -> list[str]:
    return [ast.unparse(key) for key in labels.keys] if isinstance(labels, ast.Dict) else []


def texts(labels: ast.expr) -> list[str]:
    return [node.value for node in ast.walk(labels) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def is_chinese(text: str) -> bool:
    return any("\u3000" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in text)


def test_some_figures_have_labels():
    assert {"bpe_merges", "zero_memory"} <= {*tables()}


@pytest.mark.parametrize("figure", tables())
def test_each_language_has_all_labels(figure: str):
    labels = tables()[figure]
    assert {*labels} == {"zh", "en"}
    assert sorted(names(labels["zh"])) == sorted(names(labels["en"]))
    assert [text for text in texts(labels["en"]) if is_chinese(text)] == []


def test_an_unknown_language_is_an_error(tmp_path: Path, workers: Executor):
    figures = Figures(DECK, tmp_path)
    request = figures.request("figure:unigram_lattice?lang=fr")
    error = figures.compute([request], workers)[request]
    assert isinstance(error, FigureError) and "ValueError: lang = 'fr'" in str(error)
