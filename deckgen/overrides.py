"""Settings of deck.toml for some files of a deck, by patterns: `overrides = [{files = "quiz/*.md", dialect = "bold"}]`."""

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

Rule = tuple[Callable[[Any], bool], str]
"""Whether a value is right, and what right is."""


class Override(Struct, frozen=True):
    """What holds for the files that a pattern names. None and empty values change nothing."""

    files: str
    dialect: str | None = None
    level: int | None = None
    highlight: str | None = None
    deck: str | None = None
    tags: tuple[str, ...] = ()


KEYS = tuple(field.name for field in fields(Override))


def matches(pattern: str, path: PurePath) -> bool:
    """Whether a pattern names a path, relative to the deck's folder, or a folder that it is in.

    As in .gitignore, a pattern without a slash matches in any folder. A slash at the end makes no difference.
    """
    places = [place for place in (path, *path.parents) if place.name]
    return any(
        fnmatchcase(place.as_posix() if "/" in pattern.rstrip("/") else place.name, pattern.strip("/"))
        for place in places
    )


def override_errors(values: list[Mapping[str, Any]], rules: Mapping[str, Rule]) -> Iterator[tuple[str, str]]:
    """For each wrong setting the pattern of its override, "" if it has none, and what is wrong with it. `rules` are those of deck.toml's keys."""
    for value in values:
        place = str(value.get("files", ""))
        if not isinstance(value.get("files"), str) or not value["files"].strip("/ "):
            yield place, "an override names no files (files = a pattern, as in exclude)"
        for key in value.keys() - {"files"}:
            if key not in KEYS:
                yield place, f"unknown key {key} in an override (known: {', '.join(KEYS)})"
            elif not rules[key][0](value[key]):
                yield place, f"{key} of the override for {place} is not {rules[key][1]}"


def overrides_of(values: list[Mapping[str, Any]]) -> tuple[Override, ...]:
    """The overrides that checked values describe."""
    return tuple(Override(**{**value, "tags": tuple(value.get("tags", ()))}) for value in values)
