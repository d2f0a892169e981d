"""Photograph cards of the deck in notes/ for the README: `pictures.py OUT`. Built, imported and rendered for real."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from decks import build, package_of  # noqa: E402
from photo import row, sides_of  # noqa: E402

NOTES = Path(__file__).parents[2] / "notes"
# A picture a row of cards of like height: its name, and of each card the note, its number, and the sides in light and at night.
PICTURES = {
    "formula-cloze": [("scale-sqrt-dk", 0, "back", "back"), ("attention-vs-ffn-cost", 0, "back", "back")],
    "figure-code": [("sinusoidal-pe", 0, "back", "back"), ("padding-mask", 0, "back", "back")],
    "occlusion": [("encoder-block-parts", 1, "front", "back"), ("dpo-derivation", 0, "back", "back")],
    "table-cloze": [("qkv-roles", 0, "back", "back"), ("kv-cache", 0, "back", "back")],
    "tok": [("wordpiece-vs-bpe", 0, "back", "back"), ("per-head-dim", 0, "front", "back")],
}


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        package = package_of(build(NOTES, folder / "out", 0, "--locked"))
        with sides_of(package, folder / "learner") as sides:
            known = {(s.id, s.number, s.side): s for s in sides}
            for name, cards in PICTURES.items():
                photos = [known[note, number, side].photo(folder, night)
                          for note, number, light, dark in cards for side, night in ((light, False), (dark, True))]
                print(row(photos, out / f"{name}.webp"))


main(Path(sys.argv[1]))
