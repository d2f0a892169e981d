"""Look at note files that belong to no deck yet, and guess the settings of their deck."""

import re
from dataclasses import dataclass
from pathlib import Path

from deckgen.cjk import HAN, KANA
from deckgen.init.file_settings import dialect_settings
from deckgen.init.unread import UnreadFile, unread_file
from deckgen.parse import parse_file
from deckgen.parse.file_report import FileReport, file_report
from deckgen.parse.meta import Settings
from deckgen.problems import DeckError

_HAN, _KANA = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A note file: how it is read, the questions of its notes, its path in the deck, and its title."""

    report: FileReport
    questions: tuple[str, ...]
    key: str
    title: str

    @property
    def notes(self) -> int:
        """The number of notes."""
        return len(self.questions)


@dataclass(frozen=True, slots=True)
class DeckSettings:
    """The settings of a new deck. `dialects` are the lines of deck.toml that name dialects, "" if it need not name any."""

    name: str
    slug: str
    language: str
    dialects: str


def look_at(path: Path, folder: Path) -> FoundFile | UnreadFile:
    """Parse a file of the folder. Return what was found, or the reason why it cannot be read."""
    key = path.relative_to(folder).as_posix()
    try:
        parsed = parse_file(path, str(path), key, Settings())
    except DeckError as error:
        return unread_file(path, key, error)
    questions = tuple(note.question.source for note in parsed.notes)
    return FoundFile(file_report(str(path), parsed), questions, key, parsed.document.title)


def guess_settings(found: tuple[FoundFile, ...], folder: Path) -> DeckSettings:
    """Guess the settings from the note files, and the name from the folder if they do not tell one."""
    name = _guess_name(found, folder)
    return DeckSettings(
        name, _slug(name), _guess_language(found), dialect_settings({each.key: each.report for each in found})
    )


def _guess_name(found: tuple[FoundFile, ...], folder: Path) -> str:
    """Return the title of the only file that has notes and a title, else the folder's name."""
    titles = [file.title for file in found if file.notes and file.title]
    name = titles[0] if len(titles) == 1 else folder.resolve().name
    return name.replace('"', "").strip() or "Deck"


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    # Anki reads packages with these names as backups of a whole collection.
    return slug if slug and slug not in ("collection", "backup") else "deck"


def _guess_language(found: tuple[FoundFile, ...]) -> str:
    """Return "zh" if most questions have Chinese characters and none has Japanese kana, else "en"."""
    questions = [question for file in found for question in file.questions]
    chinese = sum(bool(_HAN.search(question)) for question in questions)
    return "zh" if 2 * chinese > len(questions) and not any(map(_KANA.search, questions)) else "en"
