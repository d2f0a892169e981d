"""A folder with `type.toml`, templates and `style.css` → a note type."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deckgen.model import CardTemplate, Field, NoteType

FILE = "type.toml"
STYLE = "style.css"
KIND = r"[a-z][a-z0-9_-]*"
"""What the name of a note type, and of its folder, looks like."""


def read_type(folder: Path, look: str) -> NoteType:
    """The note type of a folder, named as the folder is. `look` is the CSS that its own stands after."""
    values = tomllib.loads((folder / FILE).read_text("utf-8"))
    fields = tuple(Field(row["name"], row["role"]) for row in values["field"])
    templates = tuple(
        CardTemplate(row["name"], *((folder / row[side]).read_text("utf-8") for side in ("front", "back")))
        for row in values["template"]
    )
    style = folder / STYLE
    css = look + (style.read_text("utf-8") if style.is_file() else "")
    return NoteType(folder.name, values["name"], values.get("cloze", False), fields, templates, css, **_stock(values))


def _stock(values: Mapping[str, Any]) -> dict[str, int]:
    """What type.toml says of a note type that Anki's editor takes for one of its own."""
    if "stock" not in values:
        return {}
    stock = values["stock"]
    sort = next(n for n, row in enumerate(values["field"]) if row["name"] == stock["sort"])
    return {"stock_kind": stock["kind"], "stock_fields": stock["fields"], "sort_field": sort}
