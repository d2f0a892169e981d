"""Records the animated picture of the README: a note is edited, its card changes, the deck is pushed, and Anki keeps the progress.

    python tests/tools/animation.py docs/pictures/edit.webp

Everything in it happens: the file is saved, `deckgen preview` shows the card, and `deckgen push` imports the deck through the protocol of
AnkiConnect into Anki's engine, which renders the card. The port 8765 of this machine must be free.
"""

import base64
import html
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from ankiconnect_server import ankiconnect_server
from browser import browser, card_page, screenshot
from decks import write_deck
from PIL import Image
from test_preview import FRAME, press, served, wait_for

from deckgen.ankiconnect import Connection

TOML = 'id = "5f1c0a9e7d3b2846"\nname = "Attention"\nslug = "attention"\nversion = "0.1.0"\n'
BEFORE = """# Attention

## Why divide by $\\sqrt{d_k}$?

The variance of $q \\cdot k$ is $d_k$.
"""
SENTENCE = " With large values,\nsoftmax is nearly one-hot:\n\n$$\\nabla \\operatorname{softmax} \\to 0$$\n"
WIDTH, HEIGHT = 440, 320  # CSS pixels of each half
HEADER = 30  # CSS pixels of the title
PORT = 8765  # the port of AnkiConnect
PUSH = "deckgen push"
PREVIEW = "deckgen preview"
PAGE_WIDTH = 1200
COLOURS = 64
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: {width}px; height: {height}px; background: #22252c; color: #e8e8ea; font: 14px/1.45 monospace; }}
header {{ box-sizing: border-box; height: 30px; background: #333842; padding: 6px 12px; font: 12px sans-serif; }}
pre {{ margin: 0; padding: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }}
b {{ color: #8fd3a4; font-weight: normal; }} u {{ background: #e8e8ea; text-decoration: none; }}
</style><header>{title}</header><pre>{text}</pre>"""


class Film:
    """The frames, each with its time in milliseconds. `left` is the editor or the terminal, `right` the preview or Anki."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._frames: list[tuple[Image.Image, int]] = []

    def panel(self, title: str, text: str = "") -> Image.Image:
        """A half of the picture with a title. `text` is HTML."""
        page = self._folder / "panel.html"
        page.write_text(PAGE.format(width=WIDTH, height=HEIGHT, title=title, text=text), "utf-8")
        return Image.open(screenshot(page, self._folder / "panel.png", WIDTH, HEIGHT, scale=1)).convert("RGB")

    def with_card(self, title: str, card: Image.Image) -> Image.Image:
        """A half of the picture with a card below the title."""
        half = self.panel(title)
        half.paste(card, (0, HEADER))
        return half

    def add(self, title: str, text: str, right: Image.Image, milliseconds: int) -> None:
        """Add a frame. `text` is HTML."""
        sheet = Image.new("RGB", (2 * WIDTH, HEIGHT))
        sheet.paste(self.panel(title, text), (0, 0))
        sheet.paste(right, (WIDTH, 0))
        self._frames.append((sheet, milliseconds))

    def save(self, path: Path) -> None:
        """Write the frames as an animated WebP that repeats. Raises OSError."""
        pictures = [frame.quantize(COLOURS).convert("RGB") for frame, _ in self._frames]
        times = [time for _, time in self._frames]
        pictures[0].save(
            path,
            save_all=True,
            append_images=pictures[1:],
            duration=times,
            loop=0,
            quality=60,
            method=6,
            minimize_size=True,
        )
        print(f"{path}: {len(pictures)} frames, {path.stat().st_size / 1024:.0f} KiB")


def typed(text: str, size: int = 6) -> Iterator[str]:
    """The beginnings of a text, as somebody types it."""
    yield from (text[:end] for end in range(size, len(text) + size, size))


def shot(session: str) -> Image.Image:
    """Return the upper part of the card that the preview shows."""
    box = browser().evaluate(
        session, "(box => [box.x, box.y])(document.getElementById('back').getBoundingClientRect())"
    )
    clip = {"x": box[0], "y": box[1], "width": WIDTH, "height": HEIGHT - HEADER, "scale": 1}
    answer = browser().call("Page.captureScreenshot", session, format="png", clip=clip)
    return Image.open(BytesIO(base64.b64decode(answer["data"]))).convert("RGB")


def run(folder: Path, command: str) -> str:
    """Run a command in a folder and return what it prints."""
    words = [sys.executable, "-m", "deckgen", *command.split()[1:]]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout


class InAnki:
    """The card in the running Anki."""

    def __init__(self, film: Film, folder: Path, url: str):
        self._film, self._folder = film, folder
        self._connection = Connection(url, "")

    def card(self) -> dict:
        """The only card, as AnkiConnect shows it."""
        (card,) = self._connection.call("cardsInfo", cards=self._connection.call("findCards", query="deck:*"))
        return card

    def answer(self) -> None:
        """Answer the card: easy."""
        self._connection.call("answerCards", answers=[{"cardId": self.card()["cardId"], "ease": 4}])

    def progress(self) -> str:
        """What Anki knows of the learner."""
        card = self.card()
        return f"answered {card['reps']}×, next in {card['interval']} days"

    def half(self) -> Image.Image:
        """The answer of the card as Anki shows it, below the progress."""
        page = self._folder / "card.html"
        page.write_text(card_page(self.card()["answer"], "", False, self._folder), "utf-8")
        shown = screenshot(page, self._folder / "card.png", WIDTH, HEIGHT - HEADER, scale=1)
        return self._film.with_card(f"Anki: {self.progress()}", Image.open(shown).convert("RGB"))


def edit(film: Film, note: Path, session: str) -> None:
    """Type a sentence, save the file, and wait for the card."""
    before = film.with_card(PREVIEW, shot(session))
    film.add("attention.md", html.escape(BEFORE), before, 1500)
    for text in typed(SENTENCE):
        film.add("attention.md ●", f"{html.escape(BEFORE.rstrip())}<b>{html.escape(text)}</b><u> </u>", before, 60)
    browser().call("Page.bringToFront", session)  # a hidden page of the preview does not follow
    note.write_text(BEFORE.rstrip() + SENTENCE, "utf-8")
    wait_for(session, f"{FRAME.format(side='back')}.querySelectorAll('mjx-container').length > 3")
    after = film.with_card(PREVIEW, shot(session))
    film.add("attention.md", html.escape(BEFORE.rstrip()) + f"<b>{html.escape(SENTENCE)}</b>", after, 2200)


def push(film: Film, deck: Path, anki: InAnki) -> None:
    """Push the edited deck. The card in Anki was answered before."""
    before, progress = anki.half(), anki.progress()
    film.add("terminal", "$ <u> </u>", before, 1800)
    for beginning in typed(PUSH):
        film.add("terminal", f"$ {beginning}<u> </u>", before, 60)
    text = f"$ {PUSH}\n{html.escape(run(deck, PUSH))}\n"
    assert anki.progress() == progress, "the push changed the progress"
    after = anki.half()
    film.add("terminal", text, after, 2600)
    film.add("terminal", f"{text}<b># Anki has the new answer and the old progress.</b>", after, 3500)


def main(out: Path) -> None:
    with TemporaryDirectory() as home, ankiconnect_server(Path(home) / "collection", port=PORT) as url:
        deck = write_deck(Path(home) / "deck", {"deck.toml": TOML, "attention.md": BEFORE})
        film = Film(Path(home))
        anki = InAnki(film, Path(home), url)
        run(deck, PUSH)
        anki.answer()
        with served(deck) as address, browser().page(address, PAGE_WIDTH) as session:
            wait_for(session, f"{FRAME.format(side='front')}.querySelector('mjx-container') !== null")
            press(session, " ")
            wait_for(session, f"{FRAME.format(side='back')}.querySelector('mjx-container') !== null")
            # The page sets the width of the card again whenever it shows one.
            rule = f"#back {{ width: {WIDTH}px !important }}"
            browser().evaluate(session, f"document.styleSheets[0].insertRule('{rule}')")
            edit(film, deck / "attention.md", session)
        push(film, deck, anki)
        film.save(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
