"""The normal form of the HTML of a field: two fields with the same normal form look the same on a card.

Normalising does these things, and no others:

- white space is folded, left out at the ends of blocks and lines, and moved out of emphasis; text in `<pre>` keeps it;
- comments are left out, entities are read, attributes and declarations of styles are sorted, and an empty `alt`, `class`, `style` or `title` is left out;
- `<b>`, `<i>`, `<s>` and `<strike>` are `<strong>`, `<em>` and `<del>`; `<anki-mathjax>` is its formula between delimiters;
- white space inside the delimiters of a formula is left out;
- a `<div>` without attributes begins and ends a line, as `<br>` does. A line break at the end of a block is left out.

In the form for blocks, a run of text between two blocks is a paragraph, and so is a `<div>` without attributes; empty paragraphs are left out.
"""

import re
import warnings
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4.element import NavigableString, PreformattedString

from deckgen.lazy_patterns import lazy_pattern
from deckgen.render.html import attribute, parse_html

_SPACES = lazy_pattern(r"[ \t\n\r\f]+")
_SAME = {"b": "strong", "i": "em", "s": "del", "strike": "del"}
BLOCKS = frozenset(
    "address article aside blockquote caption center col colgroup dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main menu nav ol optgroup option p pre section summary table tbody td tfoot th thead tr ul".split()
)
"""The elements that begin and end a line."""
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_LINE, _BREAK = "\0line", "\0break"
_SEEN = lazy_pattern(r"<(?:img|audio|video|object|embed|svg|math|iframe|input|hr)\b")
_SPACE_BEFORE_END = lazy_pattern(r" +((?:</(?:strong|em)>)+)")
_SPACE_AFTER_START = lazy_pattern(r"((?:<(?:strong|em)>)+) +")
_FORMULA = lazy_pattern(r"(\\\(|\\\[)(.*?)(\\\)|\\\])")
_INLINE_TAG = r"</?(?:a|code|del|em|font|kbd|mark|small|span|strong|sub|sup|u)(?: [^<>]*)?>"
_SPACE_AT_START = lazy_pattern(f"^((?:{_INLINE_TAG})+) +")
_SPACE_AT_END = lazy_pattern(f" +((?:{_INLINE_TAG})+)$")
_BREAK_TAG = lazy_pattern(r"[ \t\n]*<br ?/?>[ \t\n]*")
_SAME_TAG = lazy_pattern("<(/?)(b|i|s|strike)>")
_DEEPEST = 200  # elements inside each other; deeper HTML is compared as it is written
# A field may hold only an address.
warnings.filterwarnings("ignore", category=MarkupResemblesLocatorWarning)


def parse_field(html: str) -> BeautifulSoup:
    """The tree of a field. Of an attribute that is written twice, browsers take the first."""
    return parse_html(html, on_duplicate_attribute="ignore")


def is_too_deep(soup: Tag) -> bool:
    """Whether elements are nested more deeply than a recursion can follow."""
    level: list[Tag] = [soup]
    for _ in range(_DEEPEST):
        level = [child for tag in level for child in tag.contents if isinstance(child, Tag)]
        if not level:
            return False
    return True


def normal_html(html: str, *, blocks: bool = False) -> str:
    """The normal form of a field. `blocks` is for fields in which all text is in blocks."""
    if "<" not in html and "&" not in html:
        text = _trimmed(_SPACES.sub(" ", html))
        return f"<p>{text}</p>" if blocks and text else text
    soup = parse_field(html)
    if is_too_deep(soup):
        return html
    return _of_children(soup, blocks=blocks)


def same_html(left: str, right: str, *, blocks: bool = False) -> bool:
    """Whether two fields have the same normal form."""
    # Most fields differ only in what needs no tree.
    if left == right or _quickly(left) == _quickly(right):
        return True
    return normal_html(left, blocks=blocks) == normal_html(right, blocks=blocks)


def _quickly(html: str) -> str:
    html = _BREAK_TAG.sub("<br>", html.replace("&nbsp;", "\u00a0"))
    return _SAME_TAG.sub(lambda match: f"<{match[1]}{_SAME[match[2]]}>", html)


def is_block(node: object) -> bool:
    """Whether a node is an element that begins and ends a line."""
    return isinstance(node, Tag) and node.name in BLOCKS


def has_blocks(element: Tag) -> bool:
    """Whether a block is in an element."""
    return any(child.name in BLOCKS for child in element.find_all(True))


def _of_children(element: Tag, *, blocks: bool) -> str:
    parts: list[str] = []
    run: list[str] = []
    for token in _tokens(element, top=blocks):
        if token.startswith("\0block:"):
            parts += [_run(run, blocks=blocks), token.removeprefix("\0block:")]
            run = []
        else:
            run.append(token)
    return "".join([*parts, _run(run, blocks=blocks)])


def _tokens(element: Tag, *, top: bool) -> Iterator[str]:
    """Yield text, tags of inline elements, breaks, lines, and whole blocks after the mark `\\0block:`."""
    for child in element.contents:
        if isinstance(child, Tag):
            yield from _element(child, top=top)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield _SPACES.sub(" ", str(child)).replace("&", "&amp;").replace("<", "&lt;")


def _element(element: Tag, *, top: bool) -> Iterator[str]:
    name = element.name
    if name == "br":
        yield _BREAK
    elif name == "anki-mathjax":
        yield from _mathjax(element)
    elif name == "pre":
        yield f"\0block:{_tag(element)}{_verbatim(element)}</pre>"
    elif name == "div" and not element.attrs:
        yield from _line(element, top=top)
    elif name == "p" and top and not element.attrs and not has_blocks(element):
        yield from (_LINE, *_tokens(element, top=False), _LINE)
    elif name in BLOCKS:
        inner = "" if name in VOID else f"{_of_children(element, blocks=False)}</{name}>"
        yield f"\0block:{_tag(element)}{inner}"
    else:
        yield _tag(element)
        yield from _tokens(element, top=False)
        if name not in VOID:
            yield f"</{_SAME.get(name, name)}>"


def _line(element: Tag, *, top: bool) -> Iterator[str]:
    yield _LINE
    yield from _tokens(element, top=top)
    yield _LINE


def _mathjax(element: Tag) -> Iterator[str]:
    opening, closing = ("\\[", "\\]") if attribute(element, "block") == "true" else ("\\(", "\\)")
    yield from (opening, *_tokens(element, top=False), closing)


def _verbatim(element: Tag) -> str:
    """The content of `<pre>`, in which white space counts. A line break at the beginning or the end does not show."""
    parts: list[str] = []
    for child in element.contents:
        if isinstance(child, Tag):
            name = _SAME.get(child.name, child.name)
            parts.append(
                "\n" if name == "br" else f"{_tag(child)}{_verbatim(child)}{'' if name in VOID else f'</{name}>'}"
            )
        elif not isinstance(child, PreformattedString):
            parts.append(str(child).replace("&", "&amp;").replace("<", "&lt;"))
    text = "".join(parts)
    return text.strip("\n") if element.name in ("pre", "code") else text


def _tag(element: Tag) -> str:
    values = []
    for key in sorted(element.attrs):
        value = " ".join(attribute(element, key).split()) if key in ("class", "rel") else attribute(element, key)
        if key == "style":
            value = _style(value)
        if value or key not in ("alt", "class", "style", "title"):
            values.append(f' {key.lower()}="{value.replace(chr(34), "&quot;")}"')
    return f"<{_SAME.get(element.name, element.name)}{''.join(values)}>"


def _style(value: str) -> str:
    pairs = (part.partition(":") for part in value.split(";"))
    return "; ".join(sorted(f"{name.strip().lower()}: {text.strip()}" for name, _, text in pairs if name.strip()))


def _run(tokens: Sequence[str], *, blocks: bool) -> str:
    """The lines of a run of inline content. In the form for blocks a line of a `<div>` is a paragraph."""
    paragraphs: list[list[str]] = [[]]
    line = ""
    for token in tokens:
        if token is _BREAK:
            paragraphs[-1].append(_trimmed(line))
            line = ""
        elif token is _LINE:
            if _trimmed(line):
                paragraphs[-1].append(_trimmed(line))
            line = ""
            if blocks and paragraphs[-1]:
                paragraphs.append([])
        else:
            line += token
    if _trimmed(line):
        paragraphs[-1].append(_trimmed(line))
    texts = ["<br>".join(lines) for lines in paragraphs]
    if not blocks:
        return "<br>".join(texts)
    return "".join(f"<p>{text}</p>" for text in texts if text.replace("<br>", "") or _SEEN.search(text))


def _trimmed(line: str) -> str:
    """A line with its spaces outside of emphasis, each once, and none at its ends."""
    line = _FORMULA.sub(lambda match: f"{match[1]}{match[2].strip()}{match[3]}", line)
    line = _SPACE_BEFORE_END.sub(r"\1 ", _SPACE_AFTER_START.sub(r" \1", line))
    line = _SPACE_AT_START.sub(r"\1", _SPACE_AT_END.sub(r"\1", line.strip(" ")))
    return re.sub(r" (?= )", "", line).strip(" ")
