"""Shows cards with formulas in a browser, as Anki's engine renders them: in light and night mode, as wide as a phone."""

from dataclasses import replace
from pathlib import Path

import pytest
from browser import measure, require_browser
from decks import build, package_of, write_deck
from photo import Side, sides_of

SOURCE = (Path(__file__).parent / "cases" / "representative.md").read_text("utf-8")
NAMES = {
    "fraction",
    "root",
    "softmax",
    "aligned",
    "matrix",
    "limits",
    "text",
    "operator",
    "bold",
    "norm",
    "wide",
    "accents",
}
# Formulas that stay with MathJax if the others are MathML.
LEFT_TO_MATHJAX = {"wide"}
NOW, WIDTH = 1_700_000_000, 390


@pytest.fixture(scope="module", params=["mathjax", "mathml"])
def backs(request, tmp_path_factory) -> tuple[str, dict[str, Side], Path]:
    require_browser()
    folder = tmp_path_factory.mktemp(request.param)
    toml = f'id = "m"\nname = "M"\nslug = "m"\nversion = "1.0.0"\nmath = "{request.param}"\n'
    package = package_of(build(write_deck(folder, {"deck.toml": toml, "a.md": SOURCE}), folder / "out", NOW))
    with sides_of(package, folder / "anki") as sides:
        yield request.param, {side.id: side for side in sides if side.side == "back"}, folder


@pytest.mark.parametrize("night", [False, True], ids=["light", "night"])
def test_formulas_are_shown_without_errors(backs, night):
    math, sides, folder = backs
    assert sides.keys() == NAMES
    static = {name for name, side in sides.items() if "<math" in side.html}
    assert static == (NAMES - LEFT_TO_MATHJAX if math == "mathml" else set())
    # All cards are on one page.
    page = replace(sides["wide"], html="".join(side.html for side in sides.values())).page(folder, night)
    found = measure(page, WIDTH)
    assert found["math_errors"] == 0
    assert found["formulas"] == sum(side.html.count(r"\(") + side.html.count(r"\[") for side in sides.values())
    assert (found["overflowing"], found["clipped"], found["scroll_width"]) == ([], [], WIDTH)
    # Letters of a formula have the colour of the text.
    assert min(c["ratio"] for c in found["contrasts"]) >= 4.5
