"""What builds and lints compute of one rendered note. It is stored with the rendering of the note."""

from collections.abc import Mapping

from msgspec import Struct

from deckgen.identity.stamp import Content, content_of
from deckgen.lint import keys_of
from deckgen.model import RenderedNote
from deckgen.notetypes.cards import cards_of


class Summary(Struct, frozen=True):
    """`content` is what the lock stores of the note, `cards` are the 0-based ordinals of its cards, `keys` those of `deckgen.lint.keys_of`."""

    content: Content
    cards: tuple[int, ...]
    keys: Mapping[str, str]


def summary(item: RenderedNote) -> Summary:
    """Compute the summary of a note."""
    return Summary(content_of(item), cards_of(item.notetype, item.fields), keys_of(item))
