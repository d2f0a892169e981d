"""Tests the deck's figures in English: they are computed, and a language without labels is an error."""

from concurrent.futures import Executor
from pathlib import Path

import pytest
from PIL import Image

from deckgen.figures import Figures
from deckgen.figures.discover import discover
from deckgen.figures.sources import Sources
from deckgen.figures.style import DPI
from deckgen.model import Media
from deckgen.problems import FigureError

pytestmark = pytest.mark.proof  # These tests draw every figure.
DECK = Path(__file__).parents[2] / "notes" / "figures"

NAMES = sorted(
    name for name, each in discover(Sources(DECK)).items() if "lang" in {one.name for one in each.parameters}
)
assert {"encoder_block", "positional_encoding", "softmax_scaling"} <= {*NAMES}


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Media | FigureError]:
    figures = Figures(DECK, tmp_path_factory.mktemp("languages"))
    requests = {(name, lang): figures.request(f"figure:{name}?lang={lang}") for name in NAMES for lang in ("zh", "en")}
    found = figures.compute(requests.values())
    return {key: found[request] for key, request in requests.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_computes_with_english_labels(name: str, computed) -> None:
    media, chinese = computed[name, "en"], computed[name, "zh"]
    assert isinstance(media, Media), media
    assert media.path.read_bytes() != chinese.path.read_bytes()
    assert media.path.stat().st_size <= 40 * 1024
    with Image.open(media.path) as image:
        assert 2.6 <= image.height / DPI <= 4.6


@pytest.mark.parametrize("name", NAMES)
def test_a_language_without_labels_is_an_error(name: str, tmp_path: Path, workers: Executor) -> None:
    figures = Figures(DECK, tmp_path)
    request = figures.request(f"figure:{name}?lang=fr")
    error = figures.compute([request], workers)[request]
    assert isinstance(error, FigureError) and "lang = 'fr'" in str(error)
