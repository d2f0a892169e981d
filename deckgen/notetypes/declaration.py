"""A folder with `type.toml`, templates and `style.css` → a note type."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from deckgen.conflict import require_merged
from deckgen.model import CardTemplate, Field, NoteType
from deckgen.notetypes.fields import HINT_LABELS, field_problems
from deckgen.notetypes.templates import template_problems
from deckgen.notetypes.toml_lines import TypeFile, read_toml
from deckgen.problems import DeckError, Problem

FILE = "type.toml"
STYLE = "style.css"
KIND = r"[a-z][a-z0-9_-]*"
"""What the name of a note type, and of its folder, looks like."""
_KEYS = {"name", "cloze", "field", "template"}


def read_type(folder: Path, look: str) -> NoteType:
    """A note type of deckgen. Its kind is the name of the folder. `look` is CSS that comes before its own CSS.

    Raises DeckError if a file of the folder cannot be read.
    """
    declared = _toml(folder)
    return _notetype(folder, declared, look, [_side(folder, row) for row in declared.rows("template")])


def read_own_type(folder: Path, look: str) -> NoteType:
    """A note type that a deck brings. Raises DeckError with all that Anki would refuse or that no note could fill."""
    declared = _toml(folder)
    problems = [*_name_problems(declared), *field_problems(declared)]
    if problems:
        raise DeckError(problems)
    names = [row["name"] for row in declared.rows("field")]
    cloze = declared.values.get("cloze", False)
    if problems := list(template_problems(declared, folder, names, cloze)):
        raise DeckError(problems)
    templates = [_side(folder, row) for row in declared.rows("template")]
    return _notetype(folder, declared, look, templates)


def read_text(path: Path) -> str:
    """The text of a file of a note type, its line ends made `\\n`. Raises DeckError if it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise DeckError.at(str(path), f"cannot be read: {error.strerror}", code="file-unreadable") from error
    except UnicodeDecodeError as error:
        raise DeckError.at(str(path), "is not UTF-8 text", code="file-encoding", hint="save it as UTF-8") from error
    require_merged(text, str(path))
    return text


def _toml(folder: Path) -> TypeFile:
    path = folder / FILE
    return read_toml(read_text(path), str(path))


def _name_problems(declared: TypeFile) -> list[Problem]:
    """Problems of the keys that stand above the tables."""
    known = ", ".join(sorted(_KEYS))
    problems = [
        declared.problem(f"unknown key {key}", key=key, hint=f"known: {known}")
        for key in declared.values.keys() - _KEYS
    ]
    name = declared.values.get("name")
    if not isinstance(name, str) or not name.strip() or '"' in name:
        problems.append(declared.problem('name is not a text that is not empty, without "', key="name"))
    if not isinstance(declared.values.get("cloze", False), bool):
        problems.append(declared.problem("cloze is neither true nor false", key="cloze"))
    return problems


def _side(folder: Path, row: Mapping[str, Any]) -> CardTemplate:
    return CardTemplate(row["name"], read_text(folder / row["front"]), read_text(folder / row["back"]))


def _notetype(folder: Path, declared: TypeFile, look: str, templates: list[CardTemplate]) -> NoteType:
    values = declared.values
    style = folder / STYLE
    notetype = NoteType(
        folder.name,
        values["name"].strip(),
        values.get("cloze", False),
        tuple(map(_field, declared.rows("field"))),
        tuple(templates),
        look + (read_text(style) if style.is_file() else ""),
    )
    return _with_stock(notetype, values["stock"]) if "stock" in values else notetype


def _field(row: Mapping[str, Any]) -> Field:
    if "label" in row:
        labels = row["label"] if isinstance(row["label"], list) else [row["label"]]
        return Field(row["name"], "label", tuple(labels))
    return Field(row["name"], row["role"], HINT_LABELS if row["role"] == "hint" else ())


def _with_stock(notetype: NoteType, stock: Mapping[str, Any]) -> NoteType:
    """What type.toml says of a note type that Anki's editor takes for one of its own."""
    sort = notetype.field_names.index(stock["sort"])
    return replace(notetype, stock_kind=stock["kind"], stock_fields=stock["fields"], sort_field=sort)
