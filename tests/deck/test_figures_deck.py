"""The deck's own figures: they compute, which holds them to the rules of the house, and their checks notice a wrong picture."""

from concurrent.futures import Executor
from pathlib import Path

import pytest
from mutated import DECK, refusal
from PIL import Image

from deckgen.figures import Figures
from deckgen.figures.discover import discover
from deckgen.figures.sources import Sources
from deckgen.figures.style import DPI
from deckgen.model import Media
from deckgen.problems import FigureError

NAMES = sorted(discover(Sources(DECK)))
assert {"encoder_block", "positional_encoding", "softmax_scaling"} <= {*NAMES}

VARIANTS = [
    *(f"figure:{name}" for name in NAMES),
    "figure:positional_encoding?d=8&n=12",
    "figure:positional_encoding?d=128&n=100",
    "figure:softmax_scaling?d_k=4",
    "figure:softmax_scaling?n=2",
    "figure:softmax_scaling?d_k=64&n=32",
]


@pytest.fixture(scope="module")
def computed(deck_pictures: Path) -> dict[str, Media | FigureError]:
    figures = Figures(DECK, deck_pictures)
    requests = {ref: figures.request(ref) for ref in VARIANTS}
    found = figures.compute(requests.values())
    return {ref: found[request] for ref, request in requests.items()}


@pytest.mark.parametrize("ref", VARIANTS)
def test_a_figure_computes_within_the_budget(ref: str, computed) -> None:
    media = computed[ref]
    assert isinstance(media, Media), media
    assert media.path.stat().st_size <= 40 * 1024
    with Image.open(media.path) as image:
        assert 2.6 <= image.height / DPI <= 4.6


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
        ("encoder_block", "models/encoder.py", "centred.std(", "centred.max(", "a row of middle has variance 0."),
        ("encoder_block", "models/encoder.py", "x - x.mean(axis=-1", "x - x.mean(axis=0", "a row of middle has mean "),
        ("encoder_block", "models/encoder.py", "np.hstack(attention @ value)", "np.hstack(attention @ value)[::-1]", "differs by "),
        ("encoder_block", "models/attention.py", "powers / powers.sum", "powers / powers.max", "sum to 1 ± "),
        ("encoder_block", "encoder_block.py", r"$n \times 4d$", r"$n \times d$", "hidden has the shape (5, 48), not "),
        ("softmax_scaling", "models/attention.py", "powers / powers.sum", "powers / powers.max", "sum to 1 ± "),
        ("softmax_scaling", "models/attention.py", "@ random.standard_normal(d_k)", "@ random.random(d_k)", "is 0.3"),
        ("softmax_scaling", "models/attention.py", "-(weights * np.log(", "-(weights * np.log2(", "entropy at d_k = 1"),
        ("softmax_scaling", "softmax_scaling.py", "(logits, logits / np.sqrt(d_k))", "(logits, logits / d_k)", "scale 1"),
    ],
)
def test_a_check_notices_a_wrong_model(
    figure: str, file: str, old: str, new: str, numbers: str, tmp_path: Path, workers: Executor
) -> None:
    assert numbers in str(refusal(figure, file, old, new, tmp_path, workers)).splitlines()[0]
