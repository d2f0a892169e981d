"""Write the deck.toml of a folder of notes, and the files that its repository needs."""

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from deckgen.files import write_text
from deckgen.init.deck_file import deck_toml
from deckgen.init.editor import editor_files
from deckgen.init.file_settings import dialect_settings
from deckgen.init.look import DeckSettings, FoundFile, guess_settings, look_again, look_at
from deckgen.init.repository import Place, companions, place_of
from deckgen.init.unread import UnreadFile, template_patterns
from deckgen.note_files import note_files
from deckgen.problems import DeckError
from deckgen.project import CHANGELOG, FILE
from deckgen.sources import read_project


class KeptFile(Struct, frozen=True):
    """A file that existed before and was not changed. `missing_lines` are the lines for git that it lacks."""

    file: str
    missing_lines: tuple[str, ...]


class InitResult(Struct, frozen=True):
    """The new deck: the path of deck.toml, the deck's name, and the other files that were written or kept.

    `files` are the note files as they are read with the new deck.toml, `unread` those that cannot be read. Both are empty if
    the deck existed before, and only files were added.
    """

    path: Path
    name: str
    files: tuple[FoundFile, ...]
    unread: tuple[UnreadFile, ...]
    written: tuple[str, ...]
    kept: tuple[KeptFile, ...]
    existed: bool = False


def create_deck(folder: Path, *, vscode: bool = False) -> InitResult:
    """Write the folder's deck.toml with a new id, and the files that its repository lacks. With `vscode`, those of VS Code too.

    Raises DeckError if the folder does not exist, has a deck.toml already, or holds no note files.
    """
    path = folder / FILE
    _check_folder(folder, path)
    looks = [look_at(note_file, folder) for note_file in note_files(folder) if note_file != folder / CHANGELOG]
    found = tuple(look for look in looks if isinstance(look, FoundFile))
    unread = tuple(look for look in looks if isinstance(look, UnreadFile))
    dialects = dialect_settings({file.key: file.report for file in found})
    found = look_again(found, folder, dialects)
    # A file that cannot be read yet has no title, so that the deck is named after its folder.
    titles = [*(file.title for file in found), *("" for file in unread if not file.template)]
    settings = guess_settings(found, folder, dialects, titles)
    place = place_of(folder)
    editor = editor_files(place) if vscode else {}
    written, kept = _write_missing(folder, place, {**companions(place, settings.slug), **editor})
    # deck.toml is written last: the command can be run again until it exists.
    _write(path, _new_deck_toml(settings, unread))
    return InitResult(path, settings.name, found, unread, written, kept)


def add_editor_files(folder: Path) -> InitResult:
    """Write the files of VS Code that the repository of an existing deck lacks.

    Raises DeckError if the folder has no deck.toml, or a wrong one.
    """
    project = read_project(folder)
    place = place_of(folder)
    written, kept = _write_missing(folder, place, editor_files(place))
    return InitResult(folder / FILE, project.name, (), (), written, kept, existed=True)


def _check_folder(folder: Path, path: Path) -> None:
    if not folder.is_dir():
        raise DeckError.at(
            str(folder), "no such folder", code="deck-missing", hint="name the folder of your notes, or add --example"
        )
    if path.exists():
        raise DeckError.at(
            str(path), "is there already", code="deck-exists", hint="edit it; a deck keeps its id for ever"
        )


def _write_missing(
    folder: Path, place: Place, texts: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[KeptFile, ...]]:
    """Write the files that do not exist yet. `texts` are by their paths below the repository's root.

    Return the paths of the written files, and the files that existed.
    """
    files = {_shown_path(place, file, folder): text for file, text in texts.items()}
    kept = tuple(_kept_file(file, text) for file, text in files.items() if os.path.lexists(file))
    written = tuple(file for file in files if not os.path.lexists(file))
    for file in written:
        _write(Path(file), files[file])
    return written, kept


def _shown_path(place: Place, file: str, folder: Path) -> str:
    """Return a file's path as the user would write it: relative to the working directory if `folder` is relative."""
    path = place.top / file
    return str(path) if folder.is_absolute() else os.path.relpath(path)


def _kept_file(file: str, text: str) -> KeptFile:
    """Return an existing file with the lines for git that it lacks. Other files are not compared: their author decides."""
    path = Path(file)
    if not path.name.startswith(".git"):
        return KeptFile(file, ())
    present = {line.strip("/ ") for line in path.read_bytes().decode("utf-8", "replace").splitlines()}
    return KeptFile(file, tuple(line for line in text.splitlines() if line.strip("/") not in present))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)


def _new_deck_toml(settings: DeckSettings, unread: Sequence[UnreadFile]) -> str:
    return deck_toml(secrets.token_hex(8), settings, template_patterns(unread))
