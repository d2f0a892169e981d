"""Checks the fields of a type.toml: what fills them, and whether Anki would rename or refuse them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from deckgen.notetypes.toml_lines import TypeFile
from deckgen.problems import Problem

HINT_LABELS = ("Hint", "提示")
"""The labels at the start of the paragraph that fills a field with the role `hint`."""
ROLES = ("question", "answer", "source", "section", "id", "status", "reversed", "typed", "hint", "spare")
"""What fills a field. The roles `masks` and `picture` are only for deckgen's own type of image occlusion."""
SPECIAL = ("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "FrontSide")
"""The names that Anki fills itself in templates."""
_REQUIRED = {
    "question": "it holds the question, which lists of notes show",
    "status": "it holds the notice on retired notes",
}


def field_problems(declared: TypeFile) -> Iterator[Problem]:
    """Yield the problems of the `[[field]]` tables."""
    rows = declared.rows("field")
    if not rows:
        yield declared.problem("a note type needs fields: [[field]]", key="field")
        return
    for n, row in enumerate(rows):
        yield from _row_problems(declared, n, row)
    yield from _repeated_values(declared, rows)
    roles = [row.get("role") for row in rows]
    for role, reason in _REQUIRED.items():
        if role not in roles:
            yield declared.problem(f'no field has role = "{role}": {reason}', table="field")
    if roles[0] not in ("question", "answer"):
        message = "the first field may be empty, but Anki compares notes by it"
        yield declared.problem(message, table="field", key="role", hint='give it role = "question"')


def _row_problems(declared: TypeFile, n: int, row: dict[str, Any]) -> Iterator[Problem]:
    for key in sorted(row.keys() - {"name", "role", "label"}):
        message = f"unknown key {key} of a field"
        yield declared.problem(message, key=key, table="field", row=n, hint="known: name, role, label")
    if error := _name_error(row.get("name")):
        yield declared.problem(error, key="name", table="field", row=n)
    if ("role" in row) == ("label" in row):
        message = "a field has either a role or a label"
        yield declared.problem(message, key="role", table="field", row=n, hint=f"roles: {', '.join(ROLES)}")
    elif "role" in row and row["role"] not in ROLES:
        message = f"unknown role {row['role']!r}"
        yield declared.problem(message, key="role", table="field", row=n, hint=f"known: {', '.join(ROLES)}")
    elif "label" in row and not all(isinstance(text, str) and text.strip() for text in _labels(row)):
        yield declared.problem("label is not a text or a list of texts", key="label", table="field", row=n)


def _name_error(name: object) -> str | None:
    """Return why Anki would rename or misread a field with this name. None if it would not."""
    if not isinstance(name, str) or not name.strip():
        return "the field has no name"
    if found := sorted(set(name) & set(':"{}')):
        return f"the name of a field may not contain {found[0]}"
    if name != name.strip() or name[0] in "#^/":
        return f"the name of a field may not begin with #, ^ or /, nor begin or end with a blank: {name!r}"
    return f"{name} is a name that Anki fills itself" if name in SPECIAL else None


def _repeated_values(declared: TypeFile, rows: list[dict[str, Any]]) -> Iterator[Problem]:
    """Yield a problem for each name, role or label that two fields have. Anki ignores the case of names."""
    seen: Counter[tuple[str, str]] = Counter()
    for n, row in enumerate(rows):
        own = [("name", str(row.get("name", "")).casefold()), *(("label", str(text)) for text in _labels(row))]
        if row.get("role") not in (None, "spare"):
            own.append(("role", str(row["role"])))
        for key, text in own:
            if seen[key, text]:
                yield declared.problem(f"another field has the {key} {text}", key=key, table="field", row=n)
            seen[key, text] += 1


def _labels(row: dict[str, Any]) -> list[Any]:
    if row.get("role") == "hint":
        return list(HINT_LABELS)
    labels = row.get("label", [])
    return labels if isinstance(labels, list) else [labels]
