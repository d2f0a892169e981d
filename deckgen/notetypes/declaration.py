"""Reads a note type from its folder: `type.toml`, templates, and `style.css`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from deckgen.conflict import require_merged
from deckgen.model import CardTemplate, Field, NoteType
from deckgen.notetypes.fields import HINT_LABELS, field_problems
from deckgen.notetypes.imported import imported_problems, imported_type
from deckgen.notetypes.templates import template_problems
from deckgen.notetypes.toml_lines import TypeFile, read_toml
from deckgen.problems import DeckError, Problem

FILE = "type.toml"
STYLE = "style.css"
KIND = r"[a-z][a-z0-9_-]*"
"""The pattern of the name of a note type, which is also the name of its folder."""
_KEYS = {"name", "cloze", "field", "template"}


def read_type(folder: Path, base: str) -> NoteType:
    """Return one of deckgen's own note types. Its kind is the name of the folder. Its CSS begins with `base`.

    Raises DeckError if a file of the folder cannot be read.
    """
    declared = _read_declaration(folder)
    return _notetype(folder, declared, base, [_template(folder, row) for row in declared.rows("template")])


def read_own_type(folder: Path, base: str) -> NoteType:
    """Return a note type that a deck declares. Its CSS begins with `base`.

    Raises DeckError, with all problems, if Anki would refuse the type or no note could fill a field.
    """
    declared = _read_declaration(folder)
    if declared.values.get("imported", False) is not False:
        return read_imported_type(folder, declared)
    problems = [*_name_problems(declared), *field_problems(declared)]
    if problems:
        raise DeckError(problems)
    names = [row["name"] for row in declared.rows("field")]
    cloze = declared.values.get("cloze", False)
    if problems := list(template_problems(declared, folder, names, cloze)):
        raise DeckError(problems)
    templates = [_template(folder, row) for row in declared.rows("template")]
    return _notetype(folder, declared, base, templates)


def read_imported_type(folder: Path, declared: TypeFile) -> NoteType:
    """Return a note type that was imported. Raises DeckError if the declaration has a wrong value, or if a file of it cannot be read."""
    if problems := list(imported_problems(declared, folder)):
        raise DeckError(problems)
    fronts = [_template(folder, row) for row in declared.rows("template")]
    style = folder / STYLE
    return imported_type(folder, declared, fronts, read_text(style) if style.is_file() else "")


def read_text(path: Path) -> str:
    """Return the text of a file of a note type, with `\\n` as line end.

    Raises DeckError if the file cannot be read, is not UTF-8, or holds a conflict of git.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise DeckError.at(str(path), f"cannot be read: {error.strerror}", code="file-unreadable") from error
    except UnicodeDecodeError as error:
        raise DeckError.at(str(path), "is not UTF-8 text", code="file-encoding", hint="save it as UTF-8") from error
    require_merged(text, str(path))
    return text


def _read_declaration(folder: Path) -> TypeFile:
    path = folder / FILE
    return read_toml(read_text(path), str(path))


def _name_problems(declared: TypeFile) -> list[Problem]:
    """Return the problems of the keys above the tables."""
    known = ", ".join(sorted(_KEYS))
    problems = [
        declared.problem(f"unknown key {key}", key=key, hint=f"known: {known}")
        for key in declared.values.keys() - _KEYS
    ]
    name = declared.values.get("name")
    if not isinstance(name, str) or not name.strip() or '"' in name:
        problems.append(declared.problem('name must be a text without ", and not empty', key="name"))
    if not isinstance(declared.values.get("cloze", False), bool):
        problems.append(declared.problem("cloze is neither true nor false", key="cloze"))
    return problems


def _template(folder: Path, row: Mapping[str, Any]) -> CardTemplate:
    return CardTemplate(row["name"], read_text(folder / row["front"]), read_text(folder / row["back"]))


def _notetype(folder: Path, declared: TypeFile, base: str, templates: list[CardTemplate]) -> NoteType:
    values = declared.values
    style = folder / STYLE
    notetype = NoteType(
        folder.name,
        values["name"].strip(),
        values.get("cloze", False),
        tuple(map(_field, declared.rows("field"))),
        tuple(templates),
        base + (read_text(style) if style.is_file() else ""),
    )
    return _with_stock(notetype, values["stock"]) if "stock" in values else notetype


def _field(row: Mapping[str, Any]) -> Field:
    if "label" in row:
        labels = row["label"] if isinstance(row["label"], list) else [row["label"]]
        return Field(row["name"], "label", tuple(labels))
    return Field(row["name"], row["role"], HINT_LABELS if row["role"] == "hint" else ())


def _with_stock(notetype: NoteType, stock: Mapping[str, Any]) -> NoteType:
    """Return the type with the settings that make Anki's editor treat it as one of Anki's own types."""
    sort = notetype.field_names.index(stock["sort"])
    return replace(notetype, stock_kind=stock["kind"], stock_fields=stock["fields"], sort_field=sort)
