"""Formats what a build changed, as lines and as JSON."""

from collections.abc import Iterator
from typing import Any

import click

from deckgen.build_result import BuildResult, Change, EntryChange
from deckgen.cli.problem_formats import count_severities
from deckgen.cli.report import many, size
from deckgen.cli.terminal import printable

_COLOURS = {"added": "green", "changed": "yellow", "retired": "red", "look": "yellow"}
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


def summary(built: BuildResult, limit: int | None, seconds: float) -> Iterator[str]:
    """Yield the lines that describe a build. `limit` is the largest number of changed notes that are named. None means all."""
    yield f"{built.package}: {_contents(built)}"
    yield from lines(built, limit)
    yield f"{_counts(built)}, in {seconds:.1f} s"


def terminal_summary(built: BuildResult, limit: int | None, seconds: float) -> Iterator[str]:
    """Yield the same lines for a terminal: in colour, the package last, with the number of problems."""
    for line in lines(built, limit):
        word = line.split(" ", 1)[0]
        yield printable(line).replace(word, click.style(word, fg=_COLOURS.get(word)), 1)
    if built.changes or built.looks:
        yield ""
    yield click.style(str(built.package), bold=True)
    yield f"  {_contents(built)}"
    yield f"  {_counts(built)}"
    yield f"  {count_severities(built.problems) or 'no problems'}, in {seconds:.1f} s"


def _contents(built: BuildResult) -> str:
    return f"{many(built.notes, 'note')}, {many(built.cards, 'card')}, {built.media} media, {size(built.size)}"


def _counts(built: BuildResult) -> str:
    return f"{built.added} added, {built.changed} changed, {built.unchanged} unchanged, {built.retired} retired"


def next_step(built: BuildResult) -> str:
    """Return what the user does after a build. "" if the package is as before."""
    if not (built.changes or built.looks):
        return ""
    step = "import the package in Anki with File → Import"
    if built.added == built.notes:
        return f"{step}, and keep deck.lock with your notes: it has their identities"
    return f"{step}, as before"


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
