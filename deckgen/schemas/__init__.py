"""JSON schemas: of deck.toml and front matter for editors, and of what each command prints with `--json`.

Each schema is a file of this folder. A file that another one refers to is in the same folder. The names that only code knows
(dialects, lints, languages) are filled in here. The two schemas for editors are of draft 7 and have no references: taplo knows
no later draft, and editors do not show the description next to a reference.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deckgen.lint import LINTS
from deckgen.parse.dialects import BY_NAME
from deckgen.translations import TRANSLATIONS

DECK_TOML = "deck.toml"
FRONT_MATTER = "front-matter"
_FOLDER = Path(__file__).parent
_NAMES: Mapping[str, Sequence[str]] = {
    "dialect": tuple(BY_NAME),
    "lint": tuple(LINTS),
    "language": tuple(TRANSLATIONS),
}


def schema_names() -> list[str]:
    """Return the names of the schemas, sorted."""
    return sorted(path.name.removesuffix(".json") for path in _FOLDER.glob("*.json"))


def read_schema(name: str) -> dict[str, Any]:
    """Return a schema that needs no other file. Schemas that it refers to are in its `$defs`."""
    schema: dict[str, Any] = _with_names(_read(name)) if name in (DECK_TOML, FRONT_MATTER) else _read(name)
    others = {other: _without_dialect(_read(other.removesuffix(".json"))) for other in sorted(_referred_files(name))}
    return {**schema, "$defs": {**schema.get("$defs", {}), **others}} if others else schema


def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return schema


def _with_names(value: Any, key: str = "") -> Any:
    """Return a part of a schema in which the properties `dialect`, `lint` and `language` have the list of names."""
    if isinstance(value, list):
        return [_with_names(each) for each in value]
    if not isinstance(value, dict):
        return value
    if key in _NAMES and "items" in value:
        return {**value, "items": {**value["items"], "enum": list(_NAMES[key])}}
    if key in _NAMES:
        return {**value, "enum": list(_NAMES[key])}
    return {name: _with_names(each, name) for name, each in value.items()}


def _without_dialect(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema as a part of another one, which says the dialect of JSON Schema for both."""
    return {key: value for key, value in schema.items() if key != "$schema"}


def _referred_files(name: str) -> set[str]:
    """Return the names of the files that a schema refers to, also through others."""
    found: set[str] = set()
    waiting = [f"{name}.json"]
    while waiting:
        new = set(_references(_read(waiting.pop().removesuffix(".json")))) - found
        found |= new
        waiting += new
    return found


def _references(value: Any) -> Iterator[str]:
    """Yield the files that a part of a schema refers to."""
    if isinstance(value, dict):
        reference = value.get("$ref", "")
        if reference and not reference.startswith("#"):
            yield reference
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)
