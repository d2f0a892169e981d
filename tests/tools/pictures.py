"""Photograph cards of the deck in notes/ for the README: `pictures.py OUT`. Built, imported and rendered for real."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from decks import build, package_of  # noqa: E402
from photo import row, sides_of  # noqa: E402

NOTES = Path(__file__).parents[2] / "notes"
# A picture a row: its name, and the sides it shows: note, card, side, night.
PICTURES = {
    "question-answer": [("scale-sqrt-dk", 0, "front", False), ("scale-sqrt-dk", 0, "back", False), ("scale-sqrt-dk", 0, "back", True)],
    "figure-code": [("sinusoidal-pe", 0, "back", False), ("sinusoidal-pe", 0, "back", True), ("padding-mask", 0, "back", False)],
    "occlusion": [("encoder-block-parts", 1, "front", False), ("encoder-block-parts", 1, "back", False), ("encoder-block-parts", 4, "back", True)],
    "table-cloze": [("attention-vs-ffn-cost", 0, "back", True), ("per-head-dim", 0, "front", False), ("per-head-dim", 0, "back", True)],
}


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        package = package_of(build(NOTES, folder / "out", 0, "--locked"))
        with sides_of(package, folder / "learner") as sides:
            known = {(s.id, s.number, s.side): s for s in sides}
            for name, shown in PICTURES.items():
                photos = [known[note, card, side].photo(folder, night) for note, card, side, night in shown]
                print(row(photos, out / f"{name}.webp"))


main(Path(sys.argv[1]))
