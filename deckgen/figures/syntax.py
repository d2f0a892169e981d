"""Converts Python code to bytes that depend on its meaning only, and are the same in every version of Python.

`ast.dump` shows all fields that its version of Python knows, so its text differs between versions. Here, empty fields are left out.
"""

import ast
import json
from collections.abc import Iterator

# The parent node implies the context of a name; `u"x"` equals "x".
_LEFT_OUT = {"ctx", "kind", "type_comment", "type_ignores"}
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def canonical(tree: ast.Module, *, docstrings: bool = True) -> bytes:
    """Return the code of a module without comments, layout and line numbers. With `docstrings=False` also without docstrings."""
    words: list[str] = []
    # A stack and no recursion, because a sum of a thousand terms is a thousand levels deep.
    waiting: list[object] = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            words.append(item)
        elif isinstance(item, list):
            waiting += ["]", *reversed(item), "["]
        elif isinstance(item, ast.AST):
            waiting += [")", *reversed([*_fields(item, docstrings)]), f"({type(item).__name__}"]
        else:
            words.append(_constant_text(item))
    return "\n".join(words).encode()


def _fields(node: ast.AST, docstrings: bool) -> Iterator[object]:
    """Yield the name and the content of each field that is not empty. Identifiers and constants become text."""
    if isinstance(node, ast.Constant):
        yield _constant_text(node.value)
        return
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, _DOCUMENTED) and not docstrings:
            value = value[1:] if ast.get_docstring(node, clean=False) is not None else value
        if name == "values" and isinstance(node, ast.JoinedStr):
            value = _merge_texts(value)
        if (
            name in _LEFT_OUT
            or value is None
            or value == []
            or (name == "format_spec" and not _merge_texts(value.values))
        ):
            continue
        yield f".{name}"
        yield [*map(_field_text, value)] if isinstance(value, list) else _field_text(value)


def _field_text(value: object) -> object:
    return value if isinstance(value, ast.AST) else _constant_text(value)


def _merge_texts(values: list[ast.expr]) -> list[ast.expr]:
    """Return the pieces of an f-string with adjacent texts merged: versions of Python split them differently."""
    pieces: list[ast.expr] = []
    for value in values:
        if isinstance(value, ast.Constant) and pieces and isinstance(last := pieces[-1], ast.Constant):
            pieces[-1] = ast.Constant(str(last.value) + str(value.value))
        elif not isinstance(value, ast.Constant) or value.value:
            pieces.append(value)
    return pieces


def _constant_text(value: object) -> str:
    """Return a constant or an identifier as text with its type: `1`, `1.0` and `True` are equal but differ in meaning."""
    match value:
        case str():
            return json.dumps(value)
        case bool() | None | bytes() | float() | complex():
            return f"{type(value).__name__} {value!r}"
        case int():
            return f"int {value:x}"  # Python limits the number of decimal digits
        case _:
            return type(value).__name__  # `...`, and None in a list: `**rest` among the keys of a dictionary
