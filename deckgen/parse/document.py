"""A note file as lines that know their numbers and whether a dialect may read them, with its front matter."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from deckgen.conflict import require_merged
from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.note_files import require_regular
from deckgen.parse.front_matter import read_front_matter
from deckgen.parse.question import is_question, split_attributes
from deckgen.problems import DeckError, Problem, Severity
from deckgen.scan import Scan, SpanKind, Unclosed, scan

Result = TypeVar("Result")
# Blanks are taken only from the first of them on, so a line of blanks is searched once.
_HEADING = lazy_pattern(
    r" {0,3}(#{1,6})(?:[ \t]++|(?<=##)(?=[^#\s]))(.*?)(?:(?<![ \t])[ \t]++#++)?(?:(?<![ \t])[ \t]++)?$"
)
_RULE = lazy_pattern(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,})$")
# What no editor shows, and Anki keeps for itself.
_CONTROL = lazy_pattern(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_CLOSED = {SpanKind.FRONT_MATTER, SpanKind.FENCE, SpanKind.INDENTED, SpanKind.COMMENT}


class Heading(Struct, frozen=True):
    level: int
    text: str
    column: int


class Line(Struct, frozen=True):
    """A line of the file. `open` is false inside code, comments, formulas and front matter, where nothing begins."""

    number: int
    start: int
    text: str
    open: bool
    blank: bool
    heading: Heading | None


class Document(Struct, frozen=True, dict=True):
    """`file` is the path as problems show it, `key` the path inside the deck, `level` the headings' that ask, where it is set.

    `front_matter_as_text` says that the block between two rules at the beginning is no front matter, and is read as text.
    """

    file: str
    key: str
    source: str
    scan: Scan
    meta: Mapping[str, Any]
    level: int | None = None
    front_matter_as_text: bool = False

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        rows = self.source.split("\n")
        closed = self._closed_lines(rows)
        return tuple(
            Line(i + 1, start, text, i not in closed, not text.strip(), None if i in closed else _heading(text))
            for i, (start, text) in enumerate(zip(self._starts, rows))
        )

    @cached_property
    def _results(self) -> dict[tuple[Any, ...], Any]:
        return {}

    def once(self, compute: Callable[..., Result], *arguments: Any) -> Result:
        """Return `compute(self, *arguments)`. It is called once, because several dialects ask for the same."""
        key = (compute, *arguments)
        if key not in self._results:
            self._results[key] = compute(self, *arguments)
        result: Result = self._results[key]
        return result

    def _closed_lines(self, rows: Sequence[str]) -> set[int]:
        """The indices of the lines that begin inside a span, or whose text begins with one in which nothing begins."""
        closed: set[int] = set()
        for span in self.scan.spans:
            i = bisect_right(self._starts, span.start) - 1
            closed.update(range(i + 1, bisect_left(self._starts, span.end, i + 1)))
            if span.kind in _CLOSED or (span.kind is SpanKind.FORMULA and span.display):
                text_start = self._starts[i] + len(rows[i]) - len(rows[i].lstrip())
                if span.start <= text_start < span.end:
                    closed.add(i)
        return closed

    def line_at(self, offset: int) -> int:
        """The 1-based number of the line that holds the character at an offset of the source."""
        return bisect_right(self._starts, offset)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(accumulate((len(row) + 1 for row in self.source.split("\n")), initial=0))[:-1]

    @cached_property
    def headings(self) -> tuple[tuple[int, Heading], ...]:
        """The index of the line and the heading, in order."""
        return tuple((i, line.heading) for i, line in enumerate(self.lines) if line.heading)

    @cached_property
    def title(self) -> str:
        """From the front matter, or the first heading where no other stands as high."""
        return self._named or (self._title_heading.text if self._title_heading else "")

    @cached_property
    def _named(self) -> str:
        return str(self.meta.get("title") or "").strip()

    @cached_property
    def _title_heading(self) -> Heading | None:
        """The heading that gives the file its title, or repeats the one of the front matter: it is no section."""
        if not self.headings:
            return None
        first, *others = (heading for _, heading in self.headings)
        if self._named:
            return first if first.text == self._named else None
        return first if not is_question(first.text) and all(heading.level > first.level for heading in others) else None

    @cached_property
    def _paths(self) -> tuple[tuple[Heading, ...], ...]:
        """For each heading those it stands under, and itself."""
        paths: list[tuple[Heading, ...]] = []
        for _, heading in self.headings:
            above = paths[-1] if paths else ()
            paths.append((*(h for h in above if h.level < heading.level), heading))
        return tuple(paths)

    def headings_from(self, index: int) -> int:
        """The number of headings above the line at `index`: where those at or below it begin in `headings`."""
        return bisect_left(self.headings, index, key=lambda pair: pair[0])

    def section(self, index: int, level: int = 7) -> tuple[str, ...]:
        """The title and the headings above the line at `index` that stand higher than `level`."""
        above = self.headings_from(index)
        path = self._paths[above - 1] if above else ()
        names = [split_attributes(h.text)[0].strip() for h in path if h.level < level and h is not self._title_heading]
        return (self.title, *names) if self.title else tuple(names)

    def text(self, first: int, last: int) -> Text:
        """The source of the lines with indices `first` to `last`, both included, without blank lines around it.

        A rule at the end parts it from what follows, and goes too.
        """
        while first <= last and self.lines[first].blank:
            first += 1
        while last >= first and (self.lines[last].blank or self.is_thematic_break(last)):
            last -= 1
        if first > last:
            return Text("", self.lines[min(first, len(self.lines) - 1)].number)
        end = self.lines[last].start + len(self.lines[last].text)
        return Text(self.source[self.lines[first].start : end], self.lines[first].number)

    def is_thematic_break(self, index: int) -> bool:
        """Whether the line is a rule: `---`, with nothing above it that it would make a heading."""
        line = self.lines[index]
        return line.open and bool(_RULE.match(line.text)) and (index == 0 or self.lines[index - 1].blank)

    def problem(
        self,
        line: int,
        message: str,
        *,
        code: str,
        column: int = 1,
        hint: str = "",
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        return Problem(self.file, line, column, severity, code, message, hint)

    def unclosed_problem(self, unclosed: Unclosed) -> Problem:
        """What the scan found open at the end, as a problem at its place."""
        line, column = Text(self.source, 1).place(unclosed.offset)
        return self.problem(
            line, unclosed.message, code=unclosed.code, column=column, severity=Severity.WARNING, hint=unclosed.hint
        )


def _heading(text: str) -> Heading | None:
    match = _HEADING.match(text) if "#" in text else None
    return Heading(len(match[1]), match[2], match.start(2) + 1) if match else None


def read_document(path: Path, file: str, key: str) -> Document:
    """Read a note file: UTF-8, with or without a BOM, with any line ends. Raises DeckError with its place."""
    return document_of(read_bytes(path, file), file, key)


def document_of(content: bytes, file: str, key: str) -> Document:
    """Return the content of a note file as a document. Raises DeckError with its place, as `read_document`."""
    source = decode(content, file)
    if control := _CONTROL.search(source):
        line, column = Text(source, 1).place(control.start())
        raise DeckError.at(
            file, f"holds the control character U+{ord(control[0]):04X}", code="file-control", line=line, column=column
        )
    require_merged(source, file)
    found = scan(source, front_matter=True)
    front = next((s for s in found.spans if s.kind is SpanKind.FRONT_MATTER), None)
    meta = read_front_matter(source, front, file)
    if meta is None:
        # A thematic break opens the file, and what follows is text.
        return Document(file, key, source, scan(source), {}, front_matter_as_text=True)
    return Document(file, key, source, found, meta)


def read_bytes(path: Path, file: str) -> bytes:
    """The content of a file. `file` is its path, for problems. Raises DeckError if it cannot be read."""
    try:
        require_regular(path, file)
        return path.read_bytes()
    except OSError as error:
        raise DeckError.at(file, f"cannot be read: {error.strerror}", code="file-unreadable") from error


def read_text(path: Path) -> str:
    """The text of a file, as `decode` gives it. Raises DeckError where it cannot be read."""
    return decode(read_bytes(path, str(path)), str(path))


def decode(data: bytes, file: str) -> str:
    """Text of a UTF-8 file, its line ends made `\\n`. Raises DeckError at the first byte that is not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise DeckError.at(
            file,
            f"is not UTF-8 text (byte 0x{data[error.start]:02x})",
            code="file-encoding",
            line=line,
            column=column,
            hint="save the file as UTF-8",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
