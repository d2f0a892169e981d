"""Lists as CommonMark reads them, for Python-Markdown, which wants a blank line before a list and four spaces below an item.

One rule serves both: a list whose items nest by four spaces keeps its indentation. Python-Markdown would join the others
to the paragraph above, or make one level of them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.util import STX
from msgspec import Struct, field

from deckgen.lazy_patterns import lazy_pattern

_LINE = lazy_pattern(r"((?: {0,3}>)*)( *)(.*)", re.S)
_ITEM = lazy_pattern(r"([*+-]|\d{1,9}[.)])( +)(?=\S)")
_THEMATIC_BREAK = lazy_pattern(r"([*_-])(?: *\1){2,} *$")
# What holds indented text besides items.
_CONTAINER = lazy_pattern(r"!!! ?\w|\?\?\?\+? ?[\w\"]|\[\^[^\]]+\]:|: {1,3}\S")
# After a heading or HTML, Python-Markdown itself begins a list.
_NO_PARAGRAPH = lazy_pattern(rf"#{{1,6}}(?!\w)|[<{STX}]|\*?\[[^\]]+\]:")
_STEP = 4


class CommonMarkLists(Extension):
    """Reads lists without a blank line before them, `1)`, and items that nest by two or three spaces."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the rule after those for code fences and HTML, which leave one line for each."""
        md.preprocessors.register(_Lists(md), "commonmark-lists", 15)


class _Lists(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with lists as Python-Markdown wants them."""
        return python_markdown_lists(lines)


def python_markdown_lists(lines: Sequence[str]) -> list[str]:
    """Return the lines, with those lists changed that Python-Markdown would not read as CommonMark does."""
    if not _ITEM.search("\n".join(lines)):
        return list(lines)
    walk = _Walk()
    for line in map(_split, lines):
        walk.add(line)
    return [*walk.done, *walk.flushed()]


class _Line(NamedTuple):
    """A line after its quote marks: `indent` spaces, then `text`."""

    quote: str
    indent: int
    text: str

    @property
    def level(self) -> int:
        return self.quote.count(">")

    @property
    def item(self) -> re.Match[str] | None:
        found = _ITEM.match(self.text)
        return None if found is None or _THEMATIC_BREAK.match(self.text) else found

    def indented(self, indent: int) -> str:
        return f"{self.quote}{' ' * indent}{self.text}"


class _Open(Struct, frozen=True):
    """An open item or container: the indentation of its text in the source and in the result.

    `bullets` is the least indentation of a bullet below it: authors give those below a number two spaces.
    """

    indent: int
    result: int
    bullets: int


class _Walk(Struct):
    """The state between two lines. `pending` are the lines since the first open item: as written, as changed, and the
    indentation where it decides how the list nests."""

    done: list[str] = field(default_factory=list)
    pending: list[tuple[str, str, int]] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    level: int = 0
    block_indent: int = 0
    after_blank: bool = True
    in_list_block: bool = False
    in_paragraph: bool = False
    after_fence: bool = False

    def add(self, line: _Line) -> None:
        """Take one line."""
        if not line.text.strip():
            written = line.indented(line.indent)
            self.pending.append((written, written, 0))
            self.after_blank, self.in_paragraph, self.in_list_block, self.block_indent = True, False, False, 0
            return
        if line.level != self.level:
            self._close_all()
            self.level, self.in_list_block, self.block_indent = line.level, False, 0
        item, in_list = line.item, bool(self.stack)
        if item and self.in_paragraph and not self.in_list_block and not self._interrupts(item):
            item = None
        if item or self.after_blank:
            self._close(line, bullet=item is not None and not item[1][0].isdigit())
        below = line.indent - (self.stack[-1].indent if self.stack else 0)
        if below >= _STEP and (self.after_blank or not self.stack):
            item = None
        if item:
            interrupts = not self.in_list_block and (self.in_paragraph or self.after_fence or in_list)
            # Python-Markdown would read the items of a block that begins with a nested one as nested too.
            if not self.after_blank and (interrupts or line.indent < self.block_indent):
                self.pending.append((line.quote.rstrip(),) * 2 + (0,))
                self.in_list_block = False
            if not self.in_list_block:
                self.block_indent = line.indent
            self._item(line, item)
        else:
            self._text(line, below)
        # An earlier rule has replaced the fence.
        self.after_blank, self.after_fence = False, line.text.startswith(STX)

    def flushed(self) -> Iterator[str]:
        """The pending lines: as written if the list nests by four spaces."""
        by_four = all(indent % _STEP == 0 for _, _, indent in self.pending)
        yield from (written if by_four else changed for written, changed, _ in self.pending)

    def _interrupts(self, item: re.Match[str]) -> bool:
        """Whether an item ends the paragraph above it: a number other than 1 only may in an open list."""
        return bool(self.stack) or not item[1][0].isdigit() or item[1][:-1] == "1"

    def _close(self, line: _Line, *, bullet: bool) -> None:
        while self.stack and line.indent < (self.stack[-1].bullets if bullet else self.stack[-1].indent):
            self.stack.pop()
        if not self.stack:
            self._close_all()

    def _close_all(self) -> None:
        self.done += self.flushed()
        self.pending, self.stack = [], []

    def _item(self, line: _Line, item: re.Match[str]) -> None:
        mark, spaces = item[1].replace(")", "."), item[2]
        numbered = line._replace(text=mark + line.text[len(mark) :])
        nested = bool(self.stack)
        result = self.stack[-1].result if nested else 0
        self.pending.append((numbered.indented(line.indent), numbered.indented(result), line.indent if nested else 0))
        inner = line.indent + len(mark) + (len(spaces) if len(spaces) <= _STEP else 1)
        self.stack.append(_Open(inner, result + _STEP, min(inner, line.indent + 2)))
        self.in_list_block, self.in_paragraph = True, True

    def _text(self, line: _Line, below: int) -> None:
        written = line.indented(line.indent)
        starts_block = self.after_blank and bool(self.stack)
        result = self.stack[-1].result + (below if below >= _STEP else 0) if starts_block else line.indent
        self.pending.append((written, line.indented(result), line.indent if starts_block else 0))
        container = _CONTAINER.match(line.text) if below < _STEP and not self.in_paragraph else None
        if container:
            base = self.stack[-1].result if self.stack else line.indent
            self.stack.append(_Open(line.indent + _STEP, base + _STEP, line.indent + _STEP))
        code = below >= _STEP and (self.after_blank or not self.in_paragraph)
        self.in_paragraph = not container and not code and not _NO_PARAGRAPH.match(line.text)


def _split(source: str) -> _Line:
    if source[:1].isalpha():  # as most lines
        return _Line("", 0, source)
    match = _LINE.match(source)
    assert match is not None, "every line matches"
    quote, spaces, text = match.groups()
    # One space after a quote mark belongs to the mark.
    mark = " " if quote and spaces else ""
    return _Line(quote + mark, len(spaces) - len(mark), text)
