"""Reads the note types of a deck: deckgen's own and those under `types/`. `theme.css` adds CSS to all of them."""

import re
from collections.abc import Iterator
from pathlib import Path

from deckgen.model import NoteType
from deckgen.notetypes import KIND, NoteTypes, base_css, built_in
from deckgen.notetypes.declaration import FILE, read_own_type, read_text
from deckgen.problems import DeckError, Problem

FOLDER = "types"
THEME = "theme.css"
# In deck.toml, "zh" says that a deck is Chinese. A deck in any language but Chinese has "en", so that says nothing of its notes.
_CONTENT_LANGUAGES = ("zh",)
_RESERVED = ("occlude", "reversed", "typed")


def deck_types(root: Path, mathml: bool, language: str = "en") -> NoteTypes:
    """Return the note types of the deck in the folder `root`. `language` is that of its deck.toml.

    Raises DeckError with the problems of all declared types.
    """
    ours = built_in(mathml).with_language(language) if language in _CONTENT_LANGUAGES else built_in(mathml)
    own: list[NoteType] = []
    problems: list[Problem] = []
    for folder in _type_folders(root / FOLDER):
        try:
            _require_name(folder, ours)
            own.append(read_own_type(folder, base_css(mathml)))
        except DeckError as error:
            problems += error.problems
    # The name of an imported type has no name of a deck in it.
    labels = {(each.imported, each.label.casefold()): each.kind for each in ours}
    for each in own:
        if (other := labels.setdefault((each.imported, each.label.casefold()), each.kind)) != each.kind:
            message = f"the note type {other} has the name {each.label}"
            problems += DeckError.at(str(root / FOLDER / each.kind / FILE), message, code="note-type", line=1).problems
    if problems:
        raise DeckError(problems)
    types = NoteTypes({**ours.by_kind, **{each.kind: each for each in own}})
    theme = root / THEME
    return types.with_css(read_text(theme)) if theme.is_file() else types


def _type_folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _require_name(folder: Path, ours: NoteTypes) -> None:
    """Raise DeckError if the name of the type is not a valid class, is reserved, or if there is no type.toml."""
    if not re.fullmatch(KIND, folder.name):
        message = "the name of a note type is made of a-z, 0-9, - and _, and begins with a letter"
        raise DeckError.at(str(folder), message, code="note-type", hint="rename the folder")
    if folder.name in ours.by_kind or folder.name in _RESERVED:
        message = f"{folder.name} is a name of deckgen's own"
        raise DeckError.at(str(folder), message, code="note-type", hint="rename the folder")
    if not (folder / FILE).is_file():
        raise DeckError.at(str(folder), f"has no {FILE}", code="note-type", hint="a note type is declared there")
