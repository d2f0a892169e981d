"""Look at note files that belong to no deck yet, and guess the settings of their deck."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from deckgen.cjk import HAN, KANA
from deckgen.init.unread import UnreadFile, readable_template, unread_file
from deckgen.lazy_patterns import lazy_pattern
from deckgen.overrides import matches, overrides_of
from deckgen.parse import parse_file
from deckgen.parse.file_report import FileReport, file_report
from deckgen.parse.meta import Settings
from deckgen.problems import DeckError
from deckgen.sources import overridden

_HAN, _KANA = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")
_DECK_ID = lazy_pattern(r"(?<![ \t])[ \t]++\(\d{6,}\)$")


class FoundFile(Struct, frozen=True):
    """A note file: how it is read, the questions of its notes, its path in the deck, and its title."""

    report: FileReport
    questions: tuple[str, ...]
    key: str
    title: str

    @property
    def notes(self) -> int:
        """The number of notes."""
        return len(self.questions)


class DeckSettings(Struct, frozen=True):
    """The settings of a new deck. `dialects` are the lines of deck.toml that name dialects, "" if none has to be named."""

    name: str
    slug: str
    language: str
    dialects: str


def look_at(path: Path, folder: Path, settings: Settings = Settings()) -> FoundFile | UnreadFile:
    """Parse a file of the folder. Return what was found, or the reason why it cannot be read."""
    key = path.relative_to(folder).as_posix()
    try:
        parsed = parse_file(path, str(path), key, settings)
    except DeckError as error:
        return unread_file(path, key, error)
    if template := readable_template(path, key, parsed):
        return template
    questions = tuple(note.question.source for note in parsed.notes)
    return FoundFile(file_report(str(path), parsed), questions, key, parsed.document.title)


def look_again(found: Iterable[FoundFile], folder: Path, dialects: str) -> tuple[FoundFile, ...]:
    """The files as they are read with the lines of deck.toml that name dialects."""
    values = tomllib.loads(dialects)
    named, overrides = Settings(dialect=values.get("dialect")), overrides_of(values.get("overrides", []))

    def again(file: FoundFile) -> FoundFile:
        settings = overridden(named, (each for each in overrides if matches(each.files, PurePosixPath(file.key))))
        look = look_at(folder / file.key, folder, settings) if settings.dialect else file
        return look if isinstance(look, FoundFile) else file

    return tuple(map(again, found))


def guess_settings(found: Sequence[FoundFile], folder: Path, dialects: str, titles: Iterable[str]) -> DeckSettings:
    """Guess the settings from the note files and from the titles of all files, and the name from the folder if they do not tell one."""
    name = _guess_name(frozenset(titles), folder)
    return DeckSettings(name, _slug(name), _guess_language(found), dialects)


def _guess_name(titles: frozenset[str], folder: Path) -> str:
    """Return the title that all files have, without the id that md2anki writes behind it; else the folder's name."""
    title = _DECK_ID.sub("", next(iter(titles))) if len(titles) == 1 else ""
    name = title or folder.resolve().name
    return name.replace('"', "").strip() or "Deck"


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    # Anki reads packages with these names as backups of a whole collection.
    return slug if slug and slug not in ("collection", "backup") else "deck"


def _guess_language(found: Sequence[FoundFile]) -> str:
    """Return "zh" if most questions have Chinese characters and none has Japanese kana, else "en"."""
    questions = [question for file in found for question in file.questions]
    chinese = sum(bool(_HAN.search(question)) for question in questions)
    return "zh" if 2 * chinese > len(questions) and not any(map(_KANA.search, questions)) else "en"
