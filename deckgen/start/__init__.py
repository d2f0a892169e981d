"""deckgen init: look at a folder of notes and write its deck.toml, and what its repository needs."""

import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from deckgen.cjk import HAN, KANA
from deckgen.files import write_text
from deckgen.parse import parse_file
from deckgen.parse.file_report import FileReport, file_report
from deckgen.parse.meta import Settings
from deckgen.problems import DeckError
from deckgen.project import FILE, note_files
from deckgen.start.file_settings import dialect_settings
from deckgen.start.repository import Place, companions, place_of
from deckgen.start.unread import Unread, exclusions, unread

_HAN, _KANA = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")


@dataclass(frozen=True, slots=True)
class Found:
    """A note file: how it is read, the questions of its notes, its path in the deck, and its title."""

    report: FileReport
    questions: tuple[str, ...]
    key: str
    title: str

    @property
    def notes(self) -> int:
        return len(self.questions)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was there already and was left as it is. `wanted` are lines that git would need in it."""

    file: str
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Started:
    path: Path
    name: str
    files: tuple[Found, ...]
    unread: tuple[Unread, ...]
    written: tuple[str, ...]
    kept: tuple[Kept, ...]


def start(folder: Path) -> Started:
    """Write the folder's deck.toml with an id of its own, and what its repository lacks.

    Raises DeckError where there is a deck.toml, or are no notes.
    """
    path = folder / FILE
    if not folder.is_dir():
        raise DeckError.at(str(folder), "no such folder", code="deck-missing")
    if path.exists():
        raise DeckError.at(
            str(path), "is there already", code="deck-exists", hint="edit it, its id is the deck's for ever"
        )
    looks = [_look(p, folder) for p in note_files(folder)]
    found = tuple(look for look in looks if isinstance(look, Found))
    left = tuple(look for look in looks if isinstance(look, Unread))
    name = _name(found, folder)
    slug = _slug(name)
    place = place_of(folder)
    files = {_shown(place, file, folder): text for file, text in companions(place, slug).items()}
    kept = [_kept(file, text) for file, text in files.items() if os.path.lexists(file)]
    written = tuple(file for file in files if not os.path.lexists(file))
    for file in written:
        _write(Path(file), files[file])
    settings = dialect_settings({each.key: each.report for each in found})
    # The last: until it is there, the command can be run again.
    _write(path, _toml(name, slug, _language(found), settings) + exclusions(left))
    return Started(path, name, found, left, written, tuple(kept))


def _shown(place: Place, file: str, folder: Path) -> str:
    """A file's path as the user would write it: from here, where they named the folder from here."""
    path = place.top / file
    return str(path) if folder.is_absolute() else os.path.relpath(path)


def _kept(file: str, text: str) -> Kept:
    """What is there, and which of the lines for git it lacks; of other files their author knows best."""
    path = Path(file)
    if not path.name.startswith(".git"):
        return Kept(file, ())
    present = {line.strip("/ ") for line in path.read_bytes().decode("utf-8", "replace").splitlines()}
    return Kept(file, tuple(line for line in text.splitlines() if line.strip("/") not in present))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)


def _look(path: Path, folder: Path) -> Found | Unread:
    key = path.relative_to(folder).as_posix()
    try:
        parsed = parse_file(path, str(path), key, Settings())
    except DeckError as error:
        return unread(path, key, error)
    questions = tuple(note.question.source for note in parsed.notes)
    return Found(file_report(str(path), parsed), questions, key, parsed.document.title)


def _name(found: tuple[Found, ...], folder: Path) -> str:
    """The title of the only file that has notes, else the folder's name."""
    titles = [file.title for file in found if file.notes and file.title]
    name = titles[0] if len(titles) == 1 else folder.resolve().name
    return name.replace('"', "").strip() or "Deck"


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return slug if slug and slug not in ("collection", "backup") else "deck"


def _language(found: tuple[Found, ...]) -> str:
    """Chinese where most questions have Chinese characters, and none the kana of Japanese; else English."""
    questions = [question for file in found for question in file.questions]
    chinese = sum(bool(_HAN.search(question)) for question in questions)
    return "zh" if 2 * chinese > len(questions) and not any(map(_KANA.search, questions)) else "en"


def _toml(name: str, slug: str, language: str, dialects: str) -> str:
    return (
        "# The deck's own id: never change it, every note's identity hangs on it.\n"
        f'id = "{secrets.token_hex(8)}"\n'
        f"name = {json.dumps(name, ensure_ascii=False)}\n"
        f'slug = "{slug}"\n'
        'version = "0.1.0"\n'
        '# What becomes of the headings above a question: "tags", "decks" (sub-decks) or "none".\n'
        'sections = "tags"\n'
        "# The same for the folders that a file is in, and for the categories in its front matter.\n"
        'folders = "none"\n'
        'categories = "tags"\n'
        "# What other tools wrote into the notes counts: the decks they name, their tags, and that a file is a draft.\n"
        'metadata = ["decks", "tags", "drafts"]\n'
        f"{dialects}"
        "# Shown on the deck's page in Anki, which also says how to update. The description is Markdown.\n"
        'description = ""\n'
        'author = ""\n'
        'license = ""\n'
        'homepage = ""\n'
        '# Of what deckgen itself writes there: "en" or "zh".\n'
        f'language = "{language}"\n'
    )
