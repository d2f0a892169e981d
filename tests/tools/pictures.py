"""Takes screenshots of cards of the deck in notes/ for the README. Usage: pictures.py OUT"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from decks import build, package_of
from photo import row, sides_of

NOTES = Path(__file__).parents[2] / "notes"
# Name of a picture → its cards, of similar height: the note, the number of the card, and the sides in light and night mode.
PICTURES = {
    "formula-figure": [("scale-sqrt-dk", 0, "back", "back"), ("sinusoidal-pe", 0, "back", "back")],
    "occlusion-code": [("encoder-block-parts", 1, "front", "back"), ("padding-mask", 0, "back", "back")],
    "cloze-alignment": [("per-head-dim", 0, "front", "back"), ("grpo", 0, "back", "back")],
    "table-cache": [("complexity-by-layer", 0, "back", "back"), ("gqa", 0, "back", "back")],
    "tokenizer-training": [("unigram-viterbi", 0, "back", "back"), ("parallelism", 0, "back", "back")],
}


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        package = package_of(build(NOTES, folder / "out", 0, "--locked"))
        with sides_of(package, folder / "learner") as sides:
            known = {(s.id, s.number, s.side): s for s in sides}
            for name, cards in PICTURES.items():
                photos = [
                    known[note, number, side].photo(folder, night, scale=1)
                    for note, number, light, dark in cards
                    for side, night in ((light, False), (dark, True))
                ]
                print(row(photos, out / f"{name}.webp"))


main(Path(sys.argv[1]))
