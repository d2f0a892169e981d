"""Scan Markdown source for fences, code, comments, tags, front matter and math.

Formulas are found in the raw source, because no Markdown extension finds them well. The parser uses the scan to see where
no block can begin. The renderer uses it to see what to mask. All offsets are offsets in the given text.
"""

from deckgen.scan.scanner import scan
from deckgen.scan.spans import CODE_KINDS, Scan, Span, SpanKind, Unclosed

__all__ = ["CODE_KINDS", "Scan", "Span", "SpanKind", "Unclosed", "scan"]
