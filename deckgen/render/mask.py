"""Masking: what Markdown must not touch stands in its text as one private character, and comes back at the end.

One character a mask, so that no rule of Markdown can split it, count it or take it for syntax.
"""

import re
from collections.abc import Iterable
from html import escape

from deckgen.cloze.source import escape_cloze_marks
from deckgen.lazy_patterns import lazy_pattern

_FIRST, _LAST = 0xF0000, 0x10FFFD
TOKEN = lazy_pattern(f"[{chr(_FIRST)}-{chr(_LAST)}]")
"""A character that stands for masked text."""
# Code, and tags with their attributes.
_LITERAL = lazy_pattern(r"""(<pre\b.*?</pre>|<code\b.*?</code>|<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.S)


class Masks:
    """The replacements of one field, in the order in which they were made."""

    def __init__(self) -> None:
        self._shown: list[str] = []
        self._source: list[str] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def add(self, shown: str, source: str) -> str:
        """The character that stands for `shown` (HTML); inside code and attributes `source` (HTML) is put back.

        The same gets the same character again, so that a reference still finds its target.
        """
        number = self._numbers.setdefault((shown, source), len(self._shown))
        if number == len(self._shown):
            self._shown.append(shown)
            self._source.append(source)
        return chr(_FIRST + number)

    def restore(self, html: str) -> str:
        if not self._shown:
            return html
        parts = _LITERAL.split(html)
        parts[0::2] = [TOKEN.sub(lambda m: self._shown[ord(m[0]) - _FIRST], part) for part in parts[0::2]]
        parts[1::2] = [self._literal(part) for part in parts[1::2]]
        return "".join(parts)

    def _literal(self, html: str) -> str:
        """Code, or a tag, with the source of what was masked in it."""

        def source(match: re.Match[str]) -> str:
            text = self._source[ord(match[0]) - _FIRST]
            return text if html.startswith(("<pre", "<code")) else text.replace('"', "&quot;")

        return TOKEN.sub(source, html)


def masked(source: str, cuts: Iterable[tuple[int, int, str]], masks: Masks, cloze_marks: bool) -> str:
    """The source with one character for each cut: its start and end, and the HTML that is shown in its place.

    With `cloze_marks`, text that only looks like a cloze is written so that Anki does not see it.
    """
    parts: list[str] = []
    pos = 0
    for start, end, shown in sorted(cuts):
        if start < pos:
            continue
        parts.append(source[pos:start])
        if shown or not _has_own_lines(source, start, end):
            written = escape(source[start:end], quote=False)
            parts.append(masks.add(shown, escape_cloze_marks(written) if cloze_marks else written))
        pos = end
    return "".join([*parts, source[pos:]])


def _has_own_lines(source: str, start: int, end: int) -> bool:
    """Whether only white space and quote marks are around a cut on its lines. An HTML comment keeps its place: it may part lists."""
    before, after = source[:start].rpartition("\n")[2], source[end:].partition("\n")[0]
    return not before.strip(" \t>") and not after.strip() and not source.startswith("<!--", start)


def literal_tokens(text: str) -> list[re.Match[str]]:
    """Where the author's own text has characters of the range that masks use (icon fonts do)."""
    return list(TOKEN.finditer(text))
