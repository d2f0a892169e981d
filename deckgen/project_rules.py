"""What the values of deck.toml must be, key by key."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from semver import Version

from deckgen.commonmark import is_self_contained
from deckgen.lazy_patterns import lazy_pattern
from deckgen.overrides import Rule
from deckgen.translations import TRANSLATIONS

HIGHLIGHTS = ("mark", "cloze")
"""What `==text==` may be: marked text, or a cloze."""
METADATA = ("decks", "tags", "drafts")
"""The kinds of metadata that other tools write, as `metadata` in deck.toml names them."""
# The version is part of file names, which have at most 255 bytes.
_LONGEST_VERSION = 100
_SLUG = lazy_pattern(r"[a-z0-9][a-z0-9_-]*")
_ADDRESS = lazy_pattern(r"https?://[^\s<>\"\\]+")


def is_version(text: str) -> bool:
    """Whether a text is a semantic version of at most 100 characters, without build metadata: `1.4.0`, `2.0.0-rc.1`."""
    return len(text) <= _LONGEST_VERSION and Version.is_valid(text) and "+" not in text


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


TEXT: Rule = (_text, "a text")
_USES: Rule = (lambda v: v in ("tags", "decks", "none"), "one of tags, decks, none")


def _is_relative_folder(value: Any) -> bool:
    return _text(value) and bool(value.strip()) and not PurePosixPath(value).is_absolute() and "\\" not in value


_RULES: dict[str, Rule] = {
    "id": (lambda v: _text(v) and bool(v.strip()), "a text that is not empty"),
    "name": (lambda v: _text(v) and bool(v.strip()) and '"' not in v, 'a text that is not empty, without "'),
    "slug": (
        lambda v: _text(v) and bool(_SLUG.fullmatch(v)) and v not in ("collection", "backup"),
        "lower-case letters, digits, - and _, and neither collection nor backup",
    ),
    "version": (lambda v: _text(v) and is_version(v), 'a version like "1.4.0"'),
    **dict.fromkeys(("sections", "folders", "categories"), _USES),
    "metadata": (lambda v: _texts(v) and set(v) <= set(METADATA), f"a list of some of {', '.join(METADATA)}"),
    "overrides": (
        lambda v: isinstance(v, list) and all(isinstance(each, dict) for each in v),
        "a list of tables, each with files = a pattern",
    ),
    "level": (lambda v: type(v) is int and 1 <= v <= 6, "a number from 1 to 6"),
    "tags": (
        lambda v: _texts(v) and not any(t.lower() in ("marked", "leech") or not re.fullmatch(r'[^\s"]+', t) for t in v),
        "a list of tags: no spaces or quotes in them, and none of Anki's own marked and leech",
    ),
    "exclude": (_texts, "a list of patterns"),
    "math": (lambda v: v in ("mathjax", "mathml"), "one of mathjax, mathml"),
    "macros": (
        lambda v: isinstance(v, dict) and all(map(_text, v.values())),
        "a table of names and their TeX, as texts",
    ),
    **dict.fromkeys(
        ("figures", "translates"), (_is_relative_folder, "a folder, relative to the deck's folder, with /")
    ),
    "media": (
        lambda v: isinstance(v, list) and all(map(_is_relative_folder, v)),
        "a list of folders, relative to the deck's folder, with /",
    ),
    "html": (lambda v: v in ("safe", "unsafe"), "one of safe, unsafe"),
    "highlight": (lambda v: v in HIGHLIGHTS, f"one of {', '.join(HIGHLIGHTS)}"),
    "lock": (lambda v: v is True, "true (without a lock leave the line out)"),
    "description": (lambda v: _text(v) and is_self_contained(v), "Markdown without HTML and with all blocks closed"),
    "homepage": (lambda v: _text(v) and (not v or bool(_ADDRESS.fullmatch(v))), "a web address (https://…)"),
    "language": (lambda v: _text(v) and v in TRANSLATIONS, f"one of {', '.join(TRANSLATIONS)}"),
    **dict.fromkeys(("author", "license", "base_url"), TEXT),
}
REQUIRED = ("id", "name", "slug", "version")


def rules_of(dialects: Sequence[str], lints: Sequence[str]) -> dict[str, Rule]:
    """The rules of all keys."""
    return {
        **_RULES,
        "dialect": (lambda v: v in dialects, f"one of {', '.join(dialects)}"),
        "lint": (lambda v: _texts(v) and set(v) <= set(lints), f"a list of lints: {', '.join(lints)}"),
    }
