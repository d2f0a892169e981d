"""Prepares Markdown source: closes fences, and removes comments from definitions."""

import re

from deckgen.scan import Scan, SpanKind, scan
from deckgen.scan.syntax import FENCE_MARK


def without_comments(definitions: str) -> str:
    """Return definitions of other places of the file, without the comments in them."""
    comments = [span for span in scan(definitions).spans if span.kind is SpanKind.COMMENT]
    for span in reversed(comments):
        definitions = definitions[: span.start] + definitions[span.end :]
    return definitions


def with_closed_fence(text: str, found: Scan) -> str:
    """Return the text with a code fence closed that the author left open: its code is code to the end.

    `found` is the scan of the source. In the text some of it may be masked, such as a fence with code of a plugin.
    """
    if _leaves_fence_open(found) and _leaves_fence_open(scan(text)):
        opened = re.findall(rf"^[ \t>]*({FENCE_MARK})", text, re.M)
        return f"{text}\n{opened[-1]}"
    return text


def _leaves_fence_open(found: Scan) -> bool:
    return any(fault.code == "fence-unclosed" for fault in found.unclosed)
