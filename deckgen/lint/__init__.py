"""Weaknesses of notes that are not errors. Each lint is a row (`Lint`) in a module of this folder; nothing else names it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem
from deckgen.tables import rows_of

LINTS = {row.name: row for row in rows_of(__name__, __path__, Lint)}
# The lints that are nearly always right. The others are a matter of taste.
USUAL_LINTS = tuple(row.name for row in LINTS.values() if row.usual)


def keys_of(item: RenderedNote) -> dict[str, str]:
    """Return the keys of a note, by the codes of the lints that compare notes."""
    return {code: row.key(item) for code, row in LINTS.items() if row.key}


def lint(
    notes: Sequence[RenderedNote],
    codes: Collection[str],
    keys: Callable[[RenderedNote], Mapping[str, str]] = keys_of,
) -> Iterator[Problem]:
    """The problems that the lints with these codes find in the notes of one deck. `keys` may remember what `keys_of` returns."""
    for code, row in LINTS.items():
        if code in codes and row.key:
            for group in _groups((keys(item)[code], item) for item in notes):
                yield from row.find(group)
        elif code in codes:
            yield from row.find(notes)


def _groups(keyed: Iterable[tuple[str, RenderedNote]]) -> Iterator[list[RenderedNote]]:
    """The notes that have their key with others."""
    groups: dict[str, list[RenderedNote]] = defaultdict(list)
    for key, item in keyed:
        groups[key].append(item)
    return (group for group in groups.values() if len(group) > 1)
