"""Tests the comparison of pictures: rounding on another processor is accepted, a visible change is not."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from deckgen.figures.compare import compare_pictures
from deckgen.figures.draw import house_style, render_webp
from deckgen.figures.style import BLUE, MUTED, canvas
from deckgen.model import Part

FROZEN = Path(__file__).parents[2] / "notes" / "figures" / "frozen"


def drawn(
    change: Callable[[Figure], None] = lambda drawing: None,
    *,
    colour: str = BLUE,
    shift: float = 0.0,
    width: float = 2.0,
) -> bytes:
    with house_style():
        drawing = canvas(2.6)
        axes = drawing.subplots()
        x = np.linspace(0, 6, 200)
        axes.plot(x, np.sin(x), color=colour, linewidth=width)
        axes.plot(x, np.cos(x) + shift, color=MUTED)
        axes.set(xlabel="x", title="30 layers")
        change(drawing)
        return render_webp(drawing)


def reworded(text: str) -> Callable[[Figure], None]:
    return lambda drawing: drawing.axes[0].set_title(text)


def papered(drawing: Figure) -> None:
    drawing.patch.set_facecolor("white")


# A unit of the axes is some 200 pixels high.
SEEN = {
    "another digit": lambda: drawn(reworded("38 layers")),
    "a letter that is nearly the same": lambda: drawn(reworded("30 Iayers")),
    "a line 3 pixels off": lambda: drawn(shift=0.015),
    "a line that is a tenth wider": lambda: drawn(width=2.2),
    "another colour": lambda: drawn(colour="#2158E0"),
    "paper": lambda: drawn(papered),
    "a line that is gone": lambda: drawn(lambda drawing: drawing.axes[0].lines[1].remove()),
}


@pytest.mark.parametrize("other", SEEN.values(), ids=SEEN)
def test_a_visible_change_is_a_difference(other: Callable[[], bytes]) -> None:
    found = compare_pictures(drawn(), (), other(), ())
    assert not found.alike and "pixels differ" in str(found), found


@pytest.mark.parametrize("shift", [0.0001, 0.0002])
def test_an_edge_moved_by_hundredths_of_a_pixel_is_alike(shift: float) -> None:
    found = compare_pictures(drawn(), (), drawn(shift=shift), ())
    assert found.alike and str(found).startswith("alike: "), found


def encoded(picture: np.ndarray, **options: object) -> bytes:
    out = BytesIO()
    Image.fromarray(picture).save(out, "WEBP", lossless=True, exact=True, **options)
    return out.getvalue()


def test_encoding_and_colours_of_transparent_pixels_do_not_count() -> None:
    picture = np.array(Image.open(BytesIO(drawn())).convert("RGBA"))
    assert str(compare_pictures(drawn(), (), drawn(), ())) == "the same bytes"
    assert str(compare_pictures(encoded(picture), (), encoded(picture, method=0), ())) == "the same pixels"
    hidden = picture.copy()
    hidden[hidden[..., 3] == 0] = [9, 8, 7, 0]
    assert str(compare_pictures(encoded(picture), (), encoded(hidden), ())) == "the same pixels"
    assert str(compare_pictures(encoded(picture), (), encoded(picture[:-1]), ())) == "780 × 506 pixels, not 780 × 507"


BOX = Part("box", None, 0.1, 0.1, 0.2, 0.2)


@pytest.mark.parametrize(("parts", "alike"), [
    ((BOX,), True), ((Part("box", None, 0.102, 0.1, 0.198, 0.2),), True), ((Part("box", None, 0.11, 0.1, 0.2, 0.2),), False),
    ((Part("other", None, 0.1, 0.1, 0.2, 0.2),), False), ((Part("box", "group", 0.1, 0.1, 0.2, 0.2),), False), ((), False), ((BOX, BOX), False),
])  # fmt: skip
def test_parts_are_compared_by_name_group_and_place(parts: tuple[Part, ...], alike: bool) -> None:
    picture = drawn()
    assert compare_pictures(picture, (BOX,), picture, parts).alike is alike
