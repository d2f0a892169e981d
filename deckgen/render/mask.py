"""Masking: what Markdown must not touch stands in its text as one private character, and comes back at the end.

One character a mask, so that no rule of Markdown can split it, count it or take it for syntax.
"""

import re

_FIRST, _LAST = 0xF0000, 0xFFFFD
_TOKEN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>)", re.S)


class Masks:
    """The replacements of one field, in the order in which they were made."""

    def __init__(self) -> None:
        self._shown: list[str] = []
        self._source: list[str] = []

    def add(self, shown: str, source: str) -> str:
        """The character that stands for `shown` (HTML); where it ends up inside code, `source` (HTML) is put back."""
        self._shown.append(shown)
        self._source.append(source)
        return chr(_FIRST + len(self._shown) - 1)

    def restore(self, html: str) -> str:
        if not self._shown:
            return html
        parts = _CODE.split(html)
        parts[0::2] = [_TOKEN.sub(lambda m: self._shown[ord(m[0]) - _FIRST], part) for part in parts[0::2]]
        parts[1::2] = [_TOKEN.sub(lambda m: self._source[ord(m[0]) - _FIRST], part) for part in parts[1::2]]
        return "".join(parts)


def literal_tokens(text: str) -> list[re.Match]:
    """Where the author's own text has characters of the range that masks use (icon fonts do)."""
    return list(_TOKEN.finditer(text))
