"""When two values of a note are the same for a pull."""

import unicodedata
from collections.abc import Iterable

from deckgen.to_markdown import same_html as same_look

_OF_ANKI = frozenset({"marked", "leech"})
"""Tags that Anki sets itself. They say something about a person's reviews, not about the note."""


def same_html(left: str, right: str) -> bool:
    """Whether two fields look the same on a card. Anki's editor writes the HTML of a field again when the field is edited.

    A line of text is the same as a paragraph: the editor makes lines, and Markdown makes paragraphs.
    """
    left, right = nfc(left), nfc(right)
    return left == right or same_look(left, right, blocks=True)


def same_tags(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether two lists have the same tags."""
    return {tag.casefold() for tag in tags_of(left)} == {tag.casefold() for tag in tags_of(right)}


def tags_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags of a note that Anki does not set itself, in Unicode form NFC, sorted."""
    return tuple(sorted({nfc(tag) for tag in tags if tag.casefold() not in _OF_ANKI}))


def nfc(text: str) -> str:
    """The text in Unicode form NFC, as Anki stores it."""
    return unicodedata.normalize("NFC", text)
