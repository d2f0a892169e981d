"""Tests a figure on a card: built into a package, imported by Anki's engine, and shown by a browser in both modes."""

import numpy as np
import pytest
from browser import require_browser
from decks import build, package_of, write_deck
from photo import sides_of
from PIL import Image

from deckgen.figures.contrast import LIGHT, NIGHT, night_colours
from deckgen.figures.style import BLUE, ORANGE

BARS = """
from matplotlib.figure import Figure
from deckgen.figures import figure
from deckgen.figures.plots import bars


@figure(alt="one and two")
def two() -> Figure:
    return bars(["a", "b"], {"一": [1, 2], "二": [2, 1]})


@two.check
def _():
    pass
"""
NOTE = "# Deck\n\n## Which?\n\n![](figure:two)\n\n![a photograph](photo.png)\n"


def colour(written: str) -> np.ndarray:
    return np.array([int(written[at : at + 2], 16) for at in (1, 3, 5)]) / 255


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, np.ndarray]:
    """The back of the card at phone width, by whether it is night: pixels in [0, 1], shape (height, width, 3)."""
    require_browser()
    home = tmp_path_factory.mktemp("card")
    Image.new("RGB", (200, 100), BLUE).save(home / "photo.png")
    deck = write_deck(
        home / "deck", {"a.md": NOTE, "figures/two.py": BARS, "photo.png": (home / "photo.png").read_bytes()}
    )
    with sides_of(package_of(build(deck, home / "out", 1_700_000_000)), home / "learner") as sides:
        [back] = [side for side in sides if side.side == "back"]
        return {night: np.asarray(Image.open(back.photo(home, night)).convert("RGB")) / 255 for night in (False, True)}


@pytest.mark.parametrize("night", [False, True], ids=["light", "night"])
def test_the_night_filter_changes_a_figure_but_no_photograph(photos, night: bool) -> None:
    shot = photos[night]
    assert shot.shape[1] == 2 * 390

    def share(wanted: np.ndarray) -> float:
        return float((np.abs(shot - wanted).max(axis=-1) < 0.012).mean())

    paper, bars = (
        (NIGHT, [night_colours(colour(BLUE)), night_colours(colour(ORANGE))])
        if night
        else (LIGHT, [colour(BLUE), colour(ORANGE)])
    )
    assert share(paper) > 0.4
    assert all(share(bar) > 0.02 for bar in bars), [share(bar) for bar in bars]
    # What is left in the blue of the day at night is the photograph: 200 by 100 pixels, twice as fine in the picture.
    if night:
        assert share(colour(BLUE)) * shot.shape[0] * shot.shape[1] == pytest.approx(400 * 200, rel=0.02)
