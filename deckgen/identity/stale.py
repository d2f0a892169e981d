"""Report that a lock is out of date, and why."""

from collections.abc import Iterator, Sequence

from deckgen.identity.changes import Change, EntryChange
from deckgen.identity.stamp import StampedLock
from deckgen.problems import Problem, Severity


def stale_lock_problems(
    stamped: StampedLock, changes: Sequence[EntryChange], lock: str, named: int | None
) -> Iterator[Problem]:
    """Yield an error at the lock, and an info for each note that differs.

    `lock` is the path of the lock. `named` is the largest number of notes to name; None means all.
    """
    counts = f"{stamped.added} added, {stamped.changed} changed, {stamped.retired} retired"
    yield Problem(
        lock,
        0,
        0,
        Severity.ERROR,
        "lock-stale",
        f"the lock is not up to date: {'; '.join([counts, *_more(stamped, changes, named)])}",
        "run deckgen build, then commit the lock",
    )
    for item in changes[:named]:
        what = "only the lock changes" if item.change is Change.RECORDED else item.change
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
    """Yield the differences that the counts do not show."""
    if stamped.changed_types:
        yield f"the templates or CSS of {', '.join(stamped.changed_types)} notes changed"
    if not changes and not stamped.changed_types:
        yield "no note differs, but the order of the notes, the name of the deck or the format of the lock does"
    if named is not None and len(changes) > named:
        yield f"{named} of the {len(changes)} notes that differ are listed; --verbose lists all"
