"""Tests the plots of `deckgen.figures.plots`: each keeps the rules of pictures and looks right in a browser."""

from pathlib import Path

import numpy as np
import pytest
from browser import require_browser, screenshot
from decks import kept_workers
from PIL import Image

from deckgen.figures import Figures, plots
from deckgen.figures.contrast import LIGHT, NIGHT, contrasts, night_colours
from deckgen.figures.gallery import gallery_page
from deckgen.figures.layout import LANE_WIDTH, Arrow, assign_lanes, block_rows, compute_layout
from deckgen.figures.style import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, WIDTH
from deckgen.figures.survey import survey
from deckgen.model import Media
from deckgen.notetypes import built_in

PLOTS = Path(__file__).parent / "cases" / "plots"


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory):
    with kept_workers():
        return survey(Figures(PLOTS, tmp_path_factory.mktemp("cache")), [])


def test_each_plot_is_computed_and_below_40_kib(surveyed) -> None:
    text = (PLOTS / "plots.py").read_text("utf-8")
    assert surveyed.problems == ()
    assert all(f"return {name}(" in text for name in plots.__all__)
    assert max(len(row.picture) for row in surveyed.rows) < 40 * 1024


def test_the_boxes_of_a_diagram_are_parts_with_their_names(tmp_path: Path) -> None:
    figures = Figures(PLOTS, tmp_path / "cache")
    [media] = figures.compute([figures.request("figure:encoder")]).values()
    assert isinstance(media, Media)
    parts = media.parts
    assert [each.name for each in parts] == ["x", "mha", "add1", "ffn", "add2"]
    assert all(0.2 < each.width < 0.8 and 0.05 < each.height < 0.2 for each in parts)
    assert [each.top for each in parts] == sorted(each.top for each in parts)


def test_the_gallery_shows_the_colours_of_cards(surveyed, tmp_path: Path) -> None:
    """A browser shows the colours that the contrast check computes, on the page and in the picture."""
    require_browser()
    page = tmp_path / "gallery.html"
    page.write_text(gallery_page([row for row in surveyed.rows if row.request.name == "few_bars"]), "utf-8")
    shot = np.asarray(Image.open(screenshot(page, tmp_path / "gallery.png", 390)).convert("RGB")) / 255
    light, night = shot[: len(shot) // 2], shot[len(shot) // 2 :]
    blue = np.array([int(BLUE[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    for half, paper, bar in ((light, LIGHT, blue), (night, NIGHT, night_colours(blue))):
        assert np.abs(half[4, 4] - paper).max() < 0.005
        share = (np.abs(half - bar).max(axis=-1) < 0.01).mean()
        assert 0.05 < share < 0.5
    assert "http" not in page.read_text("utf-8").replace(built_in()["basic"].css, "")


@pytest.mark.parametrize("colour", [BLUE, ORANGE, GREEN, PURPLE, INK, MUTED])
def test_the_colours_of_the_style_are_readable_in_both_modes(colour: str) -> None:
    rgba = np.array([*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)), 1])
    assert min(contrasts(rgba, np.zeros((1, 4))).values()) >= 4.5


def test_contrast_follows_wcag() -> None:
    black, white = np.array([0, 0, 0, 1.0]), np.array([[1, 1, 1, 1.0]])
    assert contrasts(black, white)["light"] == pytest.approx(21)
    assert contrasts(np.array([0x77 / 255] * 3 + [1]), white)["light"] == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(
    ("plot", "message"),
    [
        (lambda: plots.heat_map([1, 2, 3]), r"shape \(3,\), not \(rows, columns\)"),
        (lambda: plots.heat_map([[1, 2]], columns=["a"]), "1 names for 2 columns"),
        (lambda: plots.heat_map([[1, 2]], rows=["a", "b"]), "2 names for 1 rows"),
        (lambda: plots.matrix(np.zeros((2, 9))), "9 columns of numbers do not fit"),
        (lambda: plots.lines([1], {str(n): [1] for n in range(5)}), "5 series: one to 4"),
        (lambda: plots.bars(["a"], {}), "0 series"),
        (lambda: plots.block_diagram({}, []), "no blocks"),
    ],
)
def test_wrong_values_are_refused(plot, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot()


SIZES = dict.fromkeys("abcd", (0.5, 1))
CHAIN = [Arrow("a", "b"), Arrow("b", "c"), Arrow("c", "d")]


def test_rows_follow_the_arrows() -> None:
    assert block_rows("abcd", CHAIN) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert block_rows("dabc", [Arrow("a", "b"), Arrow("a", "c"), Arrow("c", "d"), Arrow("b", "d")]) == {
        "d": 2,
        "a": 0,
        "b": 1,
        "c": 1,
    }
    with pytest.raises(ValueError, match="run in a circle"):
        block_rows("abcd", [*CHAIN, Arrow("d", "a")])
    with pytest.raises(ValueError, match="'x', which is no block"):
        block_rows("abcd", [Arrow("a", "x")])


def test_arrows_share_a_lane_only_if_their_rows_do_not_overlap() -> None:
    rank, lean = block_rows("abcd", CHAIN), dict.fromkeys("abcd", 0.0)
    one, other, long = Arrow("a", "c"), Arrow("b", "d"), Arrow("a", "d")
    assert assign_lanes([*CHAIN, one, other, long], rank, lean) == {one: -1, other: -2, long: -3}
    assert assign_lanes([*CHAIN, one, other], rank, {**lean, "d": 1.0}) == {one: -1, other: 1}


def test_boxes_are_inside_the_page_and_arrows_end_at_them() -> None:
    arrows = [Arrow("a", "b"), Arrow("a", "c"), Arrow("b", "d"), Arrow("c", "d"), Arrow("a", "d")]
    layout = compute_layout(SIZES, arrows, title=True)
    edges = {
        name: (box.x - box.width / 2, box.x + box.width / 2, box.y - box.height / 2, box.y + box.height / 2)
        for name, box in layout.boxes.items()
    }
    assert all(
        LANE_WIDTH <= left and right <= WIDTH and 0 <= bottom and top <= layout.height
        for left, right, bottom, top in edges.values()
    )
    assert edges["b"][1] < edges["c"][0] and edges["a"][2] > edges["b"][3]
    for arrow, points in layout.routes.items():
        (x, y), (end_x, end_y) = points[0], points[-1]
        assert edges[arrow.start][0] < x < edges[arrow.start][1] and y == pytest.approx(edges[arrow.start][2])
        assert edges[arrow.end][0] < end_x < edges[arrow.end][1] and end_y == pytest.approx(edges[arrow.end][3])


def test_a_row_that_is_too_wide_is_refused() -> None:
    with pytest.raises(ValueError, match="the row a, b, c, d is .* inches too wide"):
        compute_layout(dict.fromkeys("abcd", (1.2, 1)), [], title=False)
