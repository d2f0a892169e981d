"""Python code as bytes that hold what it means and not how it is written: the same under every version of Python.

`ast.dump` shows the fields that a version of Python knows, so its text differs between versions. Here, what is empty is left out.
"""

import ast
import json
from collections.abc import Iterator

# Where names stand is clear from the node around them; `u"x"` is "x".
_LEFT_OUT = {"ctx", "kind", "type_comment", "type_ignores"}
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def canonical(tree: ast.Module, *, docstrings: bool = True) -> bytes:
    """The code of a module without comments, layout and places; where `docstrings` is false, without those too."""
    words: list[str] = []
    # A stack instead of recursion: a sum of a thousand terms is a thousand levels deep.
    waiting: list[object] = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            words.append(item)
        elif isinstance(item, list):
            waiting += ["]", *reversed(item), "["]
        elif isinstance(item, ast.AST):
            waiting += [")", *reversed([*_parts(item, docstrings)]), f"({type(item).__name__}"]
        else:
            words.append(_written(item))
    return "\n".join(words).encode()


def _parts(node: ast.AST, docstrings: bool) -> Iterator[object]:
    """The fields that hold something, each as its name and its content; identifiers and constants as text."""
    if isinstance(node, ast.Constant):
        yield _written(node.value)
        return
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, _DOCUMENTED) and not docstrings:
            value = value[1:] if ast.get_docstring(node, clean=False) is not None else value
        if name == "values" and isinstance(node, ast.JoinedStr):
            value = _joined(value)
        if name in _LEFT_OUT or value is None or value == [] or (name == "format_spec" and not _joined(value.values)):
            continue
        yield f".{name}"
        yield [*map(_item, value)] if isinstance(value, list) else _item(value)


def _item(value: object) -> object:
    return value if isinstance(value, ast.AST) else _written(value)


def _joined(values: list[ast.expr]) -> list[ast.expr]:
    """The pieces of an f-string, texts that follow one another as one text: versions of Python part them differently."""
    pieces: list[ast.expr] = []
    for value in values:
        if isinstance(value, ast.Constant) and pieces and isinstance(pieces[-1], ast.Constant):
            pieces[-1] = ast.Constant(pieces[-1].value + value.value)
        elif not isinstance(value, ast.Constant) or value.value:
            pieces.append(value)
    return pieces


def _written(value: object) -> str:
    """A constant or an identifier with its type: `1`, `1.0` and `True` are equal and mean different things."""
    match value:
        case str():
            return json.dumps(value)
        case bool() | None | bytes() | float() | complex():
            return f"{type(value).__name__} {value!r}"
        case int():
            return f"int {value:x}"  # decimal digits are limited to a few thousand
        case _:
            return type(value).__name__  # `...`, and None in a list: `**rest` among the keys of a dictionary
