"""Texts cut out of a note file: parts of lines, without signs of a dialect, without the indentation of a container."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Set
from itertools import accumulate

from msgspec.structs import replace

from deckgen.model import Text
from deckgen.parse.document import Document

_TAB = 4
Cut = tuple[int, int, str]
"""Start and end of a stretch of a text, and what stands there instead. No line break is in either."""


def cut(document: Document, start: int, end: int, *, without: Set[int] = frozenset(), indent: int = 0) -> Text:
    """The source from offset `start` to `end`, without blank lines around it.

    Lines (1-based) in `without` stay as empty lines. Up to `indent` columns of white space are taken from the beginning of each whole line.
    """
    number = document.line_at(start)
    if not indent and not without:
        return _whole(document, start, end, number)
    pieces: list[tuple[int, int, str]] = []
    for i in range(number - 1, len(document.lines)):
        line = document.lines[i]
        if line.start >= end and pieces:
            break
        first = max(start, line.start)
        piece = document.source[first : min(end, line.start + len(line.text))]
        taken = _indented(piece, indent) if first == line.start else 0
        shown = "" if line.number in without or not piece.strip() else piece[taken:]
        pieces.append((line.number, first - line.start + taken, shown))
    while pieces and not pieces[-1][2]:
        pieces.pop()
    while pieces and not pieces[0][2]:
        pieces.pop(0)
    return _joined(pieces, indent) if pieces else Text("", number)


def _whole(document: Document, start: int, end: int, number: int) -> Text:
    """The same as `cut`, in less time, if no lines and no indentation are taken. `number` is that of the line at `start`."""
    rows = [row if row.strip() else "" for row in document.source[start:end].split("\n")]
    first = next((n for n, row in enumerate(rows) if row), None)
    if first is None:
        return Text("", number)
    last = next(n for n in range(len(rows), 0, -1) if rows[n - 1])
    column = 1 if first else start - document.lines[number - 1].start + 1
    return Text("\n".join(rows[first:last]), number + first, column)


def cut_lines(
    document: Document, first: int, last: int, *, column: int = 0, without: Set[int] = frozenset(), indent: int = 0
) -> Text:
    """The lines with indices `first` to `last`, both included, from the character `column` (0-based) of the first one on.

    A rule at the end parts it from what follows, and goes too.
    """
    while last > first and (document.lines[last].blank or document.is_thematic_break(last)):
        last -= 1
    if first > last or first >= len(document.lines):
        return Text("", min(first + 1, len(document.lines)))
    end = document.lines[last].start + len(document.lines[last].text)
    return cut(document, document.lines[first].start + column, end, without=without, indent=indent)


def common_indent(document: Document, first: int, last: int) -> int:
    """The fewest columns of white space before a line that is not blank, among those with indices `first` to `last`."""
    lines = (line for line in document.lines[first : last + 1] if not line.blank)
    return min((columns(line.text) for line in lines), default=0)


def columns(text: str) -> int:
    """The width of the white space before a text."""
    blanks = text[: len(text) - len(text.lstrip(" \t"))]
    return len(blanks.expandtabs(_TAB)) if "\t" in blanks else len(blanks)


def rewritten(text: Text, cuts: Iterable[Cut]) -> Text:
    """A text with other words in some places, which are in order and do not overlap. What is left keeps its place in the file."""
    cuts = tuple(cuts)
    if not cuts:
        return text
    ends = [end for _, end, _ in cuts]
    grown = list(accumulate((len(words) - (end - start) for start, end, words in cuts), initial=0))

    def moved(offset: int) -> int:
        return offset + grown[bisect_right(ends, offset)]

    shifts = [(moved(at), by) for at, by in text.shifts]
    shifts += [(moved(end), end - start - len(words)) for start, end, words in cuts]
    kept = [text.source[end:start] + words for end, (start, _, words) in zip([0, *ends], cuts)]
    return replace(text, source="".join([*kept, text.source[ends[-1] :]]), shifts=tuple(sorted(shifts)))


def trimmed(text: Text) -> Text:
    """A text without blank lines around it and without blanks at its end."""
    source = text.source.rstrip()
    lines = source.split("\n")
    blank = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not blank:
        return text if source == text.source else replace(text, source=source)
    cut = sum(len(line) + 1 for line in lines[:blank])
    shifts = tuple((at - cut, by) for at, by in text.shifts if at >= cut)
    return replace(text, source=source[cut:], line=text.line + blank, column=text.indent + 1, shifts=shifts)


def _indented(piece: str, indent: int) -> int:
    """How many characters at the beginning of a line are the indentation of its container."""
    width = taken = 0
    while taken < len(piece) and piece[taken] in " \t" and width < indent:
        width = width + 1 if piece[taken] == " " else (width // _TAB + 1) * _TAB
        taken += 1
    return taken


def _joined(pieces: list[tuple[int, int, str]], indent: int) -> Text:
    """A text out of lines, each with its number, the characters that were cut off before it, and what is left."""
    return Text(
        "\n".join(shown for _, _, shown in pieces),
        pieces[0][0],
        pieces[0][1] + 1,
        indent,
        tuple(_shifts(pieces, indent)),
    )


def _shifts(pieces: list[tuple[int, int, str]], indent: int) -> Iterator[tuple[int, int]]:
    """Where lines lack some of the indentation."""
    offset = 0
    for n, (_, taken, shown) in enumerate(pieces):
        if n and shown and taken != indent:
            yield offset, taken - indent
        offset += len(shown) + 1
