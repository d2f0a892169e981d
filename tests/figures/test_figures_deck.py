"""The deck's own figures: they compute, fit the phone, and their checks would notice a wrong picture."""

from concurrent.futures import Executor
from importlib import import_module
from itertools import combinations
from pathlib import Path
from shutil import copytree

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from deckgen.figures import Figures
from deckgen.figures.discover import discover
from deckgen.figures.draw import house_style
from deckgen.figures.sources import Sources
from deckgen.figures.importing import importable
from deckgen.model import Media
from deckgen.problems import FigureError

DECK = Path(__file__).parents[2] / "notes" / "figures"
NAMES = sorted(discover(Sources(DECK)))
assert {"positional_encoding", "softmax_scaling"} <= {*NAMES}

VARIANTS = [
    *(f"figure:{name}" for name in NAMES),
    "figure:positional_encoding?d=8&n=12",
    "figure:positional_encoding?d=128&n=100",
    "figure:softmax_scaling?d_k=4",
    "figure:softmax_scaling?n=2",
    "figure:softmax_scaling?d_k=64&n=32",
]


@pytest.mark.parametrize("ref", VARIANTS)
def test_a_figure_computes_within_the_budget(ref: str, tmp_path: Path, workers: Executor) -> None:
    figures = Figures(DECK, tmp_path)
    request = figures.request(ref)
    media = figures.compute([request], workers)[request]
    assert isinstance(media, Media), media
    assert media.path.stat().st_size <= 40 * 1024


def labels_out_of_view(drawing: Figure) -> set[Text]:
    """Tick labels that matplotlib keeps but does not draw."""
    return {
        label
        for axes in drawing.axes for axis in (axes.xaxis, axes.yaxis) for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
        for label in (tick.label1, tick.label2)
    }


@pytest.mark.parametrize("ref", VARIANTS)
def test_text_is_large_enough_inside_the_picture_and_apart(ref: str) -> None:
    sources = Sources(DECK)
    request = Figures(DECK, DECK).request(ref)
    module = discover(sources)[request.name].module
    with importable(sources.closure(module)), house_style():
        drawing = getattr(import_module(module), request.name)(**dict(request.parameters))
        canvas = FigureCanvasAgg(drawing)
        canvas.draw()
        hidden = labels_out_of_view(drawing)
        texts = [text for text in drawing.findobj(Text) if text.get_visible() and text.get_text() and text not in hidden]
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    assert min(text.get_fontsize() for text in texts) >= 8.5
    width, height = canvas.get_width_height()
    assert not [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]
    assert not [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.overlaps(b)]
    assert 2.6 <= drawing.get_figheight() <= 4.6


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("figure:positional_encoding?d=7", "d = 7: sine and cosine come in pairs"),
        ("figure:softmax_scaling?n=1", "needs at least one dimension and two keys"),
        ("figure:softmax_scaling?d_k=0", "needs at least one dimension and two keys"),
    ],
)
def test_parameters_without_a_picture_say_why(ref: str, message: str, tmp_path: Path, workers: Executor) -> None:
    figures = Figures(DECK, tmp_path)
    request = figures.request(ref)
    error = figures.compute([request], workers)[request]
    assert isinstance(error, FigureError) and message in str(error)


@pytest.mark.parametrize(
    ("figure", "file", "old", "new", "numbers"),
    [
        ("positional_encoding", "models/positions.py", "10000.0 **", "1000.0 **", "PE[1, 2] is 0.72"),
        ("positional_encoding", "models/positions.py", "np.sin(angles), np.cos", "np.cos(angles), np.sin", "PE[0, 0] is 1.0"),
        ("positional_encoding", "models/positions.py", "[-s, c]]", "[s, c]]", "differs from R_1 PE(p) by "),
        ("softmax_scaling", "models/attention.py", "powers / powers.sum", "powers / powers.max", "sum to 1 ± "),
        ("softmax_scaling", "models/attention.py", "@ random.standard_normal(d_k)", "@ random.random(d_k)", "is 0.3"),
        ("softmax_scaling", "models/attention.py", "-(weights * np.log(", "-(weights * np.log2(", "entropy at d_k = 1"),
        ("softmax_scaling", "softmax_scaling.py", "(logits, logits / np.sqrt(d_k))", "(logits, logits / d_k)", "scale 1"),
    ],
)
def test_a_check_notices_a_wrong_model(
    figure: str, file: str, old: str, new: str, numbers: str, tmp_path: Path, workers: Executor
) -> None:
    copy = copytree(DECK, tmp_path / "figures")
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), "utf-8")
    figures = Figures(copy, tmp_path / "cache")
    request = figures.request(f"figure:{figure}")
    error = figures.compute([request], workers)[request]
    assert isinstance(error, FigureError) and error.code == "figure-check"
    assert numbers in str(error).splitlines()[0]
