"""The rules for the values in a row of a lock. Each key has one rule."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from deckgen.lazy_patterns import lazy_pattern
from deckgen.notetypes import KIND
from deckgen.project_rules import is_version

Rule = tuple[Callable[[Any], bool], str]
"""A function that says whether a value is right, and what the message says of a value that is wrong."""

# Other programs make guids of any text.
_GUID = lazy_pattern(r"(?=.*\S)[^\x00-\x1f\x7f]{1,1000}")
# A merge or `deckgen lock new` can leave a digest empty.
_DIGEST = lazy_pattern(r"[0-9a-f]{0,64}")
_CHECKSUM = lazy_pattern(r"[0-9a-f]{1,64}")
_SKETCH = lazy_pattern(r"(?:[0-9a-f]{4})*")
# The highest numbers that Anki stores: ids have 64 bits and a sign, numbers of cards have 16 bits.
_IDS, _CARDS = range(-(2**63), 2**63), range(1, 2**16)
_TIMES = range(1, 2**32)  # seconds since 1970, up to the year 2106


def matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    """A function that says whether a value is a text that matches as a whole."""
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def is_number_of(numbers: range) -> Callable[[Any], bool]:
    """A function that says whether a value is an integer in a range. True and 1.0 are not integers."""
    return lambda value: type(value) is int and value in numbers


def is_text(value: Any) -> bool:
    """Whether a value is a text that is not empty."""
    return isinstance(value, str) and bool(value)


def is_guid(value: Any) -> bool:
    """Whether a value is a guid that a lock can store."""
    return matches(_GUID)(value) and _is_unicode(value)


def _names_with(right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(right, value.values()))


def _digest(name: str) -> Rule:
    return matches(_DIGEST), f"{name} is not a digest"


_KIND: Rule = (matches(re.compile(KIND)), "no note type")
NOTE_RULES: Mapping[str, Rule] = {
    "guid": (is_guid, "guid is not a guid"),
    "kind": _KIND,
    "id": (lambda value: value is None or is_text(value), "id is not a text"),
    "file": (is_text, "file is not a path"),
    "question": (lambda value: isinstance(value, str), "question is not a text"),
    "asked": _digest("asked"),
    "answered": _digest("answered"),
    "sketch": (matches(_SKETCH), "sketch is not a sketch of an answer"),
    "fields": _digest("fields"),
    "mod": (is_number_of(range(_TIMES.stop)), "mod is not a time in seconds"),
    "state": (lambda value: value in ("active", "retired"), "state is neither active nor retired"),
    "parts": (_names_with(is_number_of(_CARDS)), "parts are not names with numbers"),
    "dialect": (is_text, "no dialect"),
    "original": (matches(_DIGEST), "no digest of an original"),
    "inputs": (_names_with(matches(_DIGEST)), "inputs are not reasons with digests"),
}
TYPE_RULES: Mapping[str, Rule] = {
    "notetype": _KIND,
    "digest": _digest("digest"),
    "mod": (is_number_of(range(_TIMES.stop)), "mod is not a time in seconds"),
    "id": (is_number_of(_IDS), "no ids of a note type"),
    "fields": (_names_with(is_number_of(_IDS)), "no ids of a note type"),
    "templates": (_names_with(is_number_of(_IDS)), "no ids of a note type"),
    "cloze": (lambda value: isinstance(value, bool), "cloze is neither true nor false"),
}
RELEASE_RULES: Mapping[str, Rule] = {
    "release": (lambda value: isinstance(value, str) and is_version(value), "release is not a version"),
    "time": (is_number_of(_TIMES), "time is not a time in seconds"),
    "sha256": (matches(_CHECKSUM), "sha256 is not a checksum"),
    "cleanup": (matches(_CHECKSUM), "cleanup is not a checksum"),
}
DECK_RULES: Mapping[str, Rule] = {
    "deck": (is_text, "no id and name of a deck"),
    "name": (is_text, "no id and name of a deck"),
}

_SURROGATE = lazy_pattern("[\ud800-\udfff]")


def check_values(row: Mapping[str, Any], rules: Mapping[str, Rule]) -> None:
    """Raise ValueError if a value of a row is wrong. The row has no keys without a rule."""
    for key, value in row.items():
        right, message = rules[key]
        if not right(value) or not _is_unicode(value):
            raise ValueError(message)


def _is_unicode(value: Any) -> bool:
    """Whether all texts of a value can be written as UTF-8. JSON can contain one half of a surrogate pair."""
    texts = [value] if isinstance(value, str) else list(value) if isinstance(value, dict) else []
    return not any(_SURROGATE.search(text) for text in texts if not text.isascii())
