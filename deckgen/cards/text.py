"""The text of a field as Anki's engine takes it from HTML (rslib, text.rs)."""

from html import unescape
from html.entities import html5

from deckgen.lazy_patterns import lazy_pattern

_TAG = lazy_pattern(r"<[^>]*>")
_ENTITY = lazy_pattern(r"&(?:#([0-9]+|[xX][0-9a-fA-F]+)|(\w+));")


def html_to_text(html: str) -> str:
    """Return a field without tags, and with its entities as characters.

    Like the engine, it decodes nothing if the field has an `&` that begins no entity, and no-break spaces become spaces only
    in a field with an entity.
    """
    end = html.rfind(">") + 1  # without it, each `<` of a hostile text would be searched to the end
    text = _TAG.sub("", html[:end]) + html[end:]
    entities = [match for match in _ENTITY.finditer(text) if match[1] or f"{match[2]};" in html5]
    if not entities or len(entities) != text.count("&"):
        return text
    return unescape(text).replace("\xa0", " ")
