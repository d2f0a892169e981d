"""Remove from a formula what belongs to the blocks around it, such as quote markers and indentation."""

import re

from deckgen.lazy_patterns import lazy_pattern
from deckgen.tex.source_map import SourceMappedText

_INDENT = lazy_pattern(r"(?<=\n)[ \t]+")
_COMMENT = lazy_pattern(r"\\.|%.*")
_TRAILING = lazy_pattern(r"[ \t]+(?=\n)")
_BLANK_LINES = lazy_pattern(r"\n(?=\n)")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&nbsp;": " "}
_ENTITY = lazy_pattern("|".join(_ENTITIES))
# A backslash before a space at the end is a control space, so one space stays.
_EDGES = lazy_pattern(r"\A\s+|(?<!\\)((?:\\\\)*\\\s)\s*\Z|\s+\Z")


def clean_tex(raw: SourceMappedText, quotes: int) -> SourceMappedText:
    """Return the TeX between two delimiters, without blank lines and comments.

    `quotes` is the number of blockquote markers before each line after the first.
    """
    if "\n" in raw.text:
        if quotes:
            raw = raw.sub(re.compile(rf"(?<=\n)(?:[ \t]*>){{1,{quotes}}}"), "")
        raw = raw.sub(_INDENT, "")
    if "%" in raw.text:
        raw = raw.sub(_COMMENT, lambda m: "" if m[0][0] == "%" else m[0])
    if "\n" in raw.text:
        raw = raw.sub(_TRAILING, "").sub(_BLANK_LINES, "")
    if "&" in raw.text:
        raw = raw.sub(_ENTITY, lambda m: _ENTITIES[m[0]])
    return raw.sub(_EDGES, lambda m: m[1] or "")
