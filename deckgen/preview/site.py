"""The page as files that need no server: all cards, their media and MathJax."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from deckgen.files import write_text
from deckgen.preview.live import LiveDeck, Snapshot
from deckgen.preview.page import FILES, PAGE, mathjax_folder
from deckgen.preview.payload import about, cards_payload
from deckgen.problems import DeckError, Severity

_CHUNK = 100
"""Notes a file of cards: a page loads the cards of a note with those of its neighbours."""
_MATHJAX = ("tex-chtml-full.js", "output/chtml/fonts/woff-v2")


def write_site(root: Path, out: Path) -> Snapshot:
    """Write the cards of the deck in `root` as a static site into `out`, and return what it shows.

    Only frozen pictures are shown: no code of the deck runs. Raises DeckError if the notes have errors; then nothing is written.
    """
    with TemporaryDirectory(prefix="deckgen-preview-") as pictures:
        deck = LiveDeck(root, Path(pictures), execute=False)
        snapshot = deck.refresh()
        deck.close()
        if snapshot.failed or any(each.severity is Severity.ERROR for each in snapshot.problems):
            raise DeckError(snapshot.problems)
        _write_page(out)
        _write_cards(snapshot, out / "data")
        for media in snapshot.media.values():
            shutil.copyfile(media.path, out / "card" / media.name)
        return snapshot


def _write_page(out: Path) -> None:
    for folder in ("card", "data"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(PAGE / name, out / name)
    shutil.copyfile(PAGE / "site_source.js", out / "source.js")
    shutil.copyfile(PAGE / "card.html", out / "card" / "index.html")
    for name in _MATHJAX:
        source, target = mathjax_folder() / name, out / "mathjax" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)


def _write_cards(snapshot: Snapshot, folder: Path) -> None:
    notes = [{**row.json(), "chunk": n // _CHUNK} for n, row in enumerate(snapshot.rows)]
    deck = {**about(snapshot), "problems": [], "notes": notes}
    write_text(folder / "deck.js", f"source.deck({_script(deck)});\n")
    keys = list(snapshot.notes)
    for start in range(0, len(keys), _CHUNK):
        cards = {key: cards_payload(snapshot.cards(key)) for key in keys[start : start + _CHUNK]}
        number = start // _CHUNK
        write_text(folder / f"cards-{number}.js", f"source.add({number}, {_script(cards)});\n")


def _script(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
