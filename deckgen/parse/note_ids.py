"""Ids that other tools leave at their notes. They are explicit ids here.

`<!--ID: 1612509025074-->` and `ID: 1612509025074` Obsidian_to_Anki and inka, `^1612509025074` flashcards-obsidian,
`<!-- note_key: 2fd62bcaa861 -->` AnkiOps, `id:: …` Logseq.
"""

import re
from collections.abc import Iterable

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.question import Attributes

_ID = r"[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?"
_LINE = lazy_pattern(
    rf"[ \t>]*(?:<!--[ \t]*(?:ID|note_?key|note_?id)[ \t]*:[ \t]*(?P<comment>{_ID})[ \t]*-->|ID:[ \t]*(?P<plain>\d+)"
    rf"|\^(?P<block>{_ID})|id::[ \t]*(?P<property>{_ID}))[ \t]*$",
    re.I,
)
_BEHIND = lazy_pattern(
    rf"(?:(?<![ \t])[ \t]++)?(?:<!--[ \t]*(?:ID|note_?key|note_?id)[ \t]*:[ \t]*(?P<comment>{_ID})[ \t]*-->|(?<=[ \t])\^(?P<block>{_ID}))[ \t]*$",
    re.I,
)


def id_line(text: str) -> str | None:
    """The id that a line names, where it holds nothing else."""
    match = _LINE.match(text)
    return match[match.lastgroup] if match and match.lastgroup else None


def id_behind(text: str) -> tuple[int, str] | None:
    """Where the id behind the text of a line begins, with the blanks before it, and the id."""
    match = _BEHIND.search(text)
    return (match.start(), match[match.lastgroup]) if match and match.lastgroup else None


def with_id(attributes: Attributes, ids: Iterable[str | None], classes: Iterable[str] = ()) -> Attributes:
    """Attributes with the first of some ids that other tools left, unless the author wrote one, and with more classes."""
    own = attributes.id or next((each for each in ids if each), None)
    return replace(attributes, id=own, classes=attributes.classes | frozenset(classes))
