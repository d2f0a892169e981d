"""Tags that say that a file holds flashcards, in its front matter or in its text."""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.document import Document

_FLASHCARDS = lazy_pattern(r"(?:flash)?cards?(?:/.*)?|anki(?:/.*)?|抽认卡|闪卡|记忆卡片", re.I)
_SCHEDULE = "<!--SR:"
_TAG_LINE = lazy_pattern(r"[ \t]*(?:tags?:[ \t]*)?(?:#[^\s#]+[ \t]*)+$", re.I)


def is_flashcard_file(document: Document) -> bool:
    """Whether a tag of the whole file says that it holds flashcards."""
    return any(_FLASHCARDS.fullmatch(tag) for tag in (*_front_matter_tags(document), *_line_tags(document)))


def holds_plugin_cards(document: Document) -> bool:
    """Whether the file holds cards of a plugin of Obsidian: it has a tag of flashcards, `cards-deck`, or the date of a review."""
    return is_flashcard_file(document) or "cards-deck" in document.meta or _SCHEDULE in document.source


def is_scheduled(text: str) -> bool:
    """Whether a line has the date at which a card is reviewed."""
    return _SCHEDULE in text


def _front_matter_tags(document: Document) -> Iterator[str]:
    value = document.meta.get("tags")
    words = value if isinstance(value, list) else re.split(r"[,，\s]+", value) if isinstance(value, str) else []
    return (str(word).lstrip("#") for word in words)


def _line_tags(document: Document) -> Iterator[str]:
    """The tags of lines that hold nothing else."""
    for line in document.lines:
        if line.open and "#" in line.text and not line.heading and _TAG_LINE.match(line.text):
            yield from (word.lstrip("#") for word in line.text.split() if word.startswith("#"))
