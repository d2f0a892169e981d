"""The lock of an imported deck: the identities and times of the package."""

from collections.abc import Sequence

from deckgen.identity.fingerprint import fingerprint
from deckgen.identity.lock import Lock, LockEntry, MadeFor, dump_lock
from deckgen.identity.note_entry import entry_of
from deckgen.identity.reconcile import Reconciliation
from deckgen.identity.stamp import Content, content_of, stamp
from deckgen.identity.types import type_row
from deckgen.importer.types import PlannedType
from deckgen.model import RenderedNote
from deckgen.notetypes import NoteTypes
from deckgen.package.contents import PackedNote
from deckgen.project import Project, deck_name

_LAST = 2**32 - 2  # the latest time that a lock stores, in seconds since 1970


def with_package_ids(types: NoteTypes, planned: Sequence[PlannedType]) -> NoteTypes:
    """The note types with the ids of the package."""
    return types.with_ids({each.kind: each.ids for each in planned})


def lock_text(
    project: Project,
    rendered: Sequence[RenderedNote],
    packed: Sequence[PackedNote],
    same: Sequence[bool],
    types: NoteTypes,
    planned: Sequence[PlannedType],
    now: int,
) -> str:
    """The text of deck.lock. Item i of `rendered`, `packed` and `same` is about the same note.

    A note that is the `same` as in the package keeps its time of change, so that an import of the next package changes nothing for learners.
    Other notes get a later time. `now` is the time of the import, in seconds (Unix time).
    """
    prints = [fingerprint(each.note) for each in rendered]
    contents = [content_of(each) for each in rendered]
    entries = tuple(
        _entry(note, content, guid_of, unchanged)
        for note, content, guid_of, unchanged in zip(rendered, contents, packed, same)
    )
    rows = tuple(type_row(types[each.kind], project.id, True, _time(each.packed.mod)) for each in planned)
    old = Lock(types=rows, made_for=(MadeFor(project.id, deck_name(project.name)),))
    found = Reconciliation(tuple(each.guid for each in packed), entries, (), ())
    return dump_lock(stamp(prints, contents, found, rows, old, now, [{} for _ in prints], {}).lock)


def _entry(rendered: RenderedNote, content: Content, packed: PackedNote, same: bool) -> LockEntry:
    """The entry of a note as if a build had made the package. Its digest is empty if its fields changed."""
    fields = content.fields if same else ""
    return entry_of(packed.guid, fingerprint(rendered.note), fields=fields, mod=_time(packed.mod))


def _time(seconds: int) -> int:
    return min(seconds, _LAST)
