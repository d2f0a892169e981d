"""Text of a field → Markdown that shows the same text.

Few characters are escaped, so that the text stays readable: those that begin syntax of deckgen's Markdown where they stand. The caller
renders the result. If that shows other text, all punctuation is written as entities.
"""

import re

from deckgen.lazy_patterns import lazy_pattern

_SOUND = r"\[sound:[^\]\n]+\]"
_CLOZE = r"\{\{c\d+(?:,\d+)*::|\}\}|::"
_FORMULA = r"\\\((?P<inline>.+?)\\\)|\\\[(?P<display>.+?)\\\]"
_PIECES = lazy_pattern(f"(?P<sound>{_SOUND})|{_FORMULA}", re.S)
_PIECES_OF_CLOZES = lazy_pattern(f"(?P<sound>{_SOUND})|{_FORMULA}|(?P<cloze>{_CLOZE})", re.S)
_SYNTAX = lazy_pattern(
    r"""
    (?P<percent>%(?=%))
    | (?P<slash>\\(?=[\\`*_{}\[\]()>\#+\-.!$=~^|]))     # a backslash that would escape
    |(?P<entity>&(?=\#?\w+;))                          # text that reads as an entity
    |(?P<tag><(?=[A-Za-z/!?%]))                        # text that reads as a tag
    |(?P<code>`)
    |(?P<star>(?<!\s)\*|\*(?!\s))
    |(?P<under>(?<![^\W_])_|_(?![^\W_]))
    |(?P<bracket>\[(?=[^\[\]]*\](?:[\[(:{]|\s*\())|\[(?=\[|\^|sound:|anki:|\$|/?latex|[ xX]\])|(?<=!)\[|\[(?=TOC\]))
    |(?P<tilde>~(?=~)|(?<=\w)~|~(?=\w))
    |(?P<caret>\^(?=[\w+\-−\[]))
    |(?P<equals>=(?==))
    |(?P<brace>\{(?=[:#.%{]|[^\s{}]+\}))
    |(?P<hash>(?<=\s)\#(?=[\w/]))
    """,
    re.X,
)
_DOLLAR = lazy_pattern(r"\$(?=.*\S)|(?<=\S)\$", re.S)
_LINE_START = lazy_pattern(
    r"(?P<mark>\#(?=\#|\s|$)|>|\+(?=\s|\+|$)|-(?=\s|-|$)|=+(?=\s*$)|\||:(?=\s|$)|\d{1,9}(?=[.)])|[!?](?=[!?]{2})|~(?=~~))"
)
_AS_ENTITIES = lazy_pattern(r"[!-/:-@\[-`{-~]")
# Bytes that a note file may not have.
CONTROL = lazy_pattern(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def plain(text: str) -> str:
    """Text with escapes where Markdown would read syntax. White space is folded; the space that no line breaks at is `&nbsp;`."""
    if text.isalnum():
        return text
    text = _SYNTAX.sub(_escaped, text)
    if text.count("$") > 1:
        text = _DOLLAR.sub(r"\\$", text)
    return with_entities_for_spaces(text)


def literal(text: str) -> str:
    """Text with an entity for each character that is punctuation."""
    return with_entities_for_spaces(_AS_ENTITIES.sub(lambda match: f"&#{ord(match[0])};", text))


def with_entities_for_spaces(text: str) -> str:
    """Text with white space that can be seen in a note file."""
    return CONTROL.sub("", text).replace("\u00a0", "&nbsp;").replace("\u2028", "&#8232;").replace("\u2029", "&#8233;")


def line_start(markdown: str) -> str:
    """The beginning of a paragraph without what would make another block of it."""
    match = _LINE_START.match(markdown)
    if match is None:
        return markdown
    mark = match["mark"]
    if mark.isdigit():
        return f"{mark}\\{markdown[len(mark) :]}"
    return f"&#{ord(mark[0])};{markdown[1:]}" if mark in ":?" else f"\\{markdown}"


def pieces(text: str, *, clozes: bool) -> list[tuple[str, str]]:
    """The text in pieces, each with its kind: `text`, `sound`, `inline` or `display` (the TeX of a formula) or `cloze` (a mark)."""
    found: list[tuple[str, str]] = []
    end = 0
    for match in (_PIECES_OF_CLOZES if clozes else _PIECES).finditer(text):
        if match.start() > end:
            found.append(("text", text[end : match.start()]))
        kind = match.lastgroup or "text"
        found.append((kind, match[kind]))
        end = match.end()
    if end < len(text):
        found.append(("text", text[end:]))
    return found


def _escaped(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "tag":
        return "&lt;"
    if kind == "entity":
        return "&amp;"
    # A backslash before a bracket would begin a formula.
    return f"&#{ord(match[0])};" if kind in ("bracket", "hash", "percent") else f"\\{match[0]}"
