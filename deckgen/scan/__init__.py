"""One scan of Markdown source that knows fences, code, comments, tags, front matter and math.

Formulas are found in the raw source, before Markdown sees it, because no Markdown extension finds them well: the same
scan tells the parser which lines open nothing, and the renderer what to mask. Offsets are into the text as given.
"""

from deckgen.scan.scanner import scan
from deckgen.scan.spans import CODE_KINDS, Scan, Span, SpanKind, Unclosed

__all__ = ["CODE_KINDS", "Scan", "Span", "SpanKind", "Unclosed", "scan"]
