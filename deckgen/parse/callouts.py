"""The callouts of Obsidian in a document: quotes that begin with `[!question] title`, also in lists and in other callouts."""

import re

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.answer_labels import hides_an_answer, is_hint, names_an_answer
from deckgen.parse.document import Document

# The names of two kinds of callouts.
_ASKS = frozenset(("question", "help", "faq"))
_ANSWERS = frozenset(("success", "check", "done"))
_MARKS = lazy_pattern(r"(?:[ \t]*>)*")
_OPENER = lazy_pattern(
    r"[ \t]*(?:>[ \t]*)+\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*+(?P<title>.*?)(?:(?<![ \t])[ \t]++)?$"
)
# Deeper callouts are text of the outer ones. Each level is one more call, and Python allows no thousands.
_DEEPEST = 8


class Callout(Struct, frozen=True):
    """The lines with indices `first` to `last`, behind `depth` marks of a quote, and the callouts in it. `title` is None if it has none."""

    first: int
    last: int
    depth: int
    kind: str
    title: Text | None
    inner: tuple["Callout", ...]

    @property
    def asks(self) -> bool:
        """Whether its kind says that it is a question, and its title does not say that it is an answer."""
        return self.kind in _ASKS and not (self.title and hides_an_answer(self.title.source))

    @property
    def answers(self) -> bool:
        """Whether it says that the answer to a question is in it."""
        title = self.title.source if self.title else self.kind
        known = self.title is not None and self.kind in _ASKS | _ANSWERS
        return hides_an_answer(title) and (known or names_an_answer(title))

    @property
    def may_answer(self) -> bool:
        """Whether it is the answer if it is in a question, or right below one."""
        return self.answers or (
            not self.asks and (hides_an_answer(self.title.source) if self.title else self.kind in _ANSWERS)
        )

    @property
    def is_hint(self) -> bool:
        return is_hint(self.title.source if self.title else self.kind)


def callouts(document: Document, first: int, last: int) -> tuple[Callout, ...]:
    """The callouts in the lines with indices `first` to `last`, with those in them."""
    found: list[Callout] = []
    i = first
    while i <= last:
        opener = _opener_at(document, i) if "[!" in document.lines[i].text else None
        depth, end = depth_at(document, i) if opener else 0, i
        while opener and end < last and depth_at(document, end + 1) >= depth:
            end += 1
        if opener:
            inner = callouts(document, i + 1, end)
            found.append(Callout(i, end, depth, opener["kind"].lower(), _title(opener, i), inner))
        i = end + 1
    return tuple(found)


def _opener_at(document: Document, index: int) -> re.Match[str] | None:
    """The first line of a callout. It is the first line of its quote."""
    opener = _OPENER.match(document.lines[index].text) if document.lines[index].open else None
    above = depth_at(document, index - 1) if index else 0
    return opener if opener and above < depth_at(document, index) <= _DEEPEST else None


def is_late_question(document: Document, index: int) -> bool:
    """Whether a line has the sign of a callout that asks, and is not the first line of its quote."""
    line = document.lines[index]
    sign = _OPENER.match(line.text) if "[!" in line.text and line.open else None
    return sign is not None and sign["kind"].lower() in _ASKS and _opener_at(document, index) is None


def depth_at(document: Document, index: int) -> int:
    """The number of marks of quotes at the beginning of a line."""
    marks = _MARKS.match(document.lines[index].text)
    return marks[0].count(">") if marks else 0


def _title(opener: re.Match[str], index: int) -> Text | None:
    return Text(opener["title"], index + 1, opener.start("title") + 1) if opener["title"] else None


def bare_line(document: Document, index: int) -> str:
    """A line without its marks of quotes."""
    return _MARKS.sub("", document.lines[index].text, count=1).strip()


def quote_marks(callout: Callout) -> dict[int, int]:
    """Number of a line → its marks of quotes that are no part of the text."""
    return dict.fromkeys(range(callout.first + 1, callout.last + 2), callout.depth)
