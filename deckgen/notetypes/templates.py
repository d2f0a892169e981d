"""Checks the templates of a type.toml: whether Anki would refuse them or show an error instead of a card."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from deckgen.cards.parts import Part, Replacement, TemplateError, parse_template, replacements, sections
from deckgen.notetypes.fields import SPECIAL
from deckgen.notetypes.toml_lines import TypeFile
from deckgen.problems import Problem, Severity

_KEYS = ("name", "front", "back")
_SIDES = ("front", "back")


def template_problems(declared: TypeFile, folder: Path, fields: Collection[str], cloze: bool) -> Iterator[Problem]:
    """Yield the problems of the `[[template]]` tables and of their files. `fields` are the names of the fields."""
    rows = declared.rows("template")
    if not rows:
        yield declared.problem("a note type needs a template: [[template]]", key="template")
    if cloze and len(rows) > 1:
        message = "a note type with clozes has one template: Anki makes a card for each number from it"
        yield declared.problem(message, table="template", row=1)
    fronts: dict[str, str] = {}
    names: set[str] = set()
    for n, row in enumerate(rows):
        if problems := list(_row_problems(declared, folder, n, row)):
            yield from problems
            continue
        if row["name"] in names:
            yield declared.problem(f"another template is named {row['name']}", key="name", table="template", row=n)
        names.add(row["name"])
        texts = {side: _read(folder / row[side]) for side in _SIDES}
        if other := fronts.get(texts["front"].strip()):
            message = f"the front is the same as that of {other}: both cards would ask the same question"
            yield declared.problem(message, key="front", table="template", row=n)
        fronts[texts["front"].strip()] = row["name"]
        for side in _SIDES:
            yield from _side_problems(str(folder / row[side]), texts[side], side, fields, cloze)


def _row_problems(declared: TypeFile, folder: Path, n: int, row: dict[str, Any]) -> Iterator[Problem]:
    for key in sorted(row.keys() - set(_KEYS)):
        yield declared.problem(
            f"unknown key {key} of a template", key=key, table="template", row=n, hint="known: name, front, back"
        )
    if not isinstance(row.get("name"), str) or not row["name"].strip():
        yield declared.problem("the template has no name", key="name", table="template", row=n)
    for side in _SIDES:
        name = row.get(side)
        if not isinstance(name, str) or Path(name).name != name:
            message = f"{side} does not name a file in this folder"
            yield declared.problem(message, key=side, table="template", row=n, hint=f'write {side} = "{side}.html"')
        elif not (folder / name).is_file():
            yield declared.problem(f"there is no file {name} in this folder", key=side, table="template", row=n)


def _side_problems(file: str, text: str, side: str, fields: Collection[str], cloze: bool) -> Iterator[Problem]:
    try:
        parts = parse_template(text)
    except TemplateError as error:
        yield _problem_at(file, text, error.offset, str(error))
        return
    shown = list(replacements(parts))
    yield from _unknown_fields(file, text, parts, shown, fields, cloze)
    if side == "front" and not any(each.name in fields for each in shown):
        yield _problem_at(file, text, 0, "the front shows no field", "write {{Name of a field}}")
    marked = [each for each in shown if {"cloze", "cloze-only"} & set(each.filters)]
    if cloze and not marked:
        yield _problem_at(
            file, text, 0, f"a note type with clozes shows none on its {side}", "write {{cloze:Name of a field}}"
        )
    elif marked and not cloze:
        message = "{{cloze:…}} needs a note type with clozes"
        yield _problem_at(file, text, marked[0].offset, message, "write cloze = true in type.toml")


def _unknown_fields(
    file: str, text: str, parts: tuple[Part, ...], shown: list[Replacement], fields: Collection[str], cloze: bool
) -> Iterator[Problem]:
    """Yield a problem for each name that is not the name of a field."""
    known = {*fields, *SPECIAL}
    hint = f"fields: {', '.join(fields)}"
    names = [(each.offset, each.name) for each in shown]
    # In a cloze type, a section may name a card: {{#c2}}.
    names += [
        (each.offset, each.name) for each in sections(parts) if not (cloze and re.fullmatch("c[0-9]+", each.name))
    ]
    for offset, name in names:
        if name not in known:
            yield _problem_at(file, text, offset, f"there is no field {name}", hint)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _problem_at(file: str, text: str, offset: int, message: str, hint: str = "") -> Problem:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return Problem(file, line, column, Severity.ERROR, "note-type", message, hint)
