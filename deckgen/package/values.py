"""Check the types of the values that a package contains. They are checked once, where they are read.

Each function returns the value, or raises ValueError with a message that begins with `what`, the name of the value.
"""

import json
from typing import Any

from deckgen.lazy_patterns import lazy_pattern
from deckgen.package.limits import LARGEST_TEXT, OverLimit

_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_LONGEST_NUMBER = 2**63  # SQLite and Anki store integers in 64 bits


def integer(value: object, what: str, low: int = -_LONGEST_NUMBER, high: int = _LONGEST_NUMBER - 1) -> int:
    """An integer from `low` to `high`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{what} is not an integer")
    if not low <= value <= high:
        raise ValueError(f"{what} is out of range")
    return value


def text(value: object, what: str) -> str:
    """A text that can be encoded. JSON can contain halves of characters, and they cannot."""
    if not isinstance(value, str):
        raise ValueError(f"{what} is not a text")
    if _SURROGATE.search(value):
        raise ValueError(f"{what} contains half of a character")
    return value


def name(value: object, what: str) -> str:
    """A text that is not empty."""
    if not text(value, what):
        raise ValueError(f"{what} is empty")
    return str(value)


def items(value: object, what: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise ValueError(f"{what} is not a list")
    return value


def mapping(value: object, what: str) -> dict[str, Any]:
    """A mapping of JSON, which has texts as keys."""
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not a mapping")
    return value


def json_mapping(data: object, what: str) -> dict[str, Any]:
    """The mapping that a JSON text contains. Raises OverLimit if the text is too long."""
    if not isinstance(data, str | bytes):
        raise ValueError(f"{what} is not a text")
    if len(data) > LARGEST_TEXT:
        raise OverLimit(f"is too large: {what} has {len(data)} bytes, and {LARGEST_TEXT} are allowed")
    try:
        return mapping(json.loads(data), what)
    except RecursionError:
        raise ValueError(f"{what} is nested too deeply") from None
