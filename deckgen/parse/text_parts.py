"""Parts of a text that keep their places: a stretch, a front in its two parts, a quote without its marks."""

import re
from collections.abc import Mapping

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.question import Attributes, question_text
from deckgen.parse.texts import rewritten
from deckgen.scan import CODE_KINDS, Scan, SpanKind, scan

_HIDDEN = CODE_KINDS | {SpanKind.FORMULA, SpanKind.VERBATIM, SpanKind.FRONT_MATTER}
_QUOTE_MARK = lazy_pattern(r"[ \t]{0,3}>[ \t]?", re.M)
_BLANK_LINES = lazy_pattern(r"(?:[ \t]*+\n)*+")
_BREAK = lazy_pattern(r"\n(?=[ \t]*(?:\n|[-*+][ \t]|\d+[.)][ \t]|>|\||!\[|\$\$|`{3}|~{3}|</?[a-zA-Z]))")


def part(text: Text, start: int, end: int) -> Text:
    """The stretch of a text between two offsets, without white space around it."""
    stretch = text.source[start:end]
    start += len(stretch) - len(stretch.lstrip())
    line, column = text.place(start)
    shifts = tuple((at - start, by) for at, by in text.shifts if start < at <= end)
    return Text(stretch.strip(), line, column, text.indent, shifts)


def split_front(text: Text) -> tuple[Text, Attributes, tuple[Text, ...]]:
    """A front as the question, which is its first paragraph, its attributes, and what is given with the question."""
    found = scan(text.source)
    ends = (match.start() for match in _BREAK.finditer(text.source) if found.covering(match.start()) is None)
    end = next((end for end in ends if end), len(text.source))
    first, rest = part(text, 0, end), part(text, end, len(text.source))
    question, attributes = question_text(first.source, first.line, first.column)
    skipped = first.source.find(question.source)
    moved = tuple((at - skipped, by) for at, by in first.shifts if at > skipped)
    question = replace(question, indent=text.indent, shifts=moved)
    return question, attributes, (rest,) if rest.source else ()


def unquoted(text: Text) -> Text:
    """A text without the mark of one block quote at the beginning of its lines."""
    cuts, start = [], 0
    for line in text.source.split("\n"):
        if match := _QUOTE_MARK.match(line):
            cuts.append((start, start + match.end(), ""))
        start += len(line) + 1
    return rewritten(text, cuts)


def without_quote_marks(text: Text, marks: Mapping[int, int]) -> Text:
    """A text without marks of block quotes, and without blank lines around it. `marks` has how many to remove, by the number of the line."""
    cuts, start = [], 0
    for number, line in enumerate(text.source.split("\n"), text.line):
        end = 0
        for _ in range(marks.get(number, 0)):
            if match := _QUOTE_MARK.match(line, end):
                end = match.end()
        if end:
            cuts.append((start, start + end, ""))
        start += len(line) + 1
    bare = rewritten(text, cuts)
    blank = _BLANK_LINES.match(bare.source)
    start = blank.end() if blank else 0
    first, column = bare.place(start)
    shifts = tuple((at - start, by) for at, by in bare.shifts if at > start)
    return Text(bare.source[start:].rstrip(), first, column, bare.indent, shifts)


def visible(source: str, found: Scan | None = None) -> str:
    """The source with code, comments, formulas, tags and link targets blanked out; offsets stay."""
    return (found or scan(source)).blanked(source, _HIDDEN, "\0")
