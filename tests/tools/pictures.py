"""Takes screenshots of cards of both decks, and of the page with all cards, for the README. Usage: pictures.py OUT"""

import base64
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser import browser
from decks import build, package_of
from photo import row, sides_of

from deckgen.preview.site import write_site

NOTES = Path(__file__).parents[2] / "notes"
# Folder of a deck → the end of the names of its pictures.
DECKS = {NOTES / "en": "", NOTES: "-zh"}
# Name of a picture → its cards, of similar height: the note, the number of the card, and the sides in light and night mode.
PICTURES = {
    "formula-figure": [("scale-sqrt-dk", 0, "back", "back"), ("sinusoidal-pe", 0, "back", "back")],
    "occlusion-code": [("encoder-block-parts", 1, "front", "back"), ("padding-mask", 0, "back", "back")],
    "cloze-alignment": [("per-head-dim", 0, "front", "back"), ("grpo", 0, "back", "back")],
    "table-cache": [("complexity-by-layer", 0, "back", "back"), ("gqa", 0, "back", "back")],
    "tokenizer-training": [("unigram-viterbi", 0, "back", "back"), ("parallelism", 0, "back", "back")],
}


# The page on a desktop by day and on a phone at night: width and height in pixels, and a script that prepares it.
PAGES = [(1180, 760, "state.both = true"), (390, 760, "state.side = 'back', state.night = true")]
SHOWN = "#/sinusoidal-pe"
WAIT = "new Promise(done => setTimeout(done, 1500))"


def main(out: Path) -> None:
    for deck, ending in DECKS.items():
        photograph(deck, out, ending)
    photograph_page(NOTES / "en", out / "preview.webp")


def photograph_page(deck: Path, out: Path) -> None:
    """Write one picture with the page of a deck at all sizes of PAGES."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        write_site(deck, folder / "site", package_of(build(deck, folder / "out", 0, "--locked")))
        photos = []
        for width, height, prepare in PAGES:
            with browser().page((folder / "site" / "index.html").as_uri() + SHOWN, width) as session:
                size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
                browser().call("Emulation.setDeviceMetricsOverride", session, **size)
                browser().evaluate(session, WAIT)
                browser().evaluate(session, f"{prepare}, draw(), {WAIT}")
                shot = browser().call("Page.captureScreenshot", session, format="png")
            photos.append(folder / f"{width}.png")
            photos[-1].write_bytes(base64.b64decode(shot["data"]))
        print(row(photos, out))


def photograph(deck: Path, out: Path, ending: str) -> None:
    """Write the pictures of one deck. Raises KeyError for a card that the deck does not have."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        package = package_of(build(deck, folder / "out", 0, "--locked"))
        with sides_of(package, folder / "learner") as sides:
            known = {(s.id, s.number, s.side): s for s in sides}
            for name, cards in PICTURES.items():
                photos = [
                    known[note, number, side].photo(folder, night, scale=1)
                    for note, number, light, dark in cards
                    for side, night in ((light, False), (dark, True))
                ]
                print(row(photos, out / f"{name}{ending}.webp"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
