"""Find the note files of a path, and the settings that they are read with."""

import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.deck_folder import absolute
from deckgen.deck_folder import deck_around as deck_around
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, line_of, load_lock, load_written
from deckgen.identity.types import with_frozen_ids
from deckgen.identity.written_lock import is_written, lock_key
from deckgen.lint import LINTS, USUAL_LINTS
from deckgen.note_files import note_files
from deckgen.notetypes import NoteTypes
from deckgen.notetypes.deck import deck_types
from deckgen.overrides import Override
from deckgen.parse.dialects import BY_NAME
from deckgen.parse.document import decode, read_bytes
from deckgen.parse.meta import Settings
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import FILE, Project, deck_name, load_project
from deckgen.render.options import RenderOptions

_DEFAULTS = RenderOptions()


class NoteFile(Struct, frozen=True, dict=True):
    """A note file and its settings. `root` is the folder of its deck.

    `figures` is the folder with the code of the deck's figures, None if there is no deck.toml.
    """

    path: Path
    root: Path
    settings: Settings
    options: RenderOptions = _DEFAULTS
    lint: tuple[str, ...] = USUAL_LINTS
    figures: Path | None = None

    @cached_property
    def file(self) -> str:
        """The path as problems show it. A relative path starts at the current folder."""
        return str(self.path) if self.path.is_absolute() else os.path.relpath(self.path)

    @cached_property
    def key(self) -> str:
        """The path below `root`, with `/`."""
        return self.path.relative_to(self.root).as_posix()


def read_project(root: Path) -> Project:
    """Return the project of a folder. Raises DeckError if there is no deck.toml, or if it has wrong values."""
    return load_project(root, tuple(BY_NAME), tuple(LINTS))


def read_lock(root: Path) -> tuple[str, Lock]:
    """Return the text of a folder's lock, and the lock. Return "" and an empty lock if the file is missing or empty: `require_lock` reports it.

    Raises DeckError if the lock cannot be read, or if it names an unknown dialect.
    """
    content = lock_content(root)
    if not content:
        return "", Lock()
    text = decode(content, str(root / LOCK_FILE))
    if is_written(root, lock_key(content)):
        return text, load_written(text)
    file = str(root / LOCK_FILE)
    lock = load_lock(text, file)
    _require_known_dialects(lock, text, file)
    return text, lock


def lock_content(root: Path) -> bytes:
    """Return the content of a folder's lock as deckgen writes it, b"" if there is none. Raises DeckError if it cannot be read.

    git may check out other line ends, and editors may write a byte order mark.
    """
    path = root / LOCK_FILE
    content = read_bytes(path, str(path)).removeprefix(BOM_UTF8) if path.exists() else b""
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content


def _require_known_dialects(lock: Lock, text: str, file: str) -> None:
    message, hint = "not an entry of a lock (unknown dialect)", "restore the lock from version control"
    unknown = [entry.guid for entry in lock.notes if entry.dialect is not None and entry.dialect not in BY_NAME]
    if unknown:
        raise DeckError(
            Problem(file, line_of(guid, text), 1, Severity.ERROR, "lock-line", message, hint) for guid in unknown
        )


def files_of(project: Project, lock: Lock) -> list[NoteFile]:
    """Return the note files of a deck in reading order, with the dialects that its lock has.

    Raises DeckError if there are no note files, or if a note type of the deck is wrong.
    """
    return with_settings(project, lock, project.files())


def with_settings(project: Project, lock: Lock, paths: Iterable[Path]) -> list[NoteFile]:
    """Return note files of a deck with their settings. They may not exist yet.

    Raises DeckError if a note type of the deck is wrong.
    """
    settings = Settings(
        deck=project.name,
        tags=project.tags,
        sections=project.sections,
        folders=project.folders,
        categories=project.categories,
        metadata=project.metadata,
        dialect=project.dialect,
        level=project.level,
        notetypes=types_of(project, lock),
        highlight=project.highlight,
    )
    lints = USUAL_LINTS if project.lint is None else project.lint
    options = RenderOptions(
        project.base_url,
        tuple(project.macros.items()),
        project.mathml,
        project.media_folders,
        project.html == "unsafe",
    )
    code = project.figures_code
    remembered = lock.dialects()
    files = []
    for path in paths:
        own = overridden(settings, project.overriding(path))
        own = replace(own, remembered=remembered.get(path.relative_to(project.root).as_posix()))
        files.append(NoteFile(path, project.root, own, options, lints, code))
    return files


def overridden(settings: Settings, overrides: Iterable[Override]) -> Settings:
    """The settings of a file with what the overrides for it change. Tags are added."""
    for each in overrides:
        settings = replace(
            settings,
            dialect=each.dialect or settings.dialect,
            level=each.level or settings.level,
            highlight=each.highlight or settings.highlight,
            deck=deck_name(each.deck) if each.deck else settings.deck,
            tags=(*settings.tags, *each.tags),
        )
    return settings


def types_of(project: Project, lock: Lock) -> NoteTypes:
    """Return the note types of a deck, with the ids of its lock.

    Raises DeckError if Anki would refuse a note type, or if its list of fields or templates differs from the lock.
    """
    return with_frozen_ids(deck_types(project.root, project.mathml, project.language), lock, project.root)


def files_at(path: Path) -> list[NoteFile]:
    """Return the file at a path, or the note files below it, with the settings of the deck around the path.

    Raises DeckError if there are no note files, or if the deck.toml or the lock of the deck cannot be read.
    """
    home = deck_around(path)
    if home is None:
        paths = note_files(path) if path.is_dir() else [path]
        return [NoteFile(each, path if path.is_dir() else path.parent, Settings()) for each in paths]
    inside = absolute(path)
    files = [
        file for file in files_of(read_project(home), read_lock(home)[1]) if absolute(file.path).is_relative_to(inside)
    ]
    if not files:
        raise DeckError.at(
            str(path),
            f"is not a note file of the deck in {home}",
            code="deck-empty",
            hint="notes are *.md, not hidden, not under exclude in deck.toml",
        )
    return files


def nested_deck_problems(files: Iterable[NoteFile]) -> Iterator[Problem]:
    """Yield a warning for each deck inside the deck of the files. Its notes are in both decks, with other guids in each."""
    folders = dict.fromkeys((file.root, folder) for file in files for folder in file.path.parents)
    for root, folder in folders:
        if folder != root and folder.is_relative_to(root) and (folder / FILE).is_file() and (root / FILE).is_file():
            message = "is a deck inside another deck: its notes are in both, and learners of both get them twice"
            hint = f'exclude = ["{folder.relative_to(root).as_posix()}"] in {root / FILE} leaves it out'
            yield Problem(str(folder / FILE), 1, 1, Severity.WARNING, "deck-nested", message, hint)


def notes_among(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return those of the files that are notes of a deck. Other files, such as a README, are left out.

    Raises DeckError if the deck.toml or the lock of a deck cannot be read.
    """
    decks: dict[Path, frozenset[Path]] = {}
    found = []
    for path in paths:
        home = deck_around(path)
        if home is None:
            continue
        if home not in decks:
            files = files_of(read_project(home), read_lock(home)[1])
            decks[home] = frozenset(absolute(file.path) for file in files)
        if absolute(path) in decks[home]:
            found.append(path)
    return tuple(found)
