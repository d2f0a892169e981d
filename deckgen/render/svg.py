"""Finds code in SVG files."""

from bs4 import Tag

from deckgen.render.html import attribute, parse_html
from deckgen.render.safe_html import is_safe_address

_ACTIVE = ("script", "foreignobject", "iframe", "object", "embed", "handler", "listener")


def has_code(data: bytes) -> bool:
    """Whether an SVG file may run code. A file that is not UTF-8 text counts as one, because it was not searched.

    Anki shows pictures in a way in which browsers run no code of theirs. But people also open media files by themselves.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return True
    if "<!ENTITY" in text.upper():
        return True
    return any(_runs_code(element) for element in parse_html(text).find_all(True))


def _runs_code(element: Tag) -> bool:
    if element.name.lower().rpartition(":")[2] in _ACTIVE:
        return True
    return any(
        key.lower().startswith("on")
        or (
            key.lower() in ("href", "xlink:href", "to", "values", "from")
            and not attribute(element, key).startswith("data:image/")
            and not is_safe_address(attribute(element, key))
        )
        for key in element.attrs
    )
