"""The rows of note types in the lock, their frozen ids, and the check that frozen types do not change."""

import json
from collections.abc import Iterator
from pathlib import Path

from deckgen.identity.entries import Lock, LockedNoteType
from deckgen.model import NoteType, TypeIds
from deckgen.notetypes import NoteTypes, ids_of, type_digest, type_id
from deckgen.notetypes.deck import FOLDER
from deckgen.notetypes.declaration import FILE
from deckgen.problems import DeckError, Problem, Severity

_HINT = 'restore them, or make a new type in a new folder; spare fields (role = "spare") must be declared before the first build'


def type_row(notetype: NoteType, deck_id: str, own: bool, mod: int = 0) -> LockedNoteType:
    """The row of a note type. With `own` it is a type of the deck itself, and the row has its ids.

    `mod` is the time of its last change in seconds (Unix time); 0 if it is not known yet.
    """
    digest = type_digest(notetype.field_names, notetype.templates, notetype.css, _settings(notetype))
    if not own:
        return LockedNoteType(notetype.kind, digest, mod)
    ids = ids_of(notetype, deck_id)
    return LockedNoteType(notetype.kind, digest, mod, ids.notetype, ids.fields, ids.templates, notetype.cloze)


def _settings(notetype: NoteType) -> str:
    """The settings of an imported type as text, "" for other types."""
    if not notetype.imported:
        return ""
    settings = [
        notetype.settings,
        *(each.settings for each in notetype.fields),
        *(each.settings for each in notetype.templates),
    ]
    return json.dumps([notetype.label, notetype.sort_field, notetype.stock_kind, *map(dict, settings)], sort_keys=True)


def row_id(row: LockedNoteType, deck_id: str) -> int:
    """The id that the note type of a row has in packages."""
    return row.id or type_id(deck_id, row.notetype)


def with_frozen_ids(types: NoteTypes, lock: Lock, root: Path) -> NoteTypes:
    """The note types with their frozen ids from the lock. `root` is the folder of the deck.

    Raises DeckError if a type has other fields, templates or clozes than in the lock: Anki would take it for another type.
    """
    if problems := [problem for kind in sorted(types.own_kinds) for problem in _changed(types[kind], lock, root)]:
        raise DeckError(problems)
    rows = {row.notetype: row for row in lock.types if row.id is not None and row.notetype in types.own_kinds}
    return types.with_ids({kind: TypeIds(row.id or 0, row.fields, row.templates) for kind, row in rows.items()})


def _changed(notetype: NoteType, lock: Lock, root: Path) -> Iterator[Problem]:
    row = lock.type_of(notetype.kind)
    if row is None or row.id is None:
        return
    pieces = (
        ("fields", list(row.fields), list(notetype.field_names)),
        ("templates", list(row.templates), [each.name for each in notetype.templates]),
    )
    file = str(root / FOLDER / notetype.kind / FILE)
    for word, before, now in pieces:
        if before != now:
            message = f"the {word} were {', '.join(before)}: with others Anki would not update any note of this type"
            yield Problem(file, 1, 1, Severity.ERROR, "note-type-changed", message, _HINT)
    if row.cloze is not None and row.cloze != notetype.cloze:
        message = f"cloze was {str(row.cloze).lower()}: with another value Anki would not update any note of this type"
        yield Problem(file, 1, 1, Severity.ERROR, "note-type-changed", message, _HINT)
