"""Finds the figures that a folder declares. The code is parsed and not run."""

import ast
import sys
from collections.abc import Iterator

from deckgen.figures.declaration import (
    Declaration,
    DeclarationError,
    alt_text,
    data_files,
    decorator_options,
    parse_parameters,
    time_limit,
)
from deckgen.figures.sources import Module, Sources, syntax_tree
from deckgen.problems import DeckError, Problem, Severity

LIBRARIES = {"deckgen", "matplotlib", "numpy", "PIL"}


def discover(sources: Sources) -> dict[str, Declaration]:
    """Return all figures of the modules directly in the folder, by name. Raises DeckError with all problems."""
    found: dict[str, Declaration] = {}
    problems: list[Problem] = []
    for name in sources.top_level():
        try:
            closure = sources.closure(name)
        except DeckError as error:
            problems += error.problems
            continue
        problems += [shadowing_problem(module) for module in closure if is_shadowing(module)]
        module = next(module for module in closure if module.name == name)
        for function in declared_functions(module):
            try:
                declaration = read_declaration(function, module, found, sources)
            except DeclarationError as error:
                problems.append(declaration_problem(module, error))
            else:
                found[declaration.name] = declaration
    if problems:
        raise DeckError(set(problems))
    return found


def is_shadowing(module: Module) -> bool:
    """Whether the module has the name of a module of Python or of a library."""
    top, _, rest = module.name.partition(".")
    return not rest and (top in sys.stdlib_module_names or top in LIBRARIES)


def shadowing_problem(module: Module) -> Problem:
    """Return the problem of a module whose name is taken."""
    message = f"a figure module may not have the name {module.name}: Python or a library has a module of that name"
    return Problem(module.path, 0, 0, Severity.ERROR, "figure-module", message)


def declaration_problem(module: Module, error: DeclarationError) -> Problem:
    """Return the problem of a wrong declaration, at its line and column."""
    place = error.node.lineno, error.node.col_offset + 1
    return Problem(module.path, *place, Severity.ERROR, "figure-declaration", str(error), error.hint)


def decorator_names(module: Module) -> set[str]:
    """Return the names of `deckgen.figures.figure` in the module: `figure`, an alias, or a dotted name."""
    names = {"deckgen.figures.figure"}
    for node in ast.walk(syntax_tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module == "deckgen.figures":
            names |= {alias.asname or alias.name for alias in node.names if alias.name == "figure"}
        elif isinstance(node, ast.ImportFrom) and node.module == "deckgen":
            names |= {f"{alias.asname or alias.name}.figure" for alias in node.names if alias.name == "figures"}
        elif isinstance(node, ast.Import):
            names |= {f"{alias.asname}.figure" for alias in node.names if alias.name == "deckgen.figures"}
    return names


def declared_functions(module: Module) -> Iterator[ast.FunctionDef]:
    """Yield the top-level functions of the module that have the decorator."""
    names = decorator_names(module)
    for node in syntax_tree(module).body:
        if isinstance(node, ast.FunctionDef) and any(decorator_name(item) in names for item in node.decorator_list):
            yield node


def decorator_name(decorator: ast.expr) -> str:
    """Return the text of the decorator without its arguments."""
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def read_declaration(
    function: ast.FunctionDef, module: Module, found: dict[str, Declaration], sources: Sources
) -> Declaration:
    """Return the declaration of the function. Raises DeclarationError if it is wrong."""
    name = function.name
    if first := found.get(name):
        raise DeclarationError(
            function, f"figure {name} is declared twice: first in {first.module}.py, line {first.line}"
        )
    if not has_check(name, module):
        hint = f"prove the picture in a function under @{name}.check"
        raise DeclarationError(function, f"figure {name} has no check", hint)
    names = decorator_names(module)
    decorator = next(item for item in function.decorator_list if decorator_name(item) in names)
    given = decorator_options(name, decorator)
    alt, seconds = alt_text(name, decorator, given), time_limit(name, given)
    return Declaration(
        name,
        module.name,
        function.lineno,
        alt,
        existing_data_files(name, given, sources),
        seconds,
        parse_parameters(function),
    )


def has_check(name: str, module: Module) -> bool:
    """Whether the module has a check of the figure `name`."""
    return any(
        decorator_name(item) == f"{name}.check"
        for node in syntax_tree(module).body
        if isinstance(node, ast.FunctionDef)
        for item in node.decorator_list
    )


def existing_data_files(name: str, given: dict[str, ast.expr], sources: Sources) -> tuple[str, ...]:
    """Return the data files of figure `name`. Raises DeclarationError at a path that is not a file below the folder."""
    files = []
    for node, path in data_files(name, given):
        if not sources.has_data(path):
            hint = f"write a path relative to {sources.directory}, of a file below it"
            raise DeclarationError(node, f"figure {name}: there is no data file {path}", hint)
        files.append(path)
    return tuple(dict.fromkeys(files))
