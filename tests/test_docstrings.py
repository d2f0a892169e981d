"""Test that each public function that raises DeckError says so in its docstring."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "deckgen"
PHRASE = "Raises DeckError"


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """Name → function of a module. The name of a method is `Class.method`."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {
        **{node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)},
        **{f"{c.name}.{node.name}": node for c in classes for node in c.body if isinstance(node, ast.FunctionDef)},
    }


def called(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the names of the functions that a function calls, and of the methods that it calls on `self`."""
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                yield f"self.{name}"


def raises_itself(function: ast.FunctionDef, makers: set[str]) -> bool:
    """Whether a function has a statement `raise DeckError…`, or raises the result of one of `makers`."""
    raised = [node.exc for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc]
    return any(
        ast.unparse(error.func if isinstance(error, ast.Call) else error).split(".")[0] in {"DeckError", *makers}
        for error in raised
    )


def raising(tree: ast.Module) -> set[str]:
    """The names of the functions of a module that raise DeckError, or call a function of the same module that does."""
    found = functions(tree)
    makers = {name for name, node in found.items() if node.returns and ast.unparse(node.returns) == "DeckError"}
    names = {name for name, node in found.items() if raises_itself(node, makers)}
    while True:
        callers = {
            name
            for name, node in found.items()
            if names & {call.replace("self.", f"{name.partition('.')[0]}.") for call in called(node)}
        }
        if callers <= names:
            return names
        names |= callers


def undocumented(tree: ast.Module) -> list[str]:
    """The public functions of a module that raise DeckError, and whose docstring does not say so."""
    found = functions(tree)
    return [
        name
        for name in sorted(raising(tree))
        if not any(part.startswith("_") for part in name.split("."))
        and PHRASE not in " ".join((ast.get_docstring(found[name]) or "").split())
    ]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('def read():\n    """Read."""\n    raise DeckError([])', ["read"]),
        ('def read():\n    raise DeckError.at("f", "m", code="c")', ["read"]),
        ('def read():\n    """Read. Raises\n    DeckError if it fails."""\n    raise DeckError([])', []),
        ("def read():\n    return _text()\n\ndef _text():\n    raise DeckError([])", ["read"]),
        ("def read():\n    raise _error()\n\ndef _error() -> DeckError:\n    return DeckError([])", ["read"]),
        (
            "class File:\n    def read(self):\n        self._text()\n\n    def _text(self):\n        raise DeckError([])",
            ["File.read"],
        ),
        ("class _File:\n    def read(self):\n        raise DeckError([])", []),
        ("def read():\n    raise ValueError", []),
    ],
)
def test_the_check_finds_functions_that_raise(source, names):
    assert undocumented(ast.parse(source)) == names


def test_public_functions_that_raise_deck_error_say_so():
    modules = sorted(ROOT.rglob("*.py"))
    assert len(modules) > 100
    missing = [
        f"{path.relative_to(ROOT.parent)}: {name}"
        for path in modules
        for name in undocumented(ast.parse(path.read_text("utf-8")))
    ]
    assert not missing, f"write into their docstrings: {PHRASE} if …"
