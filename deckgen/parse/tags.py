"""Anki tags and deck names from what authors write: lists, texts with commas, nested tags, categories."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from deckgen.lazy_patterns import lazy_pattern

_COMMENT = lazy_pattern(r"<!--.*?-->|%%.+?%%")
_WIKI_LINK = lazy_pattern(r"\[\[([^\[\]|\n]*[^\W\d][^\[\]|\n]*)(?:\|([^\[\]\n]*))?\]\]")
_QUOTED_LINK = lazy_pattern(r"\[\[([^\[\]|]+)(?:\|[^\[\]]*)?\]\]")


def tag(text: str) -> str:
    """A text as an Anki tag: no spaces, no quotes."""
    return re.sub(r"[\s\"]+", "_", text.strip())


def nested_tag(text: str) -> str:
    """A tag as Obsidian writes it, `#a/b`, as an Anki tag: `a::b`."""
    parts = re.split(r"/+|:{2,}", text.strip())
    return "::".join(tag(part.strip().removeprefix("#")) for part in parts if part.strip("# \t"))


def tag_words(value: Any) -> list[str]:
    """Tags as a list, or as one text with commas or spaces between them, as they are written."""
    if isinstance(value, list):
        return [str(word) for word in value if word is not None and str(word).strip()]
    if isinstance(value, str | int | float):
        return [word for word in re.split(r"[,，\s]+", str(value)) if word]
    return []


def category_paths(value: Any) -> Iterator[tuple[str, ...]]:
    """Hexo's categories as paths: a list is one path; a list that holds lists has a path in each of its items."""
    if isinstance(value, str):
        yield (value,)
    elif isinstance(value, list) and value:
        paths = value if any(isinstance(path, list) for path in value) else [value]
        for path in paths:
            parts = path if isinstance(path, list) else [path]
            if names := tuple(str(part) for part in parts if part is not None and str(part).strip()):
                yield names


def plain_name(text: str) -> str:
    """A heading's text as part of a name: no comments, no markup, no quotes, and no `::`, which would part it."""
    shown = _WIKI_LINK.sub(lambda link: link[2] or link[1], _COMMENT.sub("", text))
    return re.sub(r"[*`$\"]", "", unicodedata.normalize("NFC", shown)).replace("::", ":").strip()


def unlinked(text: str) -> str:
    """A name without the brackets of a wiki link: `[[Geography]]`, as Logseq writes a deck."""
    return _QUOTED_LINK.sub(r"\1", text)
