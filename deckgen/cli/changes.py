"""Formats what a build changed, as lines and as JSON."""

from collections.abc import Iterator
from typing import Any

from deckgen.build_result import BuildResult, Change, EntryChange

_COUNTS = ("notes", "cards", "media", "added", "changed", "unchanged", "retired")


def lines(built: BuildResult, limit: int | None) -> Iterator[str]:
    """Yield a line for each note type with changed templates or CSS, and for each changed note.

    `limit` is the largest number of notes. None means all.
    """
    for kind in built.looks:
        yield f"look     {kind} notes: templates or CSS"
    for item in built.changes[:limit]:
        reasons = f" ({', '.join(item.reasons)})" if item.reasons else ""
        yield f"{item.change:9}{item.place}: {item.question}{reasons}"
    if limit is not None and (more := len(built.changes) - limit) > 0:
        yield f"and {more} more; --verbose shows all"


def as_json(built: BuildResult) -> dict[str, Any]:
    """Return the build as `--json` prints it."""
    named = {
        f"{change}_notes": [_json(item) for item in built.changes if item.change is change]
        for change in (Change.ADDED, Change.CHANGED, Change.RETIRED)
    }
    return {
        "package": str(built.package),
        "version": built.version,
        **{key: getattr(built, key) for key in _COUNTS},
        **named,
        "changed_notetypes": list(built.looks),
    }


def _json(item: EntryChange) -> dict[str, Any]:
    return {
        "guid": item.guid,
        "file": item.file,
        "line": item.line or None,
        "question": item.question,
        "reasons": list(item.reasons),
    }
