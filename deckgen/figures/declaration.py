"""Reads the decorator and the signature of a figure from its code. The code is not run."""

import ast
from collections.abc import Iterator
from math import isfinite

from msgspec import Struct

Value = int | float | str | bool
TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}
DEFAULT_TIME_LIMIT = 60.0  # seconds
OPTIONS = ("alt", "data", "timeout")


class Parameter(Struct, frozen=True):
    """One parameter of a figure: its name, its type (int, float, str or bool), and a default of that type."""

    name: str
    type: type
    default: Value


class Declaration(Struct, frozen=True):
    """A figure that is declared at `line` of its module.

    `data` holds paths below the figures folder. `seconds` is the time limit.
    """

    name: str
    module: str
    line: int
    alt: str
    data: tuple[str, ...]
    seconds: float
    parameters: tuple[Parameter, ...]


class DeclarationError(Exception):
    """A wrong declaration: the message, the node of the code that is wrong, and a hint."""

    def __init__(self, node: ast.expr | ast.stmt | ast.arg, message: str, hint: str = ""):
        super().__init__(message)
        self.node, self.hint = node, hint


def decorator_options(name: str, decorator: ast.expr) -> dict[str, ast.expr]:
    """Return the keyword arguments of the decorator of figure `name`.

    Raises DeclarationError if an argument is positional or has another name than those in `OPTIONS`.
    """
    if not isinstance(decorator, ast.Call):
        return {}
    for extra in decorator.args:
        raise DeclarationError(
            extra,
            f"figure {name}: @figure takes keyword arguments only",
            ", ".join(f"{option}=…" for option in OPTIONS),
        )
    found: dict[str, ast.expr] = {}
    for keyword in decorator.keywords:
        if keyword.arg not in OPTIONS:
            raise DeclarationError(
                keyword.value,
                f"figure {name}: @figure does not take {keyword.arg or '**'}",
                f"it takes {', '.join(OPTIONS)}",
            )
        found[keyword.arg] = keyword.value
    return found


def alt_text(name: str, decorator: ast.expr, given: dict[str, ast.expr]) -> str:
    """Return the `alt` of the decorator. Raises DeclarationError unless it is a string literal that is not blank."""
    value = constant_value(given.get("alt"))
    if not isinstance(value, str) or not value.strip():
        raise DeclarationError(decorator, f"figure {name} needs an alt text", '@figure(alt="what the picture shows")')
    return value


def data_files(name: str, given: dict[str, ast.expr]) -> Iterator[tuple[ast.expr, str]]:
    """Yield each path of `data` with its node. Raises DeclarationError unless `data` is a list of string literals."""
    node = given.get("data", ast.List([]))
    if not isinstance(node, ast.List | ast.Tuple):
        raise DeclarationError(node, f"figure {name}: data is not a list", 'data=["table.csv"]')
    for item in node.elts:
        path = constant_value(item)
        if not isinstance(path, str):
            raise DeclarationError(
                item, f"figure {name}: the name of a data file is not a string literal", 'data=["table.csv"]'
            )
        yield item, path


def time_limit(name: str, given: dict[str, ast.expr]) -> float:
    """Return the `timeout` of the decorator in seconds. Raises DeclarationError unless it is a positive number."""
    if "timeout" not in given:
        return DEFAULT_TIME_LIMIT
    value = constant_value(given["timeout"])
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1e6:
        raise DeclarationError(given["timeout"], f"figure {name}: timeout is not a number of seconds", "timeout=60")
    return float(value)


def constant_value(node: ast.expr | None) -> object:
    """Return the value of a literal. None for any other code."""
    return node.value if isinstance(node, ast.Constant) else None


def parse_parameters(function: ast.FunctionDef) -> tuple[Parameter, ...]:
    """Return the parameters in the order of the function.

    Raises DeclarationError at the first parameter that a reference cannot set.
    """
    given = function.args
    if extra := given.vararg or given.kwarg or next(iter(given.posonlyargs), None):
        raise DeclarationError(extra, f"figure {function.name}: {extra.arg} cannot be given by name")
    defaults = [None] * (len(given.args) - len(given.defaults)) + given.defaults + given.kw_defaults
    return tuple(map(parse_parameter, given.args + given.kwonlyargs, defaults))


def parse_parameter(argument: ast.arg, default: ast.expr | None) -> Parameter:
    """Return one parameter. Raises DeclarationError unless it has one of the four types and a literal default."""
    if argument.annotation is None or default is None:
        raise DeclarationError(
            argument, f"parameter {argument.arg} needs an annotation and a default", f"{argument.arg}: int = 8"
        )
    written = ast.unparse(argument.annotation).strip("'\"")
    if written not in TYPES:
        message = f"parameter {argument.arg} is annotated {written}, which a reference cannot give"
        raise DeclarationError(argument.annotation, message, "int, float, str or bool")
    return Parameter(argument.arg, TYPES[written], literal_default(argument.arg, default, TYPES[written]))


def literal_default(name: str, default: ast.expr, type_: type) -> Value:
    """Return the value of a default. An int literal is accepted for a float.

    Raises DeclarationError unless it is a finite literal of the type `type_`.
    """
    try:
        value = ast.literal_eval(default)
    except ValueError:
        raise DeclarationError(
            default, f"the default of {name} is not a literal", f"write the {type_.__name__} itself"
        ) from None
    if type_ is float and type(value) is int:
        value = float(value)
    if type(value) is not type_ or not isinstance(value, Value) or (isinstance(value, float) and not isfinite(value)):
        raise DeclarationError(default, f"the default of {name} is not of type {type_.__name__}")
    return value
