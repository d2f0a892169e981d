"""The text of a new deck.toml."""

import json
from collections.abc import Sequence
from pathlib import Path

from deckgen.init.look import DeckSettings
from deckgen.init.unread import toml_list
from deckgen.jinja import fill_text

_TEMPLATE = Path(__file__).parent / "files" / "deck.toml"


def deck_toml(deck_id: str, settings: DeckSettings, exclude: Sequence[str]) -> str:
    """Return the text of a deck.toml. `exclude` are the patterns of files that are not notes."""
    values = {
        "id": deck_id,
        "name": json.dumps(settings.name, ensure_ascii=False),
        "slug": settings.slug,
        "dialects": settings.dialects.rstrip("\n"),
        "language": settings.language,
        "exclude": toml_list(exclude) if exclude else "",
    }
    return fill_text(_TEMPLATE, values)
