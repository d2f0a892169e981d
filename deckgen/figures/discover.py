"""Which figures a folder declares, read from the code without running it."""

import ast
import sys
from collections.abc import Iterator

from deckgen.figures.declaration import Declaration, Fault, alt_text, data_files, options, parameters, time_limit
from deckgen.figures.sources import Module, Sources, tree
from deckgen.problems import DeckError, Problem, Severity

LIBRARIES = {"deckgen", "matplotlib", "numpy", "PIL"}


def discover(sources: Sources) -> dict[str, Declaration]:
    """Every figure of the modules directly in the folder, by name. DeckError with all that is wrong, sorted."""
    found: dict[str, Declaration] = {}
    problems: list[Problem] = []
    for name in sources.top_level():
        try:
            closure = sources.closure(name)
        except DeckError as error:
            problems += error.problems
            continue
        problems += [shadowing(module) for module in closure if is_shadowing(module)]
        module = next(module for module in closure if module.name == name)
        for function in declared_functions(module):
            try:
                declaration = read(function, module, found, sources)
            except Fault as fault:
                problems.append(problem(module, fault))
            else:
                found[declaration.name] = declaration
    if problems:
        raise DeckError(set(problems))
    return found


def is_shadowing(module: Module) -> bool:
    top, _, rest = module.name.partition(".")
    return not rest and (top in sys.stdlib_module_names or top in LIBRARIES)


def shadowing(module: Module) -> Problem:
    message = f"a figure module may not be called {module.name}: Python or a library has a module of that name"
    return Problem(module.path, 0, 0, Severity.ERROR, "figure-module", message)


def problem(module: Module, fault: Fault) -> Problem:
    place = fault.node.lineno, fault.node.col_offset + 1
    return Problem(module.path, *place, Severity.ERROR, "figure-declaration", str(fault), fault.hint)


def decorator_names(module: Module) -> set[str]:
    """What the module calls `deckgen.figures.figure`, as written: `figure`, an alias, or dotted."""
    names = {"deckgen.figures.figure"}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module == "deckgen.figures":
            names |= {alias.asname or alias.name for alias in node.names if alias.name == "figure"}
        elif isinstance(node, ast.ImportFrom) and node.module == "deckgen":
            names |= {f"{alias.asname or alias.name}.figure" for alias in node.names if alias.name == "figures"}
        elif isinstance(node, ast.Import):
            names |= {f"{alias.asname}.figure" for alias in node.names if alias.name == "deckgen.figures"}
    return names


def declared_functions(module: Module) -> Iterator[ast.FunctionDef]:
    """The functions of the module's top level that carry the decorator."""
    names = decorator_names(module)
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef) and any(called(item) in names for item in node.decorator_list):
            yield node


def called(decorator: ast.expr) -> str:
    """The decorator as written, without its arguments."""
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def read(function: ast.FunctionDef, module: Module, found: dict[str, Declaration], sources: Sources) -> Declaration:
    """The declaration that the function makes. Fault where it is not one."""
    name = function.name
    if first := found.get(name):
        raise Fault(function, f"there already is a figure {name} in {first.module}.py, line {first.line}")
    if not has_check(name, module):
        hint = f"prove the picture in a function under @{name}.check"
        raise Fault(function, f"figure {name} has no check", hint)
    names = decorator_names(module)
    decorator = next(item for item in function.decorator_list if called(item) in names)
    given = options(name, decorator)
    alt, seconds = alt_text(name, decorator, given), time_limit(name, given)
    return Declaration(
        name, module.name, function.lineno, alt, existing(name, given, sources), seconds, parameters(function)
    )


def has_check(name: str, module: Module) -> bool:
    return any(
        called(item) == f"{name}.check"
        for node in tree(module).body
        if isinstance(node, ast.FunctionDef)
        for item in node.decorator_list
    )


def existing(name: str, given: dict[str, ast.expr], sources: Sources) -> tuple[str, ...]:
    """The data files of figure `name`. Fault at one that is not a file below the folder."""
    files = []
    for node, path in data_files(name, given):
        if not sources.has_data(path):
            hint = f"paths are relative to {sources.directory}, and stay below it"
            raise Fault(node, f"figure {name}: there is no data file {path}", hint)
        files.append(path)
    return tuple(dict.fromkeys(files))
