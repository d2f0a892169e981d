"""Tags that say "this is a card": `#card`, `#flashcard`, `#card-reverse`, `#fc`, `[[card]]`. Other tags next to them are the note's."""

import re

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern

_NAME = r"(?:flash)?card|fc|anki(?:-?card)?|记忆卡片|卡片"
_CARD = rf"#(?P<name>{_NAME})(?:[/-](?P<kind>reverse[d]?|spaced|basic|two-way))?(?![\w/-])|\[\[(?P<linked>(?:flash)?card)\]\]|#\[\[(?:flash)?card\]\]"
_TAG = r"#[^\s#\[\](){}\"'`,;:.!?，。；：！？]+|#\[\[[^\[\]]+\]\]"
_BEHIND = lazy_pattern(rf"(?:^|(?<=[\s:：.。?？!！)）*_])){_CARD}", re.I)
_OTHERS = lazy_pattern(rf"(?:[ \t]*(?:{_TAG}))*[ \t]*", re.I)
_RUN = lazy_pattern(rf"(?:{_TAG})(?:[ \t]*+(?:{_TAG}))*+[ \t]*+", re.I)
_ONE = lazy_pattern(_TAG)
_REVERSED = ("reverse", "reversed", "two-way")


class CardTag(Struct, frozen=True):
    """A tag of a card in a text, with the other tags around it: from offset `start` to `end`. `tags` are those others."""

    start: int
    end: int
    tags: tuple[str, ...]
    reversed: bool


def card_tag(text: str) -> CardTag | None:
    """The last card tag in a text behind which only other tags or a label such as `:` stand."""
    last = len(text.rstrip(" \t:："))
    end = 0
    for match in _BEHIND.finditer(text):
        # A tag inside the run of tags behind an earlier one has the same text behind it.
        if match.start() < end:
            continue
        others = _OTHERS.match(text, match.end())
        end = others.end() if others else match.end()
        if end < last:
            continue
        start = _start_of_tags(text, match.start())
        words = [*_ONE.findall(text[start : match.start()]), *_ONE.findall(text[match.end() : end])]
        kind = (match["kind"] or "").lower()
        return CardTag(start, end, tuple(_bare(word) for word in words), kind in _REVERSED)
    return None


def _start_of_tags(text: str, end: int) -> int:
    """The offset where the tags that reach up to `end` begin, with the blanks before them. `end` if there are none."""
    # Each run is searched once from its start, so the time is linear.
    start = next((run.start() for run in _RUN.finditer(text, 0, end) if run.end() == end), end)
    return len(text[:start].rstrip(" \t")) if start < end else end


def _bare(word: str) -> str:
    return word.lstrip("#").strip("[]").replace("/", "::")


def without_card_tags(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of sections without the tags of the headings that are cards too."""
    return tuple(name[: tag.start].rstrip() if (tag := card_tag(name)) else name for name in names)
