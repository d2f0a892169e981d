"""The top level of a field: blocks, and runs of text between them."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from html import escape as html_escape
from itertools import groupby

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement, PreformattedString
from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.to_markdown.normal import has_blocks, is_block

_CLOZE = lazy_pattern(r"\{\{c[\d,]+::")


class TopLevel(Struct, frozen=True):
    """Divides the top level of a field into blocks and runs of text. `exact` are names of elements that stay as they are."""

    exact: frozenset[str]

    def groups(self, soup: Tag) -> Iterator[list[PageElement]]:
        """Yield the blocks of the top level, and the runs of other nodes between them. Plain `<div>`s of text are in runs."""
        run: list[PageElement] = []
        for node in self.nodes(soup.contents):
            if is_block(node) and not self.is_line(node):
                if shows(run):
                    yield run
                run = []
                yield [node]
            else:
                run.append(node)
        if shows(run):
            yield run

    def is_line(self, node: PageElement) -> bool:
        """Whether a node is a `<div>` that only begins and ends a line."""
        return isinstance(node, Tag) and self._is_plain(node) and not has_blocks(node)

    def nodes(self, nodes: Sequence[PageElement]) -> Iterator[PageElement]:
        """Yield the nodes with the content of each plain `<div>` with blocks in its place. Text in it is in a `<div>` of its own then."""
        for node in nodes:
            if isinstance(node, PreformattedString):
                continue
            if not (isinstance(node, Tag) and self._is_plain(node) and has_blocks(node)):
                yield node
                continue
            for inline, group in groupby(node.contents, key=lambda child: not is_block(child)):
                if inline:
                    yield new_element("div", group)
                else:
                    yield from self.nodes(list(group))

    def has_cloze_of_blocks(self, soup: Tag) -> bool:
        """Whether a cloze begins in a block and ends in another. Text of Markdown cannot be around blocks as its marks are."""
        if soup.find(True) is None:
            return False
        texts = ("".join(map(html_of_node, group)) for group in self.groups(soup))
        return any(len(_CLOZE.findall(text)) != text.count("}}") for text in texts)

    def _is_plain(self, element: Tag) -> bool:
        return element.name == "div" and not element.attrs and "div" not in self.exact


def shows(nodes: Sequence[PageElement]) -> bool:
    return any(isinstance(node, Tag) or str(node).strip(" \t\n\r\f") for node in nodes)


def new_element(name: str, nodes: Iterable[PageElement]) -> Tag:
    """A new element with copies of nodes."""
    element = BeautifulSoup("", "html.parser").new_tag(name)
    element.extend([copy(node) for node in nodes])
    return element


def html_of_node(node: object) -> str:
    return str(node) if isinstance(node, Tag) else html_escape(str(node), quote=False)
