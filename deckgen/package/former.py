"""Rows that are copied from the collection of a former package, for notes that did not change.

SQLite copies them. To make them again in Python would take longer.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from deckgen.package.groups import NoteGroup, Place
from deckgen.package.rows import DUE_STEP

# The ids of all rows of a group are moved by one number, and the positions of its new cards by another.
_COPY = (
    "INSERT INTO main.notes SELECT id + :ids, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data"
    " FROM former.notes WHERE id BETWEEN :first AND :last",
    "INSERT INTO main.cards SELECT id + :ids, nid + :ids, did, ord, mod, usn, type, queue, due + :dues, ivl, factor, reps, lapses, left,"
    " odue, odid, flags, data FROM former.cards WHERE id BETWEEN :first AND :last",
)


class FormerGroup(NamedTuple):
    """A group of notes, and where its rows are in the collection of a former package."""

    group: NoteGroup
    place: Place


class FormerPackage(Struct, frozen=True):
    """A former package of the same deck, with the same note types.

    `collection` returns the bytes of its collection. `groups` maps the guid of the last note of a group to the group.
    """

    collection: Callable[[], bytearray] = bytearray
    groups: Mapping[str, FormerGroup] = field(default_factory=dict)


NO_FORMER = FormerPackage()


class _Run(NamedTuple):
    """Rows with consecutive ids, from `first` to before `stop`, that are copied in one step. Ids grow by `ids`, positions of cards by `dues`."""

    first: int
    stop: int
    ids: int
    dues: int


def copy_rows(
    connection: sqlite3.Connection, former: FormerPackage, moves: Iterable[tuple[FormerGroup, Place]]
) -> None:
    """Copy the rows of groups from a former package to their new places. What was written before is committed."""
    if not former.groups:
        return
    connection.commit()
    connection.execute("ATTACH ':memory:' AS former")
    connection.deserialize(former.collection(), name="former")
    for run in _joined(sorted(run for group, place in moves for run in _runs(group, place))):
        for statement in _COPY:
            connection.execute(statement, run._asdict() | {"last": run.stop - 1})
    connection.commit()
    # Its memory is used again.
    connection.execute("DETACH former")


def _runs(former: FormerGroup, place: Place) -> Iterator[_Run]:
    dues = DUE_STEP * (place.first - former.place.first)
    for deck, count in former.group.rows.items():
        first = former.place.ids[deck]
        yield _Run(first, first + count, place.ids[deck] - first, dues)


def _joined(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Join runs that follow each other and move alike. They are sorted."""
    last: _Run | None = None
    for run in runs:
        if last and last[1:] == (run.first, *run[2:]):
            last = last._replace(stop=run.stop)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last
