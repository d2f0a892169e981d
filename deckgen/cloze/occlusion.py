"""Write and read image-occlusion masks (rslib/src/image_occlusion/imageocclusion.rs, Anki 26.09)."""

import re
from collections.abc import Iterator, Mapping
from html import escape

from deckgen.cloze.grammar import OCCLUSION
from deckgen.lazy_patterns import lazy_pattern

_SHAPES = {"rect", "ellipse", "polygon", "text"}
# In a value, a backslash is only before a colon or another backslash.
_PROPERTY = lazy_pattern(r":([^=]+)=((?:[^\\:]|\\[\\:])*+)(?=:|\Z)")
# Name of the property in a mask → name of the attribute that the card's script reads.
_ATTRIBUTES = {
    name: f"data-{name}"
    for name in ("left", "top", "angle", "fill", "width", "height", "rx", "ry", "points", "text", "scale")
}
_ATTRIBUTES |= {"oi": "data-occludeInactive", "fs": "data-font-size"}
_NOT_ZERO = {"width", "height", "rx", "ry", "scale"}


def write_mask(number: int, shape: str, properties: Mapping[str, str]) -> str:
    """Return the line of a field that masks a part of the picture on card `number` (from 1).

    Values must not contain a colon or a backslash.
    """
    written = "".join(f":{name}={value}" for name, value in properties.items())
    return f"{{{{c{number}::{OCCLUSION}{shape}{written}}}}}<br>"


def mask_attributes(written: str) -> str:
    """Return the HTML attributes of a mask such as `rect:left=.1:top=.2`. Each attribute ends with a space."""
    return "".join(f'{name}="{value}" ' for name, value in _attributes(written))


def _attributes(written: str) -> Iterator[tuple[str, str]]:
    shape, colon, _ = written.partition(":")
    if colon and shape in _SHAPES:
        yield "data-shape", shape
    pos = len(shape)
    while colon and (match := _PROPERTY.match(written, pos)):
        pos = match.end()
        name, value = match[1], _shown(match[1], re.sub(r"\\(.)", r"\1", match[2]))
        if name in _ATTRIBUTES and value and not (name in _NOT_ZERO and value == "0"):
            yield _ATTRIBUTES[name], value


def _shown(name: str, value: str) -> str:
    if name == "points":
        return " ".join(pair for pair in value.split(" ") if "," in pair)
    return escape(value) if name == "text" else value
