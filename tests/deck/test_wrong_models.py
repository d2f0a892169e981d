"""The checks of the deck's figures refuse wrong models: each figure's check is run against the wrong variants of its row."""

import inspect
import sys
from importlib import import_module
from pathlib import Path

import pytest
from wrong_models import WRONG, Wrong

from deckgen.figures.declare import DeclaredFigure
from deckgen.figures.discover import discover
from deckgen.figures.sources import Sources

FIGURES = Path(__file__).parents[2] / "notes" / "figures"


def modules() -> list:
    """The modules of figures and models that are loaded."""
    return [
        module
        for module in list(sys.modules.values())
        if Path(getattr(module, "__file__", None) or "/").is_relative_to(FIGURES)
    ]


def forget() -> None:
    """Empty the caches of figures and models: what they hold was computed by another model."""
    for module in modules():
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def check(figure: str) -> None:
    """Run the checks of a figure with its defaults."""
    declared: DeclaredFigure = getattr(import_module(figure), figure)
    defaults = {name: parameter.default for name, parameter in inspect.signature(declared.draw).parameters.items()}
    forget()
    try:
        for function in declared.checks:
            function(**defaults)
    finally:
        forget()


def replace(wrong: Wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the wrong one in the place of the right one, also where modules have imported it by name."""
    module, *inside, name = wrong.place.split(".")
    owner = import_module(module if module == wrong.figure else f"models.{module}")
    for part in inside:
        owner = getattr(owner, part)
    right = getattr(owner, name)
    variant = wrong.variant(right)
    for each in (owner, *modules()):
        if vars(each).get(name) is right:
            monkeypatch.setattr(each, name, variant)


def test_each_figure_has_wrong_models():
    assert {wrong.figure for wrong in WRONG} == set(discover(Sources(FIGURES)))


# The first wrong model of each figure; the others are proofs.
FIRST = {wrong.figure: wrong for wrong in reversed(WRONG)}
CASES = [
    pytest.param(
        wrong, id=f"{wrong.figure}-{wrong.what}", marks=[] if wrong is FIRST[wrong.figure] else pytest.mark.proof
    )
    for wrong in WRONG
]


@pytest.mark.parametrize(
    "figure", [pytest.param(name, marks=[] if name.startswith("p") else pytest.mark.proof) for name in FIRST]
)
def test_the_right_model_is_accepted(figure):
    check(figure)


@pytest.mark.parametrize("wrong", CASES)
def test_a_wrong_model_is_refused(wrong, monkeypatch):
    import_module(wrong.figure)
    replace(wrong, monkeypatch)
    # The check tells what is wrong; any other error would be one of this test.
    with pytest.raises(AssertionError):
        check(wrong.figure)
