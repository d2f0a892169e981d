"""The third stage: match the notes with the entries of the lock, and make the next lock."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from deckgen.command_word import word
from deckgen.identity.fingerprint import Fingerprint, fingerprint
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, MadeFor, line_of
from deckgen.identity.lost import many_retired_problems
from deckgen.identity.reconcile import AmbiguousNote, reconcile
from deckgen.identity.stamp import Content, StampedLock, content_of, stamp
from deckgen.identity.states import with_one_state
from deckgen.identity.types import type_row
from deckgen.model import Note, RenderedNote
from deckgen.notetypes.masks import number_cards, with_masks
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import Project, deck_name
from deckgen.sources import read_lock, types_of


def identify(
    project: Project,
    rendered: Sequence[RenderedNote],
    old: Lock,
    now: int,
    retire: Sequence[Path],
    originals: Mapping[str, str],
    fingerprint_of: Callable[[Note], Fingerprint] = fingerprint,
    content_of: Callable[[RenderedNote], Content] = content_of,
    *,
    whole: bool = True,
) -> tuple[list[RenderedNote], StampedLock]:
    """Return the notes and the next lock. The cards of image-occlusion notes are numbered as in the lock.

    `now` is the time of the build in seconds (Unix time). Many notes of the files and folders `retire` may be retired.
    `originals` maps the ids of the notes that are translated to their digests. `fingerprint_of` and `content_of` may remember
    what the functions of these names return.
    Raises DeckError if a note may be one of several entries of the lock, or if many other notes would be retired. If these are not all notes
    and entries of the `whole` deck, raises OtherNotesNeededError when a note must be compared with all entries.
    """
    prints = [fingerprint_of(item.note) for item in rendered]
    old = with_one_state(old, prints)
    found = reconcile(prints, old.notes, project.id, whole=whole)
    if found.ambiguous:
        raise DeckError(
            _ambiguity_problem(project, rendered[prints.index(doubt.note)].note, doubt) for doubt in found.ambiguous
        )
    if lost := list(many_retired_problems(project, found.removed, old, retire)):
        raise DeckError(lost)
    own = types_of(project, old).own_kinds
    in_use = {item.notetype.kind: item.notetype for item in rendered}
    types = [type_row(each, project.id, kind in own) for kind, each in in_use.items()]
    numbers = [number_cards(item.parts, entry.parts if entry else {}) for item, entry in zip(rendered, found.entries)]
    rendered = [with_masks(item, cards) if item.parts else item for item, cards in zip(rendered, numbers)]
    old = replace(old, made_for=(MadeFor(project.id, deck_name(project.name)),))
    return rendered, stamp(prints, [content_of(item) for item in rendered], found, types, old, now, numbers, originals)


def _ambiguity_problem(project: Project, note: Note, doubt: AmbiguousNote) -> Problem:
    """Return the problem. It shows the note, the entries that may be it, and the commands that decide."""
    lock_path = project.root / LOCK_FILE
    text, _ = read_lock(project.root)
    sides = [f"“{entry.question}” of {entry.file} ({lock_path}:{line_of(entry.guid, text)})" for entry in doubt.entries]
    place = word(f"{note.file}:{note.line}")
    commands = [*(f"deckgen lock same {entry.guid} {place}" for entry in doubt.entries), f"deckgen lock new {place}"]
    return Problem(
        note.file,
        note.line,
        1,
        Severity.ERROR,
        "identity-doubt",
        f"is “{doubt.note.question}” a new note, or an edit of a note that is not here any more: {' or '.join(sides)}?",
        " or: ".join(commands),
    )
