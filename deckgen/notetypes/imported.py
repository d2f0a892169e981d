"""Note types that were imported from a package: `type.toml` with `imported = true`.

Nothing is added to them: the name, the CSS and the templates are those of the package, and they need no field for the notice on retired
notes. Each field is filled by the text below its label, which is its name. Anki may have accepted what deckgen refuses in new types, such as a
template that names no field.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from deckgen.cards.parts import TemplateError, parse_template, replacements
from deckgen.model import CardTemplate, Field, Media, NoteType
from deckgen.notetypes.toml_lines import TypeFile
from deckgen.problems import Problem

MEDIA = "media"
"""The folder with the files that the templates and the CSS of an imported type use."""
SETTINGS = "anki"
"""The key of the settings of a type, a field or a template, by the keys of Anki's JSON."""
_KEYS = {"name", "cloze", "imported", "sort", SETTINGS, "field", "template"}
_STOCK = "originalStockKind"


def imported_problems(declared: TypeFile, folder: Path) -> Iterator[Problem]:
    """Yield the problems of the declaration of an imported type."""
    values = declared.values
    for key in sorted(values.keys() - _KEYS):
        yield declared.problem(f"unknown key {key}", key=key, hint=f"known: {', '.join(sorted(_KEYS))}")
    for key in ("imported", "cloze"):
        if not isinstance(values.get(key, False), bool):
            yield declared.problem(f"{key} is neither true nor false", key=key)
    if not isinstance(values.get("name"), str) or not values["name"]:
        yield declared.problem("name must be a text, and not empty", key="name")
    names = [row.get("name") for row in declared.rows("field")]
    if not names or not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        yield declared.problem("a note type needs fields, each with a name of its own: [[field]]", table="field")
    elif values.get("sort", names[0]) not in names:
        yield declared.problem(
            f"there is no field {values['sort']!r}", key="sort", hint=f"fields: {', '.join(map(str, names))}"
        )
    yield from _template_problems(declared, folder)
    yield from _settings_problems(declared)


def _template_problems(declared: TypeFile, folder: Path) -> Iterator[Problem]:
    rows = declared.rows("template")
    names = [row.get("name") for row in rows]
    if not rows or not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        yield declared.problem(
            "a note type needs templates, each with a name of its own: [[template]]", table="template"
        )
    for n, row in enumerate(rows):
        for side in ("front", "back"):
            name = row.get(side)
            if not isinstance(name, str) or Path(name).name != name or not (folder / name).is_file():
                yield declared.problem(f"{side} does not name a file in this folder", key=side, table="template", row=n)


def _settings_problems(declared: TypeFile) -> Iterator[Problem]:
    tables = [("", 0, declared.values)]
    tables += [(table, n, row) for table in ("field", "template") for n, row in enumerate(declared.rows(table))]
    for table, n, row in tables:
        settings = row.get(SETTINGS, {})
        if not isinstance(settings, dict) or not all(
            isinstance(value, bool | int | str) for value in settings.values()
        ):
            message = f"{SETTINGS} is not a table with texts, numbers, true and false"
            yield declared.problem(message, key=SETTINGS, table=table, row=n)


def imported_type(folder: Path, declared: TypeFile, templates: Sequence[CardTemplate], css: str) -> NoteType:
    """Return the note type of a declaration without problems. Its kind is the name of the folder."""
    values = declared.values
    cloze = values.get("cloze", False)
    rows = declared.rows("field")
    names = [row["name"] for row in rows]
    settings = dict(values.get(SETTINGS, {}))
    return NoteType(
        folder.name,
        values["name"],
        cloze,
        tuple(
            Field(row["name"], role, (row["name"],), row.get(SETTINGS, {}))
            for row, role in zip(rows, _roles(names, templates, cloze))
        ),
        tuple(replace(each, settings=row.get(SETTINGS, {})) for each, row in zip(templates, declared.rows("template"))),
        css,
        stock_kind=int(settings.pop(_STOCK, 0)),
        sort_field=names.index(values.get("sort", names[0])),
        imported=True,
        settings=settings,
        media=tuple(_media(folder / MEDIA)),
    )


def _roles(names: Sequence[str], templates: Sequence[CardTemplate], cloze: bool) -> list[str]:
    """The role of each field: the first is the question, and the second the answer. In a type with clozes, the answer has the clozes."""
    answer = _cloze_field(names, templates) if cloze else 1
    return ["answer" if n == answer else "question" if n == 0 else "label" for n in range(len(names))]


def _cloze_field(names: Sequence[str], templates: Sequence[CardTemplate]) -> int:
    """The index of the first field whose clozes a card shows."""
    try:
        shown = [each for template in templates[:1] for each in replacements(parse_template(template.front))]
    except TemplateError:
        return 0
    asked = [each.name for each in shown if {"cloze", "cloze-only"} & set(each.filters) and each.name in names]
    return names.index(asked[0]) if asked else 0


def _media(folder: Path) -> Iterator[Media]:
    if folder.is_dir():
        yield from (Media(path.name, path) for path in sorted(folder.iterdir()) if path.is_file())


def toml_settings(settings: Mapping[str, Any]) -> str:
    """Return an inline table of TOML."""
    return ", ".join(f"{key} = {toml_value(value)}" for key, value in settings.items())


def toml_value(value: object) -> str:
    """Return a value of TOML: a text, a number, true or false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return toml_text(str(value))


def toml_text(text: str) -> str:
    """Return a text of TOML between double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped) + '"'
