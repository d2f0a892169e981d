"""Records the animated picture of the README: a note is edited, its card changes, the deck is built, an import keeps the progress.

    python tests/tools/animation.py docs/pictures/edit.webp

Everything in it happens: the file is saved, `deckgen preview` shows the card, commands run, and Anki's engine imports the packages.
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

from browser import browser, screenshot
from decks import write_deck
from PIL import Image
from test_preview import FRAME, press, served, wait_for

TOML = 'id = "5f1c0a9e7d3b2846"\nname = "Attention"\nslug = "attention"\nversion = "0.1.0"\n'
BEFORE = """# Attention

## Why divide by $\\sqrt{d_k}$?

The variance of $q \\cdot k$ is $d_k$.
"""
SENTENCE = " With large values,\nsoftmax is nearly one-hot:\n\n$$\\nabla \\operatorname{softmax} \\to 0$$\n"
WIDTH, HEIGHT = 440, 420  # CSS pixels of each half
PAGE_WIDTH = 1200
COLOURS = 64
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: {width}px; height: {height}px; background: #22252c; color: #e8e8ea; font: 14px/1.45 monospace; }}
header {{ background: #333842; padding: 6px 12px; font: 12px sans-serif; }}
pre {{ margin: 0; padding: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }}
b {{ color: #8fd3a4; font-weight: normal; }} u {{ background: #e8e8ea; text-decoration: none; }}
</style><header>{title}</header><pre>{text}</pre>"""


class Film:
    """The frames, each with its time in milliseconds. `left` is the editor or the terminal, `right` the preview."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._frames: list[tuple[Image.Image, int]] = []

    def add(self, title: str, text: str, right: Image.Image, milliseconds: int) -> None:
        """Add a frame. `text` is HTML."""
        page = self._folder / "left.html"
        page.write_text(PAGE.format(width=WIDTH, height=HEIGHT, title=title, text=text), "utf-8")
        left = Image.open(screenshot(page, self._folder / "left.png", WIDTH, HEIGHT, scale=1)).convert("RGB")
        sheet = Image.new("RGB", (2 * WIDTH, HEIGHT))
        sheet.paste(left, (0, 0))
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
    clip = {"x": box[0], "y": box[1], "width": WIDTH, "height": HEIGHT, "scale": 1}
    answer = browser().call("Page.captureScreenshot", session, format="png", clip=clip)
    return Image.open(BytesIO(base64.b64decode(answer["data"]))).convert("RGB")


def run(folder: Path, command: str) -> str:
    """Run a command in a folder and return what it prints."""
    words = [sys.executable, "-m", "deckgen", *command.split()[1:]]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout


def edit(film: Film, note: Path, session: str) -> Image.Image:
    """Type a sentence, save the file, and wait for the card."""
    before = shot(session)
    film.add("attention.md", html.escape(BEFORE), before, 1500)
    for text in typed(SENTENCE):
        film.add("attention.md ●", f"{html.escape(BEFORE.rstrip())}<b>{html.escape(text)}</b><u> </u>", before, 60)
    browser().call("Page.bringToFront", session)  # a hidden page of the preview does not follow
    note.write_text(BEFORE.rstrip() + SENTENCE, "utf-8")
    wait_for(session, f"{FRAME.format(side='back')}.querySelectorAll('mjx-container').length > 3")
    after = shot(session)
    film.add("attention.md", html.escape(BEFORE.rstrip()) + f"<b>{html.escape(SENTENCE)}</b>", after, 2200)
    return after


def commands(film: Film, deck: Path, right: Image.Image) -> None:
    """Build the edited deck, and import it over a studied collection."""
    text = ""
    for command in ("deckgen build", "deckgen verify build/new.apkg --after build/old.apkg"):
        for beginning in typed(command):
            film.add("terminal", f"{text}$ {beginning}<u> </u>", right, 50)
        printed = run(deck, command)
        if command.endswith("build"):
            (deck / "build" / "attention-0.1.0.apkg").rename(deck / "build" / "new.apkg")
        else:
            printed = "\n".join(" ".join(line.split()) for line in printed.splitlines())
        text += f"$ {command}\n{html.escape(printed.rstrip())}\n\n"
        film.add("terminal", text, right, 2600)
    film.add("terminal", f"{text}<b># The studied card has its new answer and its old interval.</b>", right, 3500)


def main(out: Path) -> None:
    with TemporaryDirectory() as home:
        deck = write_deck(Path(home) / "deck", {"deck.toml": TOML, "attention.md": BEFORE})
        run(deck, "deckgen build")
        (deck / "build" / "attention-0.1.0.apkg").rename(deck / "build" / "old.apkg")
        film = Film(Path(home))
        with served(deck) as address, browser().page(address, PAGE_WIDTH) as session:
            wait_for(session, f"{FRAME.format(side='front')}.querySelector('mjx-container') !== null")
            press(session, " ")
            wait_for(session, f"{FRAME.format(side='back')}.querySelector('mjx-container') !== null")
            # The page sets the width of the card again whenever it shows one.
            rule = f"#back {{ width: {WIDTH}px !important }}"
            browser().evaluate(session, f"document.styleSheets[0].insertRule('{rule}')")
            right = edit(film, deck / "attention.md", session)
            commands(film, deck, right)
        film.save(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
