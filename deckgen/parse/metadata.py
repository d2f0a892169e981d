"""What other tools and authors write below a note about the note: its status, its tags."""

import re

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.document import Document

_FIELD = lazy_pattern(
    r"[ \t]{0,3}(?:[-*+][ \t]+)?(?P<mark>\*\*|__|\*|_)?(?P<name>status|state|tags?|difficulty|level|category|confidence|priority|created|updated|last reviewed"
    r"|reviewed|next review|due|ease|interval|noteid|note ?id|deck|难度|标签|状态|分类|复习|掌握程度)(?(mark)(?P=mark))[ \t]*[:：](?(mark)(?:(?P=mark))?)[ \t]*(?P<value>.*?)[ \t]*$",
    re.I,
)
_TAGS = ("tag", "tags", "标签")


def without_metadata(document: Document, first: int, last: int) -> tuple[int, tuple[str, ...], frozenset[int]]:
    """The index of the last line that is no metadata, the tags that metadata name, and the numbers of lines that only name tags.

    Metadata are lines at the end of the lines with indices `first` to `last`, with a blank line or others of their kind above.
    """
    tags: list[str] = []
    named: set[int] = set()
    end = last
    for i in range(last, first, -1):
        line = document.lines[i]
        if line.blank or document.is_thematic_break(i):
            continue
        match = _FIELD.match(line.text) if line.open else None
        if match is None:
            break
        if match["name"].lower() in _TAGS:
            tags += re.findall(r"[^\s,，、#]+", match["value"])
            named.add(i + 1)
        end = i - 1
    return end, tuple(tags), frozenset(named)
