"""deckgen init: look at a folder of notes and write its deck.toml."""

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from deckgen.files import staged
from deckgen.parse import parse_file
from deckgen.parse.document import read_document
from deckgen.parse.meta import Settings
from deckgen.problems import DeckError
from deckgen.project import FILE, note_files


@dataclass(frozen=True, slots=True)
class Found:
    """A note file: how many notes it holds, and the dialect it was read as."""

    file: str
    notes: int
    dialect: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Started:
    path: Path
    name: str
    files: tuple[Found, ...]


def start(folder: Path) -> Started:
    """Write the folder's deck.toml with an id of its own. Raises DeckError where there is one, or are no notes."""
    path = folder / FILE
    if not folder.is_dir():
        raise DeckError.at(str(folder), "no such folder", code="deck-missing")
    if path.exists():
        raise DeckError.at(str(path), "is there already", code="deck-exists", hint="edit it, its id is the deck's for ever")
    found = tuple(_look(p, folder) for p in note_files(folder))
    name = _name(found, folder)
    with staged(path) as file:
        file.write(_toml(name).encode())
    return Started(path, name, found)


def _look(path: Path, folder: Path) -> Found:
    key = path.relative_to(folder).as_posix()
    parsed = parse_file(path, str(path), key, Settings())
    return Found(str(path), len(parsed.notes), parsed.dialect, read_document(path, str(path), key).title)


def _name(found: tuple[Found, ...], folder: Path) -> str:
    """The title of the only file that has notes, else the folder's name."""
    titles = [file.title for file in found if file.notes and file.title]
    name = titles[0] if len(titles) == 1 else folder.resolve().name
    return name.replace('"', "").strip() or "Deck"


def _toml(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    slug = slug if slug and slug not in ("collection", "backup") else "deck"
    return (
        "# The deck's own id: never change it, every note's identity hangs on it.\n"
        f'id = "{secrets.token_hex(8)}"\n'
        f"name = {json.dumps(name, ensure_ascii=False)}\n"
        f'slug = "{slug}"\n'
        'version = "0.1.0"\n'
        '# What becomes of the headings above a question: "tags", "decks" (sub-decks) or "none".\n'
        'sections = "tags"\n'
        "# Shown on the deck's page in Anki, which also says how to update. The description is Markdown.\n"
        'description = ""\n'
        'author = ""\n'
        'license = ""\n'
        'homepage = ""\n'
    )
