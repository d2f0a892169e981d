"""Writes a field in one way, or each of its blocks in the first way that renders the same."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bs4 import Tag
from bs4.element import PageElement
from msgspec import Struct
from msgspec.structs import replace

from deckgen.to_markdown import escape
from deckgen.to_markdown.blocks import Blocks
from deckgen.to_markdown.form import Converted, Form, Render
from deckgen.to_markdown.inline import BREAK, Inline
from deckgen.to_markdown.normal import is_block, parse_field, same_html
from deckgen.to_markdown.top_level import TopLevel, html_of_node, new_element, shows


class _Way(NamedTuple):
    """A way of writing a block: with all punctuation of its text as entities, with all elements in its text as HTML, as HTML itself."""

    literal: bool
    inline_html: bool
    block_html: bool


# The most readable first.
_WAYS = (
    _Way(literal=False, inline_html=False, block_html=False),
    _Way(literal=True, inline_html=False, block_html=False),
    _Way(literal=False, inline_html=True, block_html=False),
    _Way(literal=True, inline_html=True, block_html=False),
    _Way(literal=False, inline_html=True, block_html=True),
    _Way(literal=True, inline_html=True, block_html=True),
)


class Writer(Struct, frozen=True):
    """Writes fields of one form. The parameters are those of `markdown_of`."""

    form: Form
    clozes: bool
    names: Mapping[str, str]
    headings_from: int
    render: Render | None
    exact: frozenset[str]

    @property
    def top(self) -> TopLevel:
        """Divides fields into blocks and runs."""
        return TopLevel(self.exact)

    def usual(self, soup: Tag) -> Converted:
        """The field in the usual signs."""
        return self.written(soup, _WAYS[0])

    def written(self, soup: Tag, way: _Way) -> Converted:
        """The field in one way. Nothing is rendered, but for the language of code."""
        inline, blocks = self._writers(way)
        parts = list(self._parts(soup, blocks))
        return Converted(self._joined(parts), tuple(inline.kept))

    def _writers(self, way: _Way) -> tuple[Inline, Blocks]:
        inline = Inline(self.names, self.clozes, way.literal, way.inline_html, self.exact)
        return inline, Blocks(inline, self.headings_from, self._same_block if self.render else None, way.block_html)

    def careful(self, html: str) -> Converted:
        """The field with signs of Markdown only in those blocks in which they render the same; else more and more of it as HTML."""
        soup = parse_field(html)
        if self.form is not Form.INLINE:
            result = self._block_by_block(soup)
            if self.is_same(result.markdown, html):
                return replace(result, same=True)
        for way in _WAYS[1:]:
            result = self.written(soup, way)
            if self.is_same(result.markdown, html):
                return replace(result, same=True)
        flat = self._raw_blocks(soup) if self.form is Form.BLOCKS else self.flat(soup)
        return replace(flat, same=self.is_same(flat.markdown, html))

    def is_same(self, markdown: str, html: str) -> bool:
        """Whether Markdown renders as the HTML."""
        assert self.render is not None, "only called if there is something to compare with"
        return same_html(self.render(markdown), html, blocks=self.form is Form.BLOCKS)

    def _same_block(self, markdown: str, element: Tag) -> bool:
        return self.is_same(markdown if self.form is Form.BLOCKS else f"\n\n{markdown}", str(element))

    def _block_by_block(self, soup: Tag) -> Converted:
        kept: list[str] = []
        parts: list[tuple[bool, str]] = []
        for group in self.top.groups(soup):
            before = "".join(map(html_of_node, group))
            for way in _WAYS:
                inline, blocks = self._writers(way)
                part = next(self._parts_of([group], blocks), (False, ""))
                if self.is_same(self._joined([part]), before):
                    break
            parts.append(part)
            kept += inline.kept
        return Converted(self._joined(parts), tuple(kept))

    def _parts(self, soup: Tag, blocks: Blocks) -> Iterator[tuple[bool, str]]:
        if self.form is Form.INLINE:
            yield False, self._run(list(self.top.nodes(soup.contents)), blocks.inline)
        else:
            yield from self._parts_of(list(self.top.groups(soup)), blocks)

    def _parts_of(self, groups: Sequence[list[PageElement]], blocks: Blocks) -> Iterator[tuple[bool, str]]:
        """Yield the parts of a field: whether each is a block, and its Markdown."""
        for group in groups:
            first = group[0]
            if isinstance(first, Tag) and is_block(first) and not self.top.is_line(first):
                yield True, blocks.block(first)
            elif self.form is Form.BLOCKS:
                yield True, "\n\n".join(self._paragraphs(group, blocks))
            else:
                yield False, self._run(group, blocks.inline)

    def _paragraphs(self, group: list[PageElement], blocks: Blocks) -> Iterator[str]:
        """Yield the paragraphs of a run in the form for blocks: each `<div>` is one."""
        run: list[PageElement] = []
        for node in (*group, None):
            is_line = isinstance(node, Tag) and node.name == "div"
            if node is None or is_line:
                if shows(run):
                    yield blocks.paragraph(run) or ""
                run = []
            if isinstance(node, Tag) and is_line and shows(node.contents):
                yield blocks.paragraph(node.contents) or ""
            elif node is not None and not is_line:
                run.append(node)

    def _run(self, nodes: list[PageElement], inline: Inline) -> str:
        """A run of text without a paragraph. Each `<div>` without attributes is a line of it."""
        lines: list[str] = [""]
        for node in nodes:
            if isinstance(node, Tag) and self.top.is_line(node) and not inline.html:
                text = inline.children(node).strip(" ")
                lines += [text.removesuffix(BREAK), ""]
            else:
                lines[-1] += inline.node(node)
        # The lines of `<div>`s have odd indices. Only they may be empty.
        kept = [line for n, line in enumerate(lines) if line.strip(" ") or n % 2]
        text = "<br>\n".join(line.strip(" ") for line in kept)
        return _continued(text)

    def _joined(self, parts: list[tuple[bool, str]]) -> str:
        parts = [part for part in parts if part[1]]
        if self.form is Form.FIELD and parts and parts[0][0]:
            return "\n\n" + "\n\n".join(text for _, text in parts)
        return "\n\n".join(text for _, text in parts)

    def _raw_blocks(self, soup: Tag) -> Converted:
        """The whole field as blocks of HTML. In the form for blocks, text between blocks is a paragraph."""
        inline, blocks = self._writers(_WAYS[-1])
        written = []
        for group in self.top.groups(soup):
            first = group[0]
            if len(group) > 1 or not isinstance(first, Tag) or not is_block(first):
                first = new_element("p", group)
            written.append(blocks.raw(first))
        return Converted("\n\n".join(written), tuple(inline.kept))

    def flat(self, soup: Tag) -> Converted:
        """The whole field as HTML. In the forms with text without a paragraph it stands on one line, so that Markdown sees no block."""
        inline, _ = self._writers(_WAYS[-1])
        text = "".join(map(inline.node, soup.contents)).replace("<br>\n", "<br>")
        return Converted(text, tuple(inline.kept))


def _continued(text: str) -> str:
    """Lines after the first that begin nothing for a reader of the file."""
    first, *others = text.split("\n")
    return "\n".join([first.strip(), *(escape.line_start(line) if line != "<br>" else line for line in others)]).strip()
