"""Tests how references become requests."""

from pathlib import Path

import pytest
from figure_texts import LINE

from deckgen.figures import Figures, Request
from deckgen.problems import FigureError


@pytest.fixture
def figures(folder, tmp_path: Path) -> Figures:
    return Figures(folder(shapes=LINE), tmp_path / "cache")


def test_a_request_has_the_defaults_and_sorted_parameters(figures: Figures) -> None:
    request = figures.request("figure:line")
    assert request.parameters == (("grid", False), ("n", 3), ("slope", 1.0), ("title", "线"))
    assert request.alt == "a line"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("figure:line", "figure:line?n=3"),
        ("figure:line?n=5&slope=2", "figure:line?slope=2.0&n=05"),
        ("figure:line?slope=-0.0", "figure:line?slope=0"),
        ("figure:line?title=%E7%BA%BF", "figure:line?title=线"),
        ("figure:line?slope=1e1", "figure:line?slope=10"),
    ],
)
def test_references_to_the_same_picture_are_equal(figures: Figures, one: str, other: str) -> None:
    assert figures.request(one) == figures.request(other)
    assert hash(figures.request(one)) == hash(figures.request(other))
    assert str(figures.request(one)) == str(figures.request(other))  # what the cache key holds: -0.0 equals 0.0


@pytest.mark.parametrize(
    "ref", ["figure:line?title=a%26b%3Dc+d", "figure:line?grid=true", "figure:line?n=-4", "figure:line?title="]
)
def test_the_canonical_reference_gives_the_same_request(figures: Figures, ref: str) -> None:
    request = figures.request(ref)
    assert request != figures.request("figure:line")
    assert figures.request(request.ref) == request


def test_a_plus_sign_and_an_escaped_ampersand_are_kept(figures: Figures) -> None:
    assert dict(figures.request("figure:line?title=a%26b+c").parameters)["title"] == "a&b+c"


@pytest.mark.parametrize(
    ("ref", "code", "message", "hint"),
    [
        ("line", "figure-reference", "line is not a figure reference", "figure:NAME"),
        ("figure:", "figure-unknown", "there is no figure ", "line"),
        ("figure:lin", "figure-unknown", "there is no figure lin", "did you mean line?"),
        ("figure:xyz", "figure-unknown", "there is no figure xyz", "the deck has line"),
        ("figure:line?n", "figure-reference", "'n' in the figure's parameters", "param=value"),
        ("figure:line?slop=1", "figure-parameter", "has no parameter slop", "did you mean slope?; it takes n: int = 3"),
        ("figure:line?n=1&n=2", "figure-parameter", "is given n twice", "it takes"),
        ("figure:line?n=1.5", "figure-parameter", "takes n as int, not '1.5'", "for example n=3"),
        ("figure:line?n=", "figure-parameter", "takes n as int, not ''", "for example n=3"),
        ("figure:line?slope=nan", "figure-parameter", "takes slope as float, not 'nan'", "slope=1.0"),
        ("figure:line?grid=1", "figure-parameter", "takes grid as bool, not '1'", "true or false"),
    ],
)
def test_a_wrong_reference_is_an_error_with_a_hint(
    figures: Figures, ref: str, code: str, message: str, hint: str
) -> None:
    with pytest.raises(FigureError) as raised:
        figures.request(ref)
    assert raised.value.code == code
    assert message in str(raised.value)
    assert hint in raised.value.hint


def test_without_a_folder_every_figure_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(FigureError) as raised:
        Figures(tmp_path / "none", tmp_path / "cache").request("figure:line")
    assert (raised.value.code, raised.value.hint) == ("figure-unknown", "the deck has no figures")


def test_alt_text_does_not_distinguish_requests() -> None:
    assert Request("line", (), "one") == Request("line", (), "two")
