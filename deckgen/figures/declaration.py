"""What a figure's decorator and signature say, read from the code without running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

Value = int | float | str | bool
TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}
SECONDS = 60.0
OPTIONS = ("alt", "data", "timeout")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a figure: its name, one of the four types, and a default of that type."""

    name: str
    type: type
    default: Value


@dataclass(frozen=True, slots=True)
class Declaration:
    """A figure as declared at `line` of its module. `data` are paths below the figures folder, `seconds` its time limit."""

    name: str
    module: str
    line: int
    alt: str
    data: tuple[str, ...]
    seconds: float
    parameters: tuple[Parameter, ...]


class Fault(Exception):
    """What is wrong with a declaration, at a node of its code."""

    def __init__(self, node: ast.AST, message: str, hint: str = ""):
        super().__init__(message)
        self.node, self.hint = node, hint


def options(name: str, decorator: ast.expr) -> dict[str, ast.expr]:
    """The keyword arguments of the decorator of figure `name`. Fault at what it does not take."""
    if not isinstance(decorator, ast.Call):
        return {}
    for extra in decorator.args:
        raise Fault(
            extra, f"figure {name}: what @figure takes is named", ", ".join(f"{option}=…" for option in OPTIONS)
        )
    for keyword in decorator.keywords:
        if keyword.arg not in OPTIONS:
            raise Fault(
                keyword.value,
                f"figure {name}: @figure does not take {keyword.arg or '**'}",
                f"it takes {', '.join(OPTIONS)}",
            )
    return {keyword.arg: keyword.value for keyword in decorator.keywords}


def alt_text(name: str, decorator: ast.expr, given: dict[str, ast.expr]) -> str:
    """The `alt` of the decorator: a string literal that is not blank."""
    value = constant(given.get("alt"))
    if not isinstance(value, str) or not value.strip():
        raise Fault(decorator, f"figure {name} needs an alt text", '@figure(alt="what the picture shows")')
    return value


def data_files(name: str, given: dict[str, ast.expr]) -> Iterator[tuple[ast.expr, str]]:
    """The paths that `data` lists, each with its node. Fault unless it is a list of string literals."""
    node = given.get("data", ast.List([]))
    if not isinstance(node, ast.List | ast.Tuple):
        raise Fault(node, f"figure {name}: data is not a list", 'data=["table.csv"]')
    for item in node.elts:
        path = constant(item)
        if not isinstance(path, str):
            raise Fault(item, f"figure {name}: a data file is named by a string literal", 'data=["table.csv"]')
        yield item, path


def time_limit(name: str, given: dict[str, ast.expr]) -> float:
    """The `timeout` of the decorator in seconds."""
    if "timeout" not in given:
        return SECONDS
    value = constant(given["timeout"])
    if type(value) not in (int, float) or not 0 < value < 1e6:
        raise Fault(given["timeout"], f"figure {name}: timeout is not a number of seconds", "timeout=60")
    return float(value)


def constant(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


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
