"""Which figures a folder declares, read from the code without running it."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from deckgen.figures.sources import Module, Sources, tree
from deckgen.problems import DeckError, Problem, Severity

Value = int | float | str | bool
TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}
LIBRARIES = {"deckgen", "matplotlib", "numpy", "PIL"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a figure: its name, one of the four types, and a default of that type."""

    name: str
    type: type
    default: Value


@dataclass(frozen=True, slots=True)
class Declaration:
    """A figure as declared at `line` of its module."""

    name: str
    module: str
    line: int
    alt: str
    parameters: tuple[Parameter, ...]


class Fault(Exception):
    """What is wrong with a declaration, at a node of its code."""

    def __init__(self, node: ast.AST, message: str, hint: str = ""):
        super().__init__(message)
        self.node, self.hint = node, hint


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
                declaration = read(function, module, found)
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


def read(function: ast.FunctionDef, module: Module, found: dict[str, Declaration]) -> Declaration:
    """The declaration that the function makes. Fault where it is not one."""
    if first := found.get(function.name):
        raise Fault(function, f"there already is a figure {function.name} in {first.module}.py, line {first.line}")
    if not has_check(function.name, module):
        hint = f"prove the picture in a function under @{function.name}.check"
        raise Fault(function, f"figure {function.name} has no check", hint)
    return Declaration(function.name, module.name, function.lineno, alt_text(function, module), parameters(function))


def has_check(name: str, module: Module) -> bool:
    return any(
        called(item) == f"{name}.check"
        for node in tree(module).body if isinstance(node, ast.FunctionDef)
        for item in node.decorator_list
    )


def alt_text(function: ast.FunctionDef, module: Module) -> str:
    """The `alt` of the decorator: a string literal that is not blank."""
    names = decorator_names(module)
    decorator = next(item for item in function.decorator_list if called(item) in names)
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    for keyword in keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "alt" and isinstance(value, str) and value.strip():
            return value
    raise Fault(decorator, f"figure {function.name} needs an alt text", '@figure(alt="what the picture shows")')


def parameters(function: ast.FunctionDef) -> tuple[Parameter, ...]:
    """The parameters in the order of the function. Fault at the first that a reference could not set."""
    given = function.args
    if extra := given.vararg or given.kwarg or next(iter(given.posonlyargs), None):
        raise Fault(extra, f"figure {function.name}: {extra.arg} cannot be given by name")
    defaults = [None] * (len(given.args) - len(given.defaults)) + given.defaults + given.kw_defaults
    return tuple(map(parameter, given.args + given.kwonlyargs, defaults))


def parameter(argument: ast.arg, default: ast.expr | None) -> Parameter:
    """One parameter. Fault unless it is annotated with one of the four types and has a literal default of it."""
    if argument.annotation is None or default is None:
        raise Fault(argument, f"parameter {argument.arg} needs an annotation and a default", f"{argument.arg}: int = 8")
    written = ast.unparse(argument.annotation).strip("'\"")
    if written not in TYPES:
        message = f"parameter {argument.arg} is annotated {written}, which a reference cannot give"
        raise Fault(argument.annotation, message, "int, float, str or bool")
    return Parameter(argument.arg, TYPES[written], literal(argument.arg, default, TYPES[written]))


def literal(name: str, default: ast.expr, type_: type) -> Value:
    """The value of a default: a literal of the parameter's type; a whole number may stand for a float."""
    try:
        value = ast.literal_eval(default)
    except ValueError:
        raise Fault(default, f"the default of {name} is not a literal", f"write the {type_.__name__} itself") from None
    if type_ is float and type(value) is int:
        value = float(value)
    if type(value) is not type_ or (type_ is float and not isfinite(value)):
        raise Fault(default, f"the default of {name} is not of type {type_.__name__}")
    return value
