"""Tests the figures of the deck: their frozen pictures, some of them computed again, and other parameters."""

from collections.abc import Iterable
from concurrent.futures import Executor
from contextlib import nullcontext
from pathlib import Path

import pytest
from PIL import Image

from deckgen.figures import Figures, Request
from deckgen.figures.style import DPI
from deckgen.figures.survey import recheck
from deckgen.model import Media
from deckgen.pictures import requested_figures
from deckgen.pipeline import check
from deckgen.problems import FigureError

DECK = Path(__file__).parents[2] / "notes" / "figures"
# One figure for each way of drawing, and the two whose bytes differ on other processors.
AGAIN = ["bm25_saturation", "encoder_block", "stack_states", "stretched_rotations"]
VARIANTS = ["figure:positional_encoding?d=8&n=12", "figure:softmax_scaling?n=2"]
# Only the proofs compute these.
MORE = ["figure:positional_encoding?d=128&n=100", "figure:softmax_scaling?d_k=4", "figure:softmax_scaling?d_k=64&n=32"]
WITHOUT_PICTURE = {
    "figure:positional_encoding?d=7": "d = 7: sine and cosine come in pairs",
    "figure:softmax_scaling?n=1": "needs at least one dimension and two keys",
    "figure:softmax_scaling?d_k=0": "needs at least one dimension and two keys",
}


def compute(refs: Iterable[str], frozen: Path, workers: Executor) -> dict[str, Media | FigureError]:
    figures = Figures(DECK, frozen)
    requests = {ref: figures.request(ref) for ref in refs}
    found = figures.compute(requests.values(), workers)
    return {ref: found[request] for ref, request in requests.items()}


def assert_within_the_budget(media: Media | FigureError) -> None:
    assert isinstance(media, Media), media
    assert media.path.stat().st_size <= 40 * 1024, media.path
    with Image.open(media.path) as image:
        assert 2.6 <= image.height / DPI <= 4.6, media.path


def test_every_picture_of_the_notes_is_frozen_and_within_the_budget() -> None:
    notes = [rendered.note for rendered in check([DECK.parent], lambda what, done, total: None).notes]
    figures = Figures(DECK, execute=False)
    used = {request for request in requested_figures(figures, notes).values() if isinstance(request, Request)}
    assert len(used) >= 40 and figures.unused(used) == {}
    for found in figures.compute(used).values():
        assert_within_the_budget(found)


def test_some_figures_match_their_frozen_pictures(workers: Executor) -> None:
    """`make check-figures` computes all of them."""
    figures = Figures(DECK, workers=lambda: nullcontext(workers))
    found = recheck(figures, [(f"figure:{name}", f"{name}:1") for name in AGAIN], others=False)
    assert found.problems == () and [row.request.name for row in found.rows] == AGAIN


def test_other_parameters_compute_within_the_budget(tmp_path: Path, workers: Executor) -> None:
    for media in compute(VARIANTS, tmp_path, workers).values():
        assert_within_the_budget(media)


@pytest.mark.proof
def test_more_parameters_compute_within_the_budget(tmp_path: Path, workers: Executor) -> None:
    for media in compute(MORE, tmp_path, workers).values():
        assert_within_the_budget(media)


def test_parameters_without_a_picture_report_the_reason(tmp_path: Path, workers: Executor) -> None:
    computed = compute(WITHOUT_PICTURE, tmp_path, workers)
    for ref, message in WITHOUT_PICTURE.items():
        assert isinstance(computed[ref], FigureError) and message in str(computed[ref])
