"""Blocks of a field → blocks of Markdown: paragraphs, lists, tables, quotes, code, callouts, figures."""

import re
from collections.abc import Callable, Sequence

from bs4 import Tag
from bs4.element import PreformattedString
from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.render.html import attribute, classes
from deckgen.to_markdown import escape
from deckgen.to_markdown.code import fences, is_code_block
from deckgen.to_markdown.inline import BREAK, Inline, formula
from deckgen.to_markdown.normal import has_blocks, is_block
from deckgen.to_markdown.raw import opening_tag, raw_html

_HEADING = lazy_pattern(r"h([1-6])")
_ALIGN = {"left": ":--", "right": "--:", "center": ":-:"}
_FORMULA = lazy_pattern(r"\s*\\\[(.+?)\\\]\s*", re.S)
_INDENT = "    "
Renders = Callable[[str], str]


class Blocks(Struct):
    """Writes blocks. `inline` writes their text. Headings above the level `headings_from` stay as HTML.

    `same` says whether Markdown renders as an element does; None if nothing is compared. With `html` all blocks stay as HTML.
    """

    inline: Inline
    headings_from: int
    same: Callable[[str, Tag], bool] | None = None
    html: bool = False

    def block(self, element: Tag) -> str:
        """An element of the top level. What Markdown has no signs for stays as HTML."""
        written = None if self.html else self._signs(element)
        return self.raw(element) if written is None else written

    def raw(self, element: Tag) -> str:
        """An element as a block of HTML, in which Markdown reads no signs."""
        self.inline.kept.append(opening_tag(element, self.inline.names))
        return raw_html(element, self.inline.names, literal=self.inline.literal, one_line=False)

    def _signs(self, element: Tag) -> str | None:
        name = element.name
        if is_code_block(element):
            compare = self.same
            return fences(element, (lambda text: compare(text, element)) if compare else None)[0]
        if name == "div" and "admonition" in classes(element):
            return self._admonition(element)
        if name == "details":
            return self._details(element)
        if name == "figure":
            return self._figure(element)
        if name == "table":
            return self._table(element)
        if name == "ul" and classes(element) == ["task-list"]:
            return self._list(element)
        if element.attrs and not (name == "ol" and element.attrs.keys() == {"start"}):
            return None
        return self._without_attributes(element)

    def _without_attributes(self, element: Tag) -> str | None:
        name = element.name
        if name == "p":
            return self.paragraph(element.contents)
        if (heading := _HEADING.fullmatch(name)) and int(heading[1]) >= self.headings_from:
            text = self.inline.children(element).strip()
            return f"{'#' * int(heading[1])} {text}" if text and "\n" not in text else None
        if name in ("ul", "ol"):
            return self._list(element)
        if name == "blockquote":
            return self._quote(element)
        if name == "hr":
            return "___"
        if name == "dl":
            return self._definitions(element)
        return None

    def paragraph(self, nodes: Sequence[object]) -> str | None:
        """A paragraph. A formula that is alone in it stands on lines of its own."""
        if any(is_block(node) or (isinstance(node, Tag) and has_blocks(node)) for node in nodes):
            return None
        texts = [str(node) for node in nodes if not isinstance(node, PreformattedString)]
        alone = _FORMULA.fullmatch(texts[0]) if len(nodes) == 1 and not isinstance(nodes[0], Tag) and texts else None
        if alone and (written := self._display(alone[1])) is not None:
            return written
        text = "".join(map(self.inline.node, nodes)).strip(" \n")
        return _lines(text) or None

    def _display(self, tex: str) -> str | None:
        """A formula on lines of its own; None if that does not show the formula alone."""
        if self.inline.literal or "\n\n" in tex or "\\]" in tex:
            return None
        return formula(tex, display=True, literal=False) if "$" in tex else f"$$\n{tex.strip()}\n$$"

    def inner(self, element: Tag, nodes: Sequence[object]) -> str | None:
        """Blocks, and runs of text between them, in another block. None if Markdown cannot say one of them."""
        written: list[str] = []
        run: list[object] = []
        for node in [*nodes, None]:
            if node is not None and not is_block(node):
                run.append(node)
                continue
            if any(str(each).strip() for each in run):
                return None
            run = []
            if isinstance(node, Tag):
                if (text := self._signs(node)) is None:
                    return None
                written.append(text)
        return "\n\n".join(written)

    def _list(self, element: Tag) -> str | None:
        items = [child for child in element.contents if isinstance(child, Tag)]
        if not items or any(item.name != "li" for item in items) or _has_text(element):
            return None
        number = int(attribute(element, "start") or 1) if (attribute(element, "start") or "1").isdecimal() else 0
        written = ""
        for n, item in enumerate(items):
            text = self._item(item)
            if text is None:
                return None
            mark = f"{number + n}. " if element.name == "ol" else "- "
            loose = n and _is_loose(items[n - 1]) and _is_loose(item)
            written += ("\n\n" if loose else "\n") + mark + text.replace("\n", "\n" + _INDENT)
        return re.sub(r"\n +(?=\n)", "\n", written.lstrip("\n"))

    def _item(self, item: Tag) -> str | None:
        """The content of an item: text, then blocks; or only blocks."""
        if item.attrs and classes(item) != ["task-list-item"]:
            return None
        nodes = list(item.contents)
        box = ""
        if nodes and isinstance(nodes[0], Tag) and nodes[0].name == "input" and classes(item):
            box = "[x] " if "checked" in nodes[0].attrs else "[ ] "
            nodes = nodes[1:]
        first = next((n for n, node in enumerate(nodes) if is_block(node)), len(nodes))
        head = "".join(map(self.inline.node, nodes[:first])).strip(" \n")
        rest = self.inner(item, nodes[first:])
        if rest is None or any(isinstance(node, Tag) and has_blocks(node) for node in nodes[:first]):
            return None
        # A list right below the text of its item belongs to it. Other blocks need an empty line.
        after = nodes[first] if first < len(nodes) else None
        tight = isinstance(after, Tag) and after.name in ("ul", "ol")
        parts = [part for part in (box + _lines(head), rest) if part]
        return ("\n" if tight and head else "\n\n").join(parts)

    def _quote(self, element: Tag) -> str | None:
        text = self.inner(element, element.contents)
        return None if not text else "\n".join(f"> {line}".rstrip() for line in text.split("\n"))

    def _admonition(self, element: Tag) -> str | None:
        kinds = [name for name in classes(element) if name != "admonition"]
        title = element.find("p", class_="admonition-title", recursive=False)
        if element.attrs.keys() != {"class"} or not kinds:
            return None
        words = self.inline.children(title).strip() if title else ""
        default = title is not None and title.get_text() == kinds[0].capitalize()
        return self._container(element, title, f"!!! {' '.join(kinds)}", None if default else words)

    def _details(self, element: Tag) -> str | None:
        title = element.find("summary", recursive=False)
        if element.attrs.keys() - {"class", "open"} or title is None or not classes(element):
            return None
        mark = "???+" if "open" in element.attrs else "???"
        return self._container(
            element, title, f"{mark} {' '.join(classes(element))}", self.inline.children(title).strip()
        )

    def _container(self, element: Tag, title: Tag | None, opening: str, words: str | None) -> str | None:
        if title is not None and title.find_parent(element.name) is not element:
            return None
        body = self.inner(element, [node for node in element.contents if node is not title])
        if body is None or '"' in (words or "") or "\n" in (words or ""):
            return None
        head = opening if words is None else f'{opening} "{words}"'
        return re.sub(r"\n +(?=\n)", "\n", "\n".join([head, *(_INDENT + line for line in body.split("\n"))])).rstrip()

    def _figure(self, element: Tag) -> str | None:
        """A computed picture with its caption."""
        image, caption = element.find("img"), element.find("figcaption")
        if element.attrs or image is None or "computed" not in classes(image) or len(element.find_all(True)) > 2:
            return None
        shown = caption.get_text() if caption else ""
        if caption is not None and ('"' in shown or caption.find(True) is not None):
            return None
        return self.inline._image(image) if not shown else self._captioned(image, shown)

    def _captioned(self, image: Tag, caption: str) -> str | None:
        image["title"] = caption
        written = self.inline._image(image)
        del image.attrs["title"]
        return written

    def _table(self, element: Tag) -> str | None:
        rows = element.find_all("tr")
        head = element.find("thead")
        if (
            element.attrs
            or head is None
            or len(rows) < 1
            or len(head.find_all("tr")) != 1
            or len(element.find_all("tbody")) != 1
        ):
            return None
        cells = [[cell for cell in row.contents if isinstance(cell, Tag)] for row in rows]
        if not _is_simple(cells):
            return None
        written: list[list[str]] = []
        for row in cells:
            texts = [text for cell in row if (text := self._cell(cell)) is not None]
            if len(texts) < len(row):
                return None
            written.append(texts)
        rule = [_ALIGN.get(_align(cell), "---") for cell in cells[0]]
        return "\n".join(f"| {' | '.join(row)} |" for row in (written[0], rule, *written[1:]))

    def _cell(self, cell: Tag) -> str | None:
        text = self.inline.children(cell).replace(BREAK, "<br>").strip()
        return None if "\n" in text else re.sub(r"(?<!\\)\|", r"\\|", text)

    def _definitions(self, element: Tag) -> str | None:
        written: list[str] = []
        for child in element.contents:
            if not isinstance(child, Tag):
                continue
            if child.attrs or child.name not in ("dt", "dd") or has_blocks(child):
                return None
            text = _lines(self.inline.children(child).strip())
            if not text or "\n" in text:
                return None
            gap = "\n" if written and child.name == "dt" else ""
            written.append(f"{gap}{text}" if child.name == "dt" else f":   {text}")
        return "\n".join(written)


def _lines(text: str) -> str:
    """Text whose lines begin no block."""
    return "\n".join(escape.line_start(line) for line in text.split("\n"))


def _is_loose(item: Tag) -> bool:
    return item.find("p", recursive=False) is not None


def _has_text(element: Tag) -> bool:
    return any(not isinstance(child, Tag) and str(child).strip() for child in element.contents)


def _is_simple(rows: list[list[Tag]]) -> bool:
    """Whether Markdown can write a table: as many cells in each row, no blocks in them, and no attributes but the alignment of columns."""
    if not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        return False
    for row in rows:
        for n, cell in enumerate(row):
            if cell.attrs.keys() - {"style"} or _align(cell) != _align(rows[0][n]) or has_blocks(cell):
                return False
            if "style" in cell.attrs and _align(cell) not in _ALIGN:
                return False
            if cell.name != ("th" if row is rows[0] else "td"):
                return False
    return True


def _align(cell: Tag) -> str:
    style = attribute(cell, "style").replace(" ", "").rstrip(";")
    return style.removeprefix("text-align:") if style.startswith("text-align:") else style
