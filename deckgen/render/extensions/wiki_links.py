"""Wiki links and embeds: `[[page]]`, `[[page#heading|text]]`, `![[image.png|300x200]]`."""

import re
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from deckgen.lazy_patterns import lazy_pattern

WIKI = "wiki-link:"
"""What the address of a link or an image begins with, that names a file of the vault."""
# Neither a matrix such as [[1, 2]] nor a test of a shell, [[ -f x ]]; a date is a page. A bar in a table is escaped.
_RULE = r"(?<![\\\[])(!?)\[\[(?!\s)(?!(?!\d{4}-\d\d)[\s\d,.;+-]*\]\])((?:(?!\]\]|\\?\|)[^\[\]\n])*)((?:\\?\|(?:(?!\]\]|\\?\|)[^\[\n])*)*)\]\](?!\])"
SIZE = lazy_pattern(r"\s*(\d{1,5})(?:\s*x\s*(\d{1,5}))?\s*")
"""The width of a picture in pixels, and its height where it has one."""


class WikiLinks(Extension):
    """Renders a wiki link as a link and an embed as an image, both with an address `wiki-link:…`, which the renderer looks up."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the rule after that for code, and before that for escapes: tables escape the bar."""
        md.inlinePatterns.register(_WikiProcessor(_RULE, md), "wiki", 185)


class _WikiProcessor(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        """The element of a link or an embed; None if it names nothing."""
        target = m[2].strip()
        texts = [text.rstrip("\\").strip() for text in m[3].split("|")[1:]]
        if not target:
            return None, None, None
        element = _embed(target, texts) if m[1] else _link(target, texts)
        return element, m.start(0), m.end(0)


def _link(target: str, texts: list[str]) -> Element:
    element = Element("a", href=WIKI + target)
    element.text = AtomicString(texts[-1] if texts and texts[-1] else shown_name(target))
    return element


def _embed(target: str, texts: list[str]) -> Element:
    words, size = split_size(texts)
    return Element("img", {"src": WIKI + target, "alt": words, **size})


def shown_name(target: str) -> str:
    """What a link without a text shows: `page > heading`, as Obsidian does. A block's id is not shown."""
    page, *places = [part.strip() for part in target.split("#")]
    shown = [page, *(place for place in places if place and not place.startswith("^"))]
    return " > ".join(part for part in shown if part) or target


def split_size(texts: list[str]) -> tuple[str, dict[str, str]]:
    """The words of `a|b|300x200`, and the attributes of its size if the last part is one."""
    match = SIZE.fullmatch(texts[-1]) if texts else None
    if match is None:
        return " ".join(texts), {}
    size = {"width": match[1], **({"height": match[2]} if match[2] else {})}
    return " ".join(texts[:-1]), size
