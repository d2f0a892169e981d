"""The page as files that need no server: all cards, their media and MathJax, and a package to download."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from deckgen.files import write_text
from deckgen.package.read import read_package
from deckgen.preview.live import LiveDeck, Snapshot
from deckgen.preview.page import FILES, PAGE, mathjax_folder
from deckgen.preview.payload import about, cards_payload
from deckgen.problems import DeckError, Severity

_CHUNK = 100
"""Notes a file of cards: a page loads the cards of a note with those of its neighbours."""
_MATHJAX = ("tex-chtml-full.js", "output/chtml/fonts/woff-v2")
_LIST = "deck.js"
"""The list of notes, which is written last."""


def write_site(root: Path, out: Path, package: Path | None = None) -> Snapshot:
    """Write the cards of the deck in `root` as a static site into `out`, and return what it shows.

    With `package`, the site has a copy of this file, and a link to it. Only frozen pictures are shown: no code of the deck runs.
    An older site in `out` is replaced. Raises DeckError if the notes have errors, if `package` is no package of Anki, or if
    `out` contains other files; then nothing is written.
    """
    _require_own_folder(out)
    if package is not None:
        read_package(package)
    with TemporaryDirectory(prefix="deckgen-preview-") as pictures:
        deck = LiveDeck(root, Path(pictures), execute=False)
        snapshot = deck.refresh()
        deck.close()
        if snapshot.failed or any(each.severity is Severity.ERROR for each in snapshot.problems):
            raise DeckError(snapshot.problems)
        _remove_old(out)
        _write_page(out)
        for media in snapshot.media.values():
            shutil.copyfile(media.path, out / "card" / media.name)
        if package is not None:
            shutil.copyfile(package, out / package.name)
        _write_cards(snapshot, root, out / "data", package)
        return snapshot


def _require_own_folder(out: Path) -> None:
    """Raise DeckError if a folder has files and none of an older site: files of the user could be lost among those of the site."""
    if out.is_dir() and any(out.iterdir()) and not (out / "data" / _LIST).exists():
        message, hint = "the folder contains other files", "name a new folder, or one with an older site"
        raise DeckError.at(str(out), message, code="site-folder", hint=hint)


def _remove_old(out: Path) -> None:
    """Remove the cards, media and packages of an older site."""
    for pattern in ("data/*.js", "card/*", "*.apkg"):
        for path in out.glob(pattern):
            path.unlink()


def _write_page(out: Path) -> None:
    files = {**FILES, "source.js": PAGE / "site_source.js", "card/index.html": PAGE / "card.html"}
    for folder in ("card", "data"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for name, source in [*files.items(), *_mathjax()]:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, out / name)
    # GitHub's Jekyll would leave out files whose names begin with an underscore.
    write_text(out / ".nojekyll", "")


def _mathjax() -> Iterator[tuple[str, Path]]:
    """The files of MathJax that the cards need, with their names in the site."""
    folder = mathjax_folder()
    for part in _MATHJAX:
        path = folder / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            yield f"mathjax/{file.relative_to(folder).as_posix()}", file


def _write_cards(snapshot: Snapshot, root: Path, folder: Path, package: Path | None) -> None:
    keys = list(snapshot.notes)
    for start in range(0, len(keys), _CHUNK):
        cards = {key: cards_payload(snapshot.cards(key)) for key in keys[start : start + _CHUNK]}
        number = start // _CHUNK
        write_text(folder / f"cards-{number}.js", f"source.add({number}, {_script(cards)});\n")
    notes = [
        {**row.json(), "file": _in_deck(row.file, root), "chunk": n // _CHUNK} for n, row in enumerate(snapshot.rows)
    ]
    deck = {**about(snapshot), "problems": [], "notes": notes, "download": package and _download(package)}
    write_text(folder / _LIST, f"source.deck({_script(deck)});\n")


def _in_deck(file: str, root: Path) -> str:
    """The path of a note file from the deck's folder: visitors need not know where the author's files are."""
    return Path(os.path.relpath(file, root)).as_posix()


def _download(package: Path) -> dict[str, str]:
    return {"name": package.name, "size": f"{package.stat().st_size / 1e6:.1f} MB"}


def _script(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
