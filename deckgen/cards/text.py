"""The text of a field as Anki's engine takes it from HTML (rslib, text.rs)."""

import re
from html import unescape
from html.entities import html5

_HTML = re.compile(r"<[^>]*>|<!--.*?-->", re.S)
_ENTITY = re.compile(r"&(?:#([0-9]+|[xX][0-9a-fA-F]+)|(\w+));")


def html_to_text(html: str) -> str:
    """Return a field without tags, and with its entities as characters.

    Like the engine, it decodes nothing if the field has an `&` that begins no entity, and no-break spaces become spaces only
    in a field with an entity.
    """
    text = _HTML.sub("", html)
    entities = [match for match in _ENTITY.finditer(text) if match[1] or f"{match[2]};" in html5]
    if not entities or len(entities) != text.count("&"):
        return text
    return unescape(text).replace("\xa0", " ")
