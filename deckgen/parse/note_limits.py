"""Limits for the text of a note, far above the notes that people learn with. Markdown takes minutes for some texts above them."""

import re
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text

_MOST_CHARACTERS = 1_000_000
_MOST_LINES = 5_000
_MOST_SIGNS = 20_000
_SIGNS = "\\*_`[<&!~^=:{$"
_MOST_OPEN = 500
# An opening mark, its closing mark, and how the message writes the opening mark.
_PAIRS = (
    (re.compile(r"<[a-zA-Z/!?]|>"), ">", "a tag <"),
    (re.compile(r"\]\(|\)"), ")", "a link ]("),
)
_TICKS = lazy_pattern("`+")
_MOST_TICK_LENGTHS = 20
# Headings and rules with no empty line below them: Markdown reads the rest of the paragraph again for each.
_STACKED = lazy_pattern(r"^ {0,3}(?:#.*|[-*_](?:[ \t]*[-*_]){2,}[ \t]*)\n(?=[ \t]*\S)", re.M)
_MOST_STACKED = 1_000
# Markdown writes a link back for each reference, and walks through the list of them again for each.
_FOOTNOTE = lazy_pattern(r"\[\^([^\[\]\n]{1,99})\](?!:)")
_MOST_REFERENCES = 1_000
_DEEPEST = 200  # columns before the sign of a list item: 50 levels of 4
_DEEP_ITEM = lazy_pattern(rf"^[ \t]{{{_DEEPEST},}}(?:[-*+]|\d+[.)])[ \t]", re.M)


def excess(text: Text) -> str:
    """Return what is too much in a text of a note, as words that follow "the note". "" if nothing is."""
    source = text.source
    return next(_excesses(source), "") if len(source) > _DEEPEST else ""


def _excesses(source: str) -> Iterator[str]:
    if len(source) > _MOST_CHARACTERS:
        yield f"has {len(source)} characters, and {_MOST_CHARACTERS} are allowed"
        return
    if (lines := source.count("\n") + 1) > _MOST_LINES:
        yield f"has {lines} lines, and {_MOST_LINES} are allowed"
    if lines > _MOST_STACKED and (count := sum(1 for _ in _STACKED.finditer(source))) > _MOST_STACKED:
        yield f"has {count} headings and rules without an empty line below them, and {_MOST_STACKED} are allowed"
    if source.count("[^") > _MOST_REFERENCES:
        label, count = max(Counter(_FOOTNOTE.findall(source)).items(), key=itemgetter(1), default=("", 0))
        if count > _MOST_REFERENCES:
            yield f"refers to the footnote {label} {count} times, and {_MOST_REFERENCES} times are allowed"
    for sign in _SIGNS:
        if (count := source.count(sign)) > _MOST_SIGNS:
            yield f"has the sign {sign} {count} times, and {_MOST_SIGNS} times are allowed"
    for marks, closing, name in _PAIRS:
        if source.count(name[-1]) > _MOST_OPEN and _most_open(source, marks, closing) > _MOST_OPEN:
            yield f"has more than {_MOST_OPEN} times {name} that is never closed"
    if source.count("``") > _MOST_TICK_LENGTHS and (
        len({len(match[0]) for match in _TICKS.finditer(source)}) > _MOST_TICK_LENGTHS
    ):
        yield f"has runs of backticks of more than {_MOST_TICK_LENGTHS} lengths"
    if _DEEP_ITEM.search(source):
        yield f"has a list item behind {_DEEPEST} blanks or more"


def _most_open(source: str, marks: re.Pattern[str], closing: str) -> int:
    """The greatest number of opening marks without a closing mark behind them."""
    depth = most = 0
    for match in marks.finditer(source):
        depth = max(depth - 1, 0) if match[0] == closing else depth + 1
        most = max(most, depth)
    return most
