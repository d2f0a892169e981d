"""The deck's own figures: they compute, which holds them to the rules for pictures."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

from deckgen.figures import Figures
from deckgen.figures.discover import discover
from deckgen.figures.sources import Sources
from deckgen.figures.style import DPI
from deckgen.model import Media
from deckgen.problems import FigureError

DECK = Path(__file__).parents[2] / "notes" / "figures"
NAMES = sorted(discover(Sources(DECK)))
assert {"encoder_block", "positional_encoding", "softmax_scaling"} <= {*NAMES}

VARIANTS = [*(f"figure:{name}" for name in NAMES), "figure:positional_encoding?d=8&n=12", "figure:softmax_scaling?n=2"]
# Computed by the proofs alone.
MORE = ["figure:positional_encoding?d=128&n=100", "figure:softmax_scaling?d_k=4", "figure:softmax_scaling?d_k=64&n=32"]
WITHOUT_PICTURE = {
    "figure:positional_encoding?d=7": "d = 7: sine and cosine come in pairs",
    "figure:softmax_scaling?n=1": "needs at least one dimension and two keys",
    "figure:softmax_scaling?d_k=0": "needs at least one dimension and two keys",
}
Found = dict[str, Media | FigureError]


def compute(refs: Iterable[str], pictures: Path) -> Found:
    figures = Figures(DECK, pictures)
    requests = {ref: figures.request(ref) for ref in refs}
    found = figures.compute(requests.values())
    return {ref: found[request] for ref, request in requests.items()}


@pytest.fixture(scope="module")
def computed(deck_pictures: Path, one_at_a_time) -> Found:
    """All at once, so that workers start once."""
    with one_at_a_time():
        return compute([*VARIANTS, *WITHOUT_PICTURE], deck_pictures)


def assert_within_the_budget(media: Media | FigureError) -> None:
    assert isinstance(media, Media), media
    assert media.path.stat().st_size <= 40 * 1024
    with Image.open(media.path) as image:
        assert 2.6 <= image.height / DPI <= 4.6


@pytest.mark.parametrize("ref", VARIANTS)
def test_a_figure_computes_within_the_budget(ref: str, computed: Found) -> None:
    assert_within_the_budget(computed[ref])


@pytest.mark.proof
def test_more_parameters_compute_within_the_budget(tmp_path: Path) -> None:
    for media in compute(MORE, tmp_path).values():
        assert_within_the_budget(media)


@pytest.mark.parametrize(("ref", "message"), WITHOUT_PICTURE.items())
def test_parameters_without_a_picture_say_why(ref: str, message: str, computed: Found) -> None:
    assert isinstance(computed[ref], FigureError) and message in str(computed[ref])
