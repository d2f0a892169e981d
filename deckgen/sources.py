"""Which note files a path names, and with whose settings they are read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, load_lock
from deckgen.parse.document import read_text
from deckgen.parse.meta import Settings
from deckgen.problems import DeckError
from deckgen.project import FILE, USUAL_LINTS, Project, note_files, read_project


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A file to read: `file` is its path as problems show it, `key` its path below `root`, with `/`.

    `figures` is the folder with the code of the deck's figures, None if there is no deck.toml.
    """

    path: Path
    root: Path
    settings: Settings
    base_url: str = ""
    macros: Mapping[str, str] = field(default_factory=dict)
    mathml: bool = False
    lint: tuple[str, ...] = USUAL_LINTS
    figures: Path | None = None

    @property
    def file(self) -> str:
        """From here where it was named from here, without a way up and down again."""
        return str(self.path) if self.path.is_absolute() else os.path.relpath(self.path)

    @property
    def key(self) -> str:
        return self.path.relative_to(self.root).as_posix()


def read_lock(root: Path) -> tuple[str, Lock]:
    """The lock of a folder as text and as what it says; "" and an empty one where there is none."""
    path = root / LOCK_FILE
    if not path.exists():
        return "", Lock()
    text = read_text(path)
    return text, load_lock(text, str(path))


def files_of(project: Project, lock: Lock) -> list[NoteFile]:
    """The note files of a deck in reading order, with the dialects that its lock remembers. Raises DeckError where there are none."""
    settings = Settings(
        deck=project.name, tags=project.tags, sections=project.sections, dialect=project.dialect, level=project.level
    )
    files = [
        NoteFile(
            path,
            project.root,
            settings,
            project.base_url,
            project.macros,
            project.mathml,
            project.lint,
            project.figures_code,
        )
        for path in project.files()
    ]
    remembered = lock.dialects()
    return [replace(file, settings=replace(settings, remembered=remembered.get(file.key))) for file in files]


def files_at(path: Path) -> list[NoteFile]:
    """The note files that a path names: itself, or those below it, with the settings of the deck it stands in.

    Raises DeckError where it names none.
    """
    home = deck_around(path)
    if home is None:
        paths = note_files(path) if path.is_dir() else [path]
        return [NoteFile(each, path if path.is_dir() else path.parent, Settings()) for each in paths]
    inside = _absolute(path)
    files = [
        file for file in files_of(read_project(home), read_lock(home)[1]) if _absolute(file.path).is_relative_to(inside)
    ]
    if not files:
        raise DeckError.at(
            str(path),
            f"is no note file of the deck in {home}",
            code="deck-empty",
            hint="notes are *.md, not hidden, not under exclude in deck.toml",
        )
    return files


def deck_around(path: Path) -> Path | None:
    """The folder with the deck.toml that a path stands in, relative where the path is; None where there is none."""
    inside = _absolute(path)
    home = next((folder for folder in (inside, *inside.parents) if (folder / FILE).is_file()), None)
    return home if home is None or path.is_absolute() else Path(os.path.relpath(home))


def _absolute(path: Path) -> Path:
    """The path from the root on, without `..`; links stay as they are."""
    return Path(os.path.abspath(path))
