"""HTML of a field → Markdown that renders as the same HTML."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import Enum
from html import escape as html_escape
from itertools import groupby
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from deckgen.render.media import ACTIVE_TEXT
from deckgen.to_markdown import escape
from deckgen.to_markdown.blocks import Blocks
from deckgen.to_markdown.inline import BREAK, Inline
from deckgen.to_markdown.normal import has_blocks, is_block, is_too_deep, parse_html, same_html

Render = Callable[[str], str]
"""Renders Markdown as the text of the field, and returns the HTML of the field."""

CLOZE = re.compile(r"\{\{c[\d,]+::")


class Form(Enum):
    """Where the Markdown of a field stands in a note.

    - `INLINE`: in a heading, or behind the label of a paragraph. It is rendered without a paragraph around it, and has one line if possible.
    - `BLOCKS`: as the answer of a note. Text without a block around it becomes a paragraph.
    - `FIELD`: as a field of an imported note type. Text up to the first empty line is rendered without a paragraph; blocks follow. If the
      field begins with a block, the Markdown begins with a line break.
    """

    INLINE = "inline"
    BLOCKS = "blocks"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Converted:
    """The Markdown of a field. `kept` are the opening tags of the elements that stay as HTML.

    `same` says whether the Markdown renders as the field, None if it was not rendered.
    """

    markdown: str
    kept: tuple[str, ...]
    same: bool | None = None


def markdown_of(
    html: str,
    form: Form,
    *,
    clozes: bool = False,
    names: Mapping[str, str] | None = None,
    render: Render | None = None,
    headings_from: int = 3,
    exact: Collection[str] = (),
) -> Converted:
    """Return the Markdown of the HTML of a field.

    With `clozes` the field has the marks of clozes. `names` maps the names of media files to their references in Markdown: the path of
    a file, or `figure:NAME?a=1`. Headings above the level `headings_from` stay as HTML.

    `exact` are names of elements for which other CSS counts than for those that Markdown makes in their place: such as `b`, which would become
    `<strong>`, and `div`, which would become a line break. They stay as HTML.

    With `render`, signs of Markdown are chosen only if they give the same HTML, up to `normal_html`; other elements stay as HTML. Without
    it, the usual signs are taken, and the caller compares. Nothing is lost if Markdown cannot say the field: `same` is False then.
    """
    masks = _active_masks(html)
    if masks:
        plain = _masked(html, masks)
        own = None if render is None else _masking(render, masks)
        result = markdown_of(
            plain, form, clozes=clozes, names=names, render=own, headings_from=headings_from, exact=exact
        )
        return replace(result, markdown=_unmasked(result.markdown, masks))
    if render is not None and len(html) > _LONGEST:
        render = None
    writer = _Writer(form, clozes, names or {}, headings_from, render, frozenset(exact))
    if "<" not in html and "&" not in html and form is not Form.BLOCKS:
        soup = BeautifulSoup("", "html.parser")
        soup.append(NavigableString(html))
    else:
        soup = parse_html(html)
    if is_too_deep(soup):
        return Converted(_one_line(html), ("<…>",), False)
    if form is Form.FIELD and writer.has_cloze_of_blocks(soup):
        result = writer.flat(soup)
        return result if render is None else replace(result, same=writer.is_same(result.markdown, html))
    result = writer.written(soup, _WAYS[0])
    if render is None or writer.is_same(result.markdown, html):
        return Converted(result.markdown, result.kept, None if render is None else True)
    return writer.careful(html)


_LONGEST = 200_000  # characters of a field that is rendered in several ways


def _one_line(html: str) -> str:
    return html.replace("\r\n", "\n").replace("\n", " ")


def _active_masks(html: str) -> dict[str, str]:
    """Text that Anki replaces itself, and a character that stands for it: Anki reads it in the HTML as it is written."""
    if "[" not in html:
        return {}
    found = dict.fromkeys(match[0] for match in ACTIVE_TEXT.finditer(html))
    free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in html)
    return dict(zip(found, free))


def _masked(text: str, masks: Mapping[str, str]) -> str:
    """Text with a character for each text of `masks`."""
    for active, char in masks.items():
        text = text.replace(_one_line(active), char).replace(active, char)
    return text


def _unmasked(text: str, masks: Mapping[str, str]) -> str:
    for active, char in masks.items():
        text = text.replace(char, _one_line(active))
    return text


def _masking(render: Render, masks: Mapping[str, str]) -> Render:
    return lambda markdown: _masked(render(_unmasked(markdown, masks)), masks)


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


@dataclass(frozen=True, slots=True)
class _Writer:
    form: Form
    clozes: bool
    names: Mapping[str, str]
    headings_from: int
    render: Render | None
    exact: frozenset[str]

    def written(self, soup: Tag, way: "_Way") -> Converted:
        """The field in one way. Nothing is rendered, but for the language of code."""
        inline, blocks = self._writers(way)
        parts = list(self._parts(soup, blocks))
        return Converted(self._joined(parts), tuple(inline.kept))

    def _writers(self, way: "_Way") -> tuple[Inline, Blocks]:
        inline = Inline(self.names, self.clozes, way.literal, way.inline_html, self.exact)
        return inline, Blocks(inline, self.headings_from, self._same_block if self.render else None, way.block_html)

    def careful(self, html: str) -> Converted:
        """The field with signs of Markdown only in those blocks in which they render the same; else more and more of it as HTML."""
        soup = parse_html(html)
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
        for group in self._groups(soup):
            before = "".join(map(_html_of, group))
            for way in _WAYS:
                inline, blocks = self._writers(way)
                part = next(self._parts_of([group], blocks), (False, ""))
                if self.is_same(self._joined([part]), before):
                    break
            parts.append(part)
            kept += inline.kept
        return Converted(self._joined(parts), tuple(kept))

    def has_cloze_of_blocks(self, soup: Tag) -> bool:
        """Whether a cloze begins in a block and ends in another. Text of Markdown cannot be around blocks as its marks are."""
        if not self.clozes or soup.find(True) is None:
            return False
        texts = ("".join(map(_html_of, group)) for group in self._groups(soup))
        return any(len(CLOZE.findall(text)) != text.count("}}") for text in texts)

    def _groups(self, soup: Tag) -> Iterator[list[PageElement]]:
        """Yield the blocks of the top level, and the runs of other nodes between them. Plain `<div>`s of text are in runs."""
        run: list[PageElement] = []
        for node in self._without_nested_lines(soup.contents):
            if is_block(node) and not self._is_line(node):
                if _shows(run):
                    yield run
                run = []
                yield [node]
            else:
                run.append(node)
        if _shows(run):
            yield run

    def _is_line(self, node: PageElement) -> bool:
        """Whether a node is a `<div>` that only begins and ends a line."""
        return isinstance(node, Tag) and self._is_plain(node) and not has_blocks(node)

    def _is_plain(self, element: Tag) -> bool:
        return element.name == "div" and not element.attrs and "div" not in self.exact

    def _without_nested_lines(self, nodes: Sequence[PageElement]) -> Iterator[PageElement]:
        """Yield the nodes with the content of each plain `<div>` with blocks in its place. Text in it is in a `<div>` of its own then."""
        for node in nodes:
            if isinstance(node, PreformattedString):
                continue
            if not (isinstance(node, Tag) and self._is_plain(node) and has_blocks(node)):
                yield node
                continue
            for inline, group in groupby(node.contents, key=lambda child: not is_block(child)):
                if inline:
                    yield _element("div", group)
                else:
                    yield from self._without_nested_lines(list(group))

    def _parts(self, soup: Tag, blocks: Blocks) -> Iterator[tuple[bool, str]]:
        if self.form is Form.INLINE:
            yield False, self._run(list(self._without_nested_lines(soup.contents)), blocks.inline)
        else:
            yield from self._parts_of(list(self._groups(soup)), blocks)

    def _parts_of(self, groups: Sequence[list[PageElement]], blocks: Blocks) -> Iterator[tuple[bool, str]]:
        """Yield the parts of a field: whether each is a block, and its Markdown."""
        for group in groups:
            first = group[0]
            if isinstance(first, Tag) and is_block(first) and not self._is_line(first):
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
                if _shows(run):
                    yield blocks.paragraph(run) or ""
                run = []
            if isinstance(node, Tag) and is_line and _shows(node.contents):
                yield blocks.paragraph(node.contents) or ""
            elif node is not None and not is_line:
                run.append(node)

    def _run(self, nodes: list[PageElement], inline: Inline) -> str:
        """A run of text without a paragraph. Each `<div>` without attributes is a line of it."""
        lines: list[str] = [""]
        for node in nodes:
            if isinstance(node, Tag) and self._is_line(node) and not inline.html:
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
        for group in self._groups(soup):
            first = group[0]
            if len(group) > 1 or not isinstance(first, Tag) or not is_block(first):
                first = _element("p", group)
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


def _shows(nodes: Sequence[PageElement]) -> bool:
    return any(isinstance(node, Tag) or str(node).strip(" \t\n\r\f") for node in nodes)


def _element(name: str, nodes: Iterable[PageElement]) -> Tag:
    """A new element with copies of nodes."""
    element = BeautifulSoup("", "html.parser").new_tag(name)
    element.extend([copy(node) for node in nodes])
    return element


def _html_of(node: object) -> str:
    return str(node) if isinstance(node, Tag) else html_escape(str(node), quote=False)
