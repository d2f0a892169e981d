"""The deck's own figures: their frozen pictures, what else can be asked of them, and that their checks notice a wrong picture."""

from concurrent.futures import Executor
from contextlib import nullcontext
from pathlib import Path

import pytest
from mutated import DECK, refusal
from PIL import Image

from deckgen.figures import Figures, Request
from deckgen.figures.style import DPI
from deckgen.figures.survey import recheck
from deckgen.model import Media
from deckgen.pictures import requested
from deckgen.pipeline import check
from deckgen.problems import FigureError

# Of each way to draw one, and the two that come out with other bytes on other processors.
AGAIN = ["bm25_saturation", "encoder_block", "stack_states", "stretched_rotations"]
VARIANTS = [
    "figure:positional_encoding?d=8&n=12",
    "figure:positional_encoding?d=128&n=100",
    "figure:softmax_scaling?d_k=4",
    "figure:softmax_scaling?n=2",
    "figure:softmax_scaling?d_k=64&n=32",
]


def test_every_picture_of_the_notes_is_frozen_and_within_the_budget() -> None:
    notes = [rendered.note for rendered in check([DECK.parent], lambda what, done, total: None).notes]
    figures = Figures(DECK, execute=False)
    used = {request for request in requested(figures, notes).values() if isinstance(request, Request)}
    assert len(used) >= 40 and figures.unused(used) == {}
    for request, found in figures.compute(used).items():
        assert isinstance(found, Media), found
        require_within_budget(found.path)


def test_some_come_out_like_their_frozen_pictures(workers: Executor) -> None:
    """`make check-figures` computes all of them."""
    figures = Figures(DECK, workers=lambda: nullcontext(workers))
    found = recheck(figures, [(f"figure:{name}", f"{name}:1") for name in AGAIN], others=False)
    assert found.problems == () and [row.request.name for row in found.rows] == AGAIN


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Media | FigureError]:
    figures = Figures(DECK, tmp_path_factory.mktemp("frozen"))
    requests = {ref: figures.request(ref) for ref in VARIANTS}
    found = figures.compute(requests.values())
    return {ref: found[request] for ref, request in requests.items()}


@pytest.mark.parametrize("ref", VARIANTS)
def test_other_parameters_give_a_picture_too(ref: str, computed) -> None:
    assert isinstance(computed[ref], Media), computed[ref]
    require_within_budget(computed[ref].path)


def require_within_budget(path: Path) -> None:
    assert path.stat().st_size <= 40 * 1024, path
    with Image.open(path) as image:
        assert 2.6 <= image.height / DPI <= 4.6, path


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
