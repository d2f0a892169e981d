"""Elements that stay as HTML in Markdown."""

import re
from collections.abc import Mapping
from html import escape as html_escape

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString, Script, Stylesheet

from deckgen.lazy_patterns import lazy_pattern
from deckgen.render.html import attribute
from deckgen.to_markdown import escape
from deckgen.to_markdown.normal import VOID

_LINE_BREAKS = lazy_pattern(r"[\r\n]+")
_EACH_LINE_BREAK = lazy_pattern(r"\r\n?|\n")
_BLANK_LINES = lazy_pattern(r"\n(?:[ \t]*\n)+")
# What a reader of the file could take for a heading, a fence, a label or a rule at the beginning of a line.
_LINE_START = lazy_pattern(r"(?m)^(?=[ \t]*(?:#|\*\*|`{3}|~{3}|-{3}|\+{3}|>|[=<>|]{7}))([ \t]*)([^\w\s])")
_MEDIA = ("src", "data")


def raw_html(element: Tag, names: Mapping[str, str], *, literal: bool, one_line: bool) -> str:
    """An element as HTML. `names` maps the names of media files to their references.

    With `literal` all punctuation of its text is written as entities, so that nothing in it is read as a formula or a comment. The marks of
    clozes and sounds stay. With `one_line` line breaks are entities where they count, and spaces elsewhere.
    """
    opening = opening_tag(element, names)
    if element.name in VOID:
        return opening
    inner = "".join(
        _node(child, names, literal, one_line, keeps_lines=element.name in ("pre", "textarea"))
        for child in element.contents
    )
    return f"{opening}{inner}</{element.name}>"


def raw_text(text: str, names: Mapping[str, str], *, literal: bool) -> str:
    """A text in HTML."""
    if not literal:
        return escape.with_entities_for_spaces(html_escape(_with_names(text, names), quote=False))
    return "".join(_literal_piece(kind, piece, names) for kind, piece in escape.pieces(text, clozes=True))


def opening_tag(element: Tag, names: Mapping[str, str]) -> str:
    """The opening tag of an element on one line, with the references of media in place of their names."""
    parts = []
    for key in element.attrs:
        value = attribute(element, key)
        if key in _MEDIA:
            value = names.get(value, value)
        value = html_escape(value, quote=False).replace('"', "&quot;").replace("\u00a0", "&nbsp;")
        parts.append(f' {key}="{_LINE_BREAKS.sub("&#10;", value)}"')
    return f"<{element.name}{''.join(parts)}>"


def _node(node: object, names: Mapping[str, str], literal: bool, one_line: bool, *, keeps_lines: bool) -> str:
    if isinstance(node, Tag):
        if keeps_lines and node.name not in ("pre", "textarea"):
            opening = opening_tag(node, names)
            if node.name in VOID:
                return opening
            inner = "".join(_node(child, names, literal, one_line, keeps_lines=True) for child in node.contents)
            return f"{opening}{inner}</{node.name}>"
        return raw_html(node, names, literal=literal, one_line=one_line)
    if isinstance(node, (Script, Stylesheet)):
        return _BLANK_LINES.sub("\n", str(node)) if not one_line else _LINE_BREAKS.sub(" ", str(node))
    if isinstance(node, PreformattedString) or not isinstance(node, NavigableString):
        return ""
    text = raw_text(str(node), names, literal=literal)
    if one_line:
        return _EACH_LINE_BREAK.sub("&#10;", text) if keeps_lines else _LINE_BREAKS.sub(" ", text)
    if not keeps_lines:
        text = _BLANK_LINES.sub("\n", text)
    return _LINE_START.sub(lambda match: f"{match[1]}&#{ord(match[2])};", text)


def _literal_piece(kind: str, piece: str, names: Mapping[str, str]) -> str:
    match kind:
        case "sound":
            return _with_names(piece, names)
        case "cloze":
            return html_escape(piece, quote=False)
        case "inline":
            return f"&#92;({escape.literal(piece)}&#92;)"
        case "display":
            return f"&#92;[{escape.literal(piece)}&#92;]"
    return escape.literal(piece)


def _with_names(text: str, names: Mapping[str, str]) -> str:
    if "[sound:" not in text:
        return text
    return re.sub(r"\[sound:([^\]\n]+)\]", lambda match: f"[sound:{names.get(match[1], match[1])}]", text)
