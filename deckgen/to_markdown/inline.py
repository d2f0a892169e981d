"""Inline content of a field → Markdown. Elements that Markdown has no signs for stay as HTML, with Markdown in them."""

import re
from collections.abc import Mapping
from html import unescape

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString
from msgspec import Struct, field
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.render.html import attribute, classes
from deckgen.to_markdown import escape
from deckgen.to_markdown.code import inline_code
from deckgen.to_markdown.normal import VOID
from deckgen.to_markdown.raw import opening_tag, raw_html

_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~", "strike": "~~", "mark": "=="}
_SCRIPTS = {"sub": "~", "sup": "^"}
_SCRIPT = lazy_pattern(r"[A-Za-z0-9\u0370-\u03ff]{1,12}")
_TEX = lazy_pattern(r"[\\^_{}]")
_NAME = lazy_pattern(r"[A-Za-z](?:[^\sA-Za-z][^\s]*)?")
_OPERATOR = lazy_pattern(r"[\\^_{}=<>+*/|-]")
_RAW = frozenset("pre script style textarea svg math object iframe video audio template".split())
_TITLE = lazy_pattern(r'["\n]')
BREAK = "<br>\n"


class Inline(Struct):
    """Writes inline content. `names` maps the names of media files to their references in Markdown.

    With `clozes` the marks of clozes are written as they are. With `literal` all punctuation of the text is written as entities, and
    with `html` all elements stay as HTML. Elements with a name in `exact` stay as they are too. `kept` collects the tags that stay as HTML.
    """

    names: Mapping[str, str]
    clozes: bool
    literal: bool = False
    html: bool = False
    exact: frozenset[str] = frozenset()
    kept: list[str] = field(default_factory=list)

    def children(self, element: Tag) -> str:
        """The content of an element."""
        return "".join(map(self.node, element.contents))

    def node(self, node: object) -> str:
        """One node: a text or an element."""
        if isinstance(node, Tag):
            return self._element(node)
        if isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            return self.text(str(node))
        return ""

    def text(self, text: str) -> str:
        """Text with its sounds, formulas and clozes."""
        text = re.sub(r"[ \t\n\r\f]+", " ", text)
        if "[" not in text and "\\" not in text and not (self.clozes and (":" in text or "}" in text)):
            return self._plain(text)
        return "".join(self._piece(kind, piece) for kind, piece in escape.pieces(text, clozes=self.clozes))

    def _plain(self, text: str) -> str:
        return escape.literal(text) if self.literal else escape.plain(text)

    def _piece(self, kind: str, piece: str) -> str:
        match kind:
            case "sound":
                name = piece.removeprefix("[sound:").removesuffix("]")
                return f"[sound:{self.names.get(name, name)}]"
            case "inline" | "display":
                return formula(piece, display=kind == "display", literal=self.literal)
            case "cloze":
                return piece
        return self._plain(piece)

    def _element(self, element: Tag) -> str:
        name = element.name
        if name == "br":
            return BREAK
        if name == "anki-mathjax":
            return formula(element.get_text(), display=attribute(element, "block") == "true", literal=self.literal)
        written = None if self.html or name in self.exact else self._signs(element)
        return self._tags(element) if written is None else written

    def _signs(self, element: Tag) -> str | None:
        """The element in signs of Markdown; None if there are none."""
        name = element.name
        if name == "img":
            return self._image(element)
        if name == "a":
            return self._link(element)
        if element.attrs:
            return None
        if name in _MARKS:
            return self._emphasis(element, _MARKS[name])
        if name in _SCRIPTS:
            return self._script(element)
        if name == "code" and element.find(True) is None and (text := element.get_text()).strip() and "\n" not in text:
            return inline_code(text)
        return None

    def _emphasis(self, element: Tag, mark: str) -> str | None:
        # `<b>` in `<strong>` would be four asterisks.
        if element.find_parent([name for name, other in _MARKS.items() if other == mark]) is not None:
            return None
        inner = self.children(element)
        text = inner.strip(" ")
        if not text or "\n" in text or text.startswith(BREAK.strip()):
            return None
        if text != inner and mark not in ("**", "*"):
            return None
        before, after = inner[: len(inner) - len(inner.lstrip(" "))], inner[len(inner.rstrip(" ")) :]
        return f"{before}{mark}{text}{mark}{after}"

    def _script(self, element: Tag) -> str | None:
        text = element.get_text()
        mark = _SCRIPTS[element.name]
        return f"{mark}{text}{mark}" if _SCRIPT.fullmatch(text) and element.find(True) is None else None

    def _link(self, element: Tag) -> str | None:
        address, title = attribute(element, "href"), attribute(element, "title")
        text = self.children(element)
        if (
            not address
            or element.attrs.keys() - {"href", "title"}
            or "\n" in text
            or not text.strip()
            or _TITLE.search(title)
        ):
            return None
        return f"[{text}]({_address(address)}{_in_quotes(title)})"

    def _image(self, element: Tag) -> str | None:
        name = unescape(attribute(element, "src"))
        reference = self.names.get(name, name)
        kinds = [each for each in classes(element) if each not in ("computed", "missing")]
        extra = element.attrs.keys() - {"src", "alt", "title", "class", "width", "height"}
        alt, title = attribute(element, "alt"), attribute(element, "title")
        if not reference or reference.startswith("data:") or extra or _TITLE.search(title + alt):
            return None
        if reference.startswith("figure:"):
            return f"![{self._plain(alt)}]({reference}{_in_quotes(title)}){_attributes(kinds)}"
        size = _attributes(kinds, {key: attribute(element, key) for key in ("width", "height") if key in element.attrs})
        return f"![{self._plain(alt)}]({_address(reference)}{_in_quotes(title)}){size}"

    def _tags(self, element: Tag) -> str:
        """The element as HTML. Its text is Markdown, but for elements in which Markdown reads no signs."""
        opening = opening_tag(element, self.names)
        self.kept.append(opening)
        if element.name in VOID:
            return opening
        if element.name == "code":
            # Markdown would read signs in it.
            inner = "".join(map(replace(self, literal=True).node, element.contents))
            return f"{opening}{inner}</code>"
        if element.name in _RAW:
            return raw_html(element, self.names, literal=self.literal, one_line=True)
        return f"{opening}{self.children(element)}</{element.name}>"


def formula(tex: str, *, display: bool, literal: bool) -> str:
    """A formula between the delimiters of Markdown. With `literal`, deckgen does not read it as a formula, but Anki does."""
    if literal:
        opening, closing = ("&#92;[", "&#92;]") if display else ("&#92;(", "&#92;)")
        return f"{opening}{escape.literal(tex)}{closing}"
    tex = escape.CONTROL.sub("", tex.replace("\u00a0", " ")).strip()
    if display:
        return f"\\[{tex}\\]" if _OPERATOR.search(tex) else f"$${tex}$$"
    signs = _TEX.search(tex) or _NAME.fullmatch(tex)
    plain = signs and not re.search(r"[$`\n]", tex) and not tex.endswith("\\")
    return f"${tex}$" if plain else f"\\({tex}\\)"


def _address(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def _in_quotes(title: str) -> str:
    return f' "{title}"' if title else ""


def _attributes(kinds: list[str], values: Mapping[str, str] = {}) -> str:
    parts = [*(f".{kind}" for kind in kinds), *(f"{key}={value}" for key, value in values.items())]
    return f"{{: {' '.join(parts)}}}" if parts else ""
