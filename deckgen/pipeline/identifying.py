"""The third stage: which note is which note of the lock, and the next lock."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from deckgen.identity.fingerprint import Fingerprint, fingerprint
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, MadeFor, line_of
from deckgen.identity.lost import many_retired
from deckgen.identity.reconcile import AmbiguousNote, reconcile
from deckgen.identity.stamp import StampedLock, content_of, stamp
from deckgen.identity.states import with_one_state
from deckgen.identity.types import type_row
from deckgen.model import Note, RenderedNote
from deckgen.notetypes.masks import masked, numbered
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import Project, deck_name
from deckgen.sources import read_lock, types_of


def identify(
    project: Project,
    rendered: Sequence[RenderedNote],
    old: Lock,
    now: int,
    retire: Sequence[Path],
    fingerprint_of: Callable[[Note], Fingerprint] = fingerprint,
) -> tuple[list[RenderedNote], StampedLock]:
    """The next lock, and the notes with the cards of pictures numbered as the lock has them.

    `now` is in seconds (Unix time), `retire` are files and folders of which many notes may be retired.
    `fingerprint_of` may remember what `fingerprint` returns. Raises DeckError where it is not
    certain which note of the lock a note is, and where many would be retired.
    """
    prints = [fingerprint_of(item.note) for item in rendered]
    old = with_one_state(old, prints)
    found = reconcile(prints, old.notes, project.id)
    if found.doubts:
        raise DeckError(_doubt(project, rendered[prints.index(doubt.note)].note, doubt) for doubt in found.doubts)
    if lost := list(many_retired(project, found.removed, old, retire)):
        raise DeckError(lost)
    own = types_of(project, old).own
    in_use = {item.notetype.kind: item.notetype for item in rendered}
    types = [type_row(each, project.id, kind in own) for kind, each in in_use.items()]
    numbers = [numbered(item.parts, entry.parts if entry else {}) for item, entry in zip(rendered, found.entries)]
    rendered = [masked(item, cards) if item.parts else item for item, cards in zip(rendered, numbers)]
    old = replace(old, made_for=(MadeFor(project.id, deck_name(project.name)),))
    return rendered, stamp(prints, [content_of(item) for item in rendered], found, types, old, now, numbers)


def _doubt(project: Project, note: Note, doubt: AmbiguousNote) -> Problem:
    """The problem with both notes, their places, and the commands that decide."""
    lock_path = project.root / LOCK_FILE
    text, _ = read_lock(project.root)
    sides = [f"“{entry.question}” of {entry.file} ({lock_path}:{line_of(entry.guid, text)})" for entry in doubt.entries]
    place = shlex.quote(f"{note.file}:{note.line}")
    commands = [*(f"deckgen lock same {entry.guid} {place}" for entry in doubt.entries), f"deckgen lock new {place}"]
    return Problem(
        note.file,
        note.line,
        1,
        Severity.ERROR,
        "identity-doubt",
        f"is “{doubt.note.question}” a new note, or an edited one that stands here no longer: {' or '.join(sides)}?",
        " or: ".join(commands),
    )
