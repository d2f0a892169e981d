"""Diagrams in Markdown: code fences that a drawing tool makes pictures of."""

import re
from collections.abc import Iterator
from hashlib import sha256

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.scan.scanner import scan
from deckgen.scan.spans import SpanKind
from deckgen.scan.syntax import FENCE_MARK

DIAGRAM = "diagram:"
"""What the reference of a diagram begins with."""
_LANGUAGES = {"mermaid": "mermaid", "dot": "graphviz", "graphviz": "graphviz"}
_FENCE = lazy_pattern(FENCE_MARK + rf"[ \t]*({'|'.join(_LANGUAGES)})[ \t]*\n(.*)", re.S)
_MAY_OPEN = lazy_pattern(FENCE_MARK + rf"[ \t]*(?:{'|'.join(_LANGUAGES)})")
_CLOSING = lazy_pattern(rf"[ \t>]*{FENCE_MARK}[ \t]*")


class Diagram(Struct, frozen=True):
    """A fence `[start, end)`: `language` is `mermaid` or `graphviz`, `text` what the tool draws, without the marks of containers."""

    language: str
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """A SHA-256 in hexadecimal: diagrams of the same language and code are the same."""
        return sha256(f"{self.language}\n{self.text}".encode()).hexdigest()

    @property
    def ref(self) -> str:
        """What names the diagram in the renderer."""
        return f"{DIAGRAM}{self.language}:{self.key}"


def find_diagrams(source: str) -> Iterator[Diagram]:
    """Yield the diagrams of a text in their order."""
    if not _MAY_OPEN.search(source):
        return
    for span in scan(source).spans:
        match = _FENCE.match(source, span.start, span.end) if span.kind is SpanKind.FENCE else None
        if match and match[2].strip():
            prefix = source[source.rfind("\n", 0, span.start) + 1 : span.start]
            yield Diagram(_LANGUAGES[match[1]], _code(match[2], prefix), span.start, span.end)


def _code(body: str, prefix: str) -> str:
    """The lines of a fence without what is before the fence on its line, and without its closing mark."""
    marks = prefix.rstrip()
    lines = body.split("\n")
    if _CLOSING.fullmatch(lines[-1]):
        lines = lines[:-1] or [""]
    return "\n".join(_without(line, prefix if line.startswith(prefix) else marks) for line in lines) + "\n"


def _without(line: str, prefix: str) -> str:
    return line.removeprefix(prefix).rstrip()
