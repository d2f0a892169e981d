"""Clozes as other tools write them, rewritten as Anki has them: `{x}`, `{1:x}`, `{c1|x}`, `{{x}}`, `==x==`, `**x**`, `{{cloze x}}`.

Clozes without a number get 1, 2, … in reading order, whatever numbers others have, as Obsidian_to_Anki counts.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from itertools import count

from msgspec import Struct

from deckgen.cloze.source import Mark, find_cloze_marks
from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.text_parts import visible
from deckgen.parse.texts import Cut, rewritten

CURLY = lazy_pattern(
    r"(?<![\\{$#%\])])(?P<open>\{(?:c?(?P<number>\d{1,3})(?:::|[:|])[ \t]?)?)(?![#.:{ \t]|[\w-]+=)(?P<body>[^{}\n]+)(?P<close>\})(?!\})"
)
DOUBLE = lazy_pattern(
    r"(?<![\\{])(?P<open>\{\{(?:(?P<number>\d{1,3})::)?)(?!c\d|cloze[ \t]|[<%#\s])(?P<body>[^{}\n]+)(?P<close>\}\})(?!\})"
)
LOGSEQ = lazy_pattern(
    r"(?<![\\{])(?P<open>\{\{(?:cloze|c(?P<number>\d{1,3}))[ \t]+)(?P<body>(?:(?!\}\})[^\n])+?)(?P<close>[ \t]*\}\})"
)
HIGHLIGHT = lazy_pattern(
    r"(?<![\\=A-Za-z0-9!<>])(?P<open>==(?:c?(?P<number>\d{1,3})(?:::|[:|]))?)(?![\s=])(?P<body>(?:(?!==)[^\n])+?)(?<![\s=])"
    r"(?P<close>==(?:\^\[(?P<hint>[^\[\]\n]+)\])?(?:\[\^(?P<later>\d{1,3})\])?)(?![=A-Za-z0-9])"
)
BOLD = lazy_pattern(
    r"(?<![\\*A-Za-z0-9])(?P<open>\*\*)(?![\s*])(?P<body>(?:(?!\*\*)[^\n])+?)(?<![\s*])(?P<close>\*\*)(?![*A-Za-z0-9])"
)


class _Found(Struct, frozen=True):
    """A cloze in a source: where its marks begin and end, its number, and where the hint behind it begins and ends."""

    start: int
    body: int
    close: int
    end: int
    number: str | None
    hint: tuple[int, int] | None


def has_clozes_of(source: str, *styles: re.Pattern[str]) -> bool:
    """Whether a source holds a cloze in one of the styles, or as Anki writes it."""
    if not may_have_clozes(source, styles):
        return False
    shown = visible(source)
    return next(_clozes(shown, styles), None) is not None or next(find_cloze_marks(shown), None) is not None


def may_have_clozes(source: str, styles: Collection[re.Pattern[str]]) -> bool:
    """Whether a source has the marks without which it has no cloze in one of the styles, or as Anki writes it."""
    return "{" in source or "==" in source or (BOLD in styles and "**" in source)


def with_clozes_of(text: Text, *styles: re.Pattern[str]) -> Text:
    """The text with its clozes in some styles as Anki writes them. Clozes of Anki's own stay."""
    numbers = count(1)
    cuts: list[Cut] = []
    for each in _clozes(visible(text.source), styles):
        cuts.append((each.start, each.body, f"{{{{c{each.number or next(numbers)}::"))
        if each.hint:
            cuts += [(each.close, each.hint[0], "::"), (each.hint[1], each.end, "}}")]
        else:
            cuts.append((each.close, each.end, "}}"))
    return rewritten(text, cuts)


def _clozes(shown: str, styles: tuple[re.Pattern[str], ...]) -> Iterator[_Found]:
    """The clozes in reading order, none inside another."""
    ankis = _ankis_own(shown)
    starts = [start for start, _ in ankis]
    found = sorted((match for style in styles for match in style.finditer(shown)), key=lambda match: match.start())
    last = 0
    for match in found:
        before = bisect_left(starts, match.end())
        if match.start() < last or (before and match.start() < ankis[before - 1][1]):
            continue
        last = match.end()
        groups = match.groupdict()
        yield _Found(
            match.start(),
            match.end("open"),
            match.start("close"),
            match.end(),
            groups.get("number") or groups.get("later"),
            match.span("hint") if groups.get("hint") else None,
        )


def _ankis_own(shown: str) -> list[tuple[int, int]]:
    """Start and end of the clozes that are written as Anki has them, in order, without those inside others."""
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    for start, end, mark in find_cloze_marks(shown):
        if mark is Mark.OPEN:
            opened.append(start)
        elif mark is Mark.CLOSE:
            first = opened.pop()
            while found and found[-1][0] > first:
                found.pop()
            found.append((first, end))
    return found
