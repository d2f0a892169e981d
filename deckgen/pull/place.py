"""Write a new source of a text into its place in the note file. Characters that the text leaves out stay.

The result is a proposal: the caller parses the file again, and uses the result only if the notes are the intended ones.
"""

import itertools
from collections.abc import Iterator, Sequence

from deckgen.merge import words
from deckgen.merge.edits import Edit, edits
from deckgen.model import Text
from deckgen.pull.raw_lines import RawLines, Splice

Piece = tuple[int, int, int, str]
"""The offset in the source, the line and the column (1-based) in the file, and the characters of a stretch of a text."""


class NoPlace(Exception):
    """The new source has no place in the file. The message says why."""


def splices(file: RawLines, text: Text, source: str) -> Iterator[Splice]:
    """Yield the changes of the file that make `source` of a text. Raises NoPlace if the text has no line in the file."""
    if not text.source:
        raise NoPlace("the note has no such text yet")
    return _Placing(file, text).splices(source.split("\n"))


class _Placing:
    """One text in one file. Lines of the text are counted from 0."""

    def __init__(self, file: RawLines, text: Text):
        self._file = file
        self._text = text
        self._lines = text.source.split("\n")
        self._pieces: dict[int, list[Piece]] = {}
        for piece in text.pieces():
            self._pieces.setdefault(piece[1] - text.line, []).append(piece)

    def splices(self, wanted: Sequence[str]) -> Iterator[Splice]:
        """Yield the changes that make the lines `wanted` of the text."""
        for edit in edits(self._lines, wanted):
            if edit.start == edit.end == 0:
                # Nothing can be put above the first line: the signs of the dialect may be in front of it.
                edit = Edit(0, 1, (*edit.new, self._lines[0]))
            yield from self._changed_lines(edit)

    def _changed_lines(self, edit: Edit) -> Iterator[Splice]:
        same = min(edit.end - edit.start, len(edit.new))
        below = [*edit.new[same:]]
        for n in range(edit.start + same - 1, edit.start - 1, -1):
            new = edit.new[n - edit.start]
            if self._lines[n] or self._is_blank(n) or self._is_after_label(n):
                yield from self._changed_line(n, new)
            else:
                # The file has something here that the text leaves out.
                below = [new, *below]
        if below:
            above = max(edit.start + same - 1, 0)
            yield Splice(self._text.line + above, below=tuple(self._indented(each, above) for each in below))
        for n in range(edit.start + same, edit.end):
            yield from self._removed_line(n)

    def _changed_line(self, n: int, new: str) -> Iterator[Splice]:
        """Yield the changes that make `new` of a line."""
        old, number = self._lines[n], self._text.line + n
        if self._is_after_label(n):
            end = len(self._file.line(number))
            yield Splice(number, end, end, f" {new}")
            return
        if not old:
            line = self._indented(new, n)
            yield Splice(number, 0, len(self._file.line(number)), line)
            return
        offset = sum(len(line) + 1 for line in self._lines[:n])
        for start, end, inserted in _changed_stretches(old, new):
            yield from self._changed_stretch(n, start + offset, end + offset, inserted)

    def _changed_stretch(self, n: int, start: int, end: int, inserted: str) -> Iterator[Splice]:
        """Yield the changes that put other characters at the offsets `start` to `end` of the source, all in line `n`."""
        number = self._text.line + n
        for at, _, column, piece in self._pieces[n]:
            first, last = max(start, at), min(end, at + len(piece))
            if first > last or (first == last and start < end):
                continue
            self._require_in_file(number, column, piece)
            place = column - 1 + first - at
            yield Splice(number, place, place + last - first, inserted)
            inserted = ""
            if start == end:
                return

    def _removed_line(self, n: int) -> Iterator[Splice]:
        number = self._text.line + n
        if not self._lines[n]:
            if self._is_blank(n):
                yield Splice(number, removed=True)
            return
        pieces = self._pieces[n]
        before = self._file.line(number)[: pieces[0][2] - 1]
        after = self._file.line(number)[pieces[-1][2] - 1 + len(pieces[-1][3]) :]
        if _is_container(before) and not after.strip() and len(pieces) == 1:
            yield Splice(number, removed=True)
        else:
            yield from self._changed_line(n, "")

    def _indented(self, line: str, near: int) -> str:
        """A new line of the text as the file has it: with the indentation of the text's nearest line above that is not its first."""
        later = [n for n in self._pieces if n and n <= near] or [n for n in self._pieces if n]
        if later:
            n = max(later) if max(later) <= near else min(later)
            prefix = self._file.line(self._text.line + n)[: self._pieces[n][0][2] - 1]
        else:
            first = self._file.line(self._text.line)[: self._text.column - 1]
            is_prefix = _is_container(first) and (len(first) == self._text.indent or ">" in first)
            prefix = first if is_prefix else " " * self._text.indent
        return prefix + line if line else prefix.rstrip()

    def _is_blank(self, n: int) -> bool:
        """Whether the file has nothing on a line but the signs of a container."""
        return _is_container(self._file.line(self._text.line + n))

    def _is_after_label(self, n: int) -> bool:
        """Whether a line of the text is empty, because the text begins at the end of the line of its label."""
        line = self._file.line(self._text.line)
        return n == 0 and not self._lines[0] and line.endswith(":**") and self._text.column == len(line) + 1

    def _require_in_file(self, number: int, column: int, piece: str) -> None:
        if self._file.line(number)[column - 1 : column - 1 + len(piece)] != piece:
            raise NoPlace(f"line {number} of the file is written in another way than the note shows it")


def _changed_stretches(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start and the end of each change of a line, and the new characters."""
    tokens = words(old)
    starts = [0, *itertools.accumulate(map(len, tokens))]
    for edit in edits(tokens, words(new)):
        yield starts[edit.start], starts[edit.end], "".join(edit.new)


def _is_container(text: str) -> bool:
    """Whether a part of a line is only indentation or the sign of a quote."""
    return not text.strip(" \t>")
