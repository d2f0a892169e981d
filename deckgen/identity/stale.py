"""Report a lock that does not fit the notes: what is out of date, and why."""

from collections.abc import Iterator, Sequence

from deckgen.identity.changes import Change, EntryChange
from deckgen.identity.stamp import StampedLock
from deckgen.problems import Problem, Severity


def stale_lock_problems(
    stamped: StampedLock, changes: Sequence[EntryChange], lock: str, named: int | None
) -> Iterator[Problem]:
    """The error, at the path of the lock, and up to `named` of the notes that differ (None: all), each at its place."""
    counts = f"{stamped.added} added, {stamped.changed} changed, {stamped.retired} retired"
    yield Problem(
        lock,
        0,
        0,
        Severity.ERROR,
        "lock-stale",
        f"the lock is not up to date: {'; '.join([counts, *_more(stamped, changes, named)])}",
        "deckgen build brings it up to date; commit it",
    )
    for item in changes[:named]:
        what = "the package is the same, the lock is not" if item.change is Change.RECORDED else item.change
        yield Problem(
            item.file,
            item.line,
            1 if item.line else 0,
            Severity.INFO,
            "lock-stale",
            f"{what}: “{item.question}”",
            ", ".join(item.reasons),
        )


def _more(stamped: StampedLock, changes: Sequence[EntryChange], named: int | None) -> Iterator[str]:
    """What the counts do not tell."""
    if stamped.changed_types:
        yield f"templates or CSS changed of {', '.join(stamped.changed_types)} notes"
    if not changes and not stamped.changed_types:
        yield "no note differs, but their order, the name of the deck or the format of the lock does"
    if named is not None and len(changes) > named:
        yield f"{named} of the {len(changes)} notes that differ are named, --verbose names all"
