"""References: `figure:NAME?param=value&…` in a note, and the request that one stands for."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from urllib.parse import quote, unquote

from deckgen.figures.declaration import Declaration, Parameter, Value
from deckgen.problems import FigureError

SCHEME = "figure:"
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Request:
    """A figure with every parameter set, sorted by name. Equal for references that mean the same picture.

    `alt` is the alt text that the figure declares, for a note that gives none of its own.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...]
    alt: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{name}={value!r}' for name, value in self.parameters)})"

    @property
    def ref(self) -> str:
        """The reference in its canonical form, every parameter named."""
        pairs = (f"{quote(name)}={quote(written(value), safe='')}" for name, value in self.parameters)
        return f"{SCHEME}{quote(self.name)}?{'&'.join(pairs)}".rstrip("?")


def resolve(ref: str, declarations: Mapping[str, Declaration]) -> Request:
    """The request that `ref` stands for. FigureError where it is malformed or does not fit a declaration."""
    if not ref.startswith(SCHEME):
        raise FigureError(f"{ref} is not a figure reference", code="figure-reference", hint="figure:NAME?param=value")
    name, _, query = ref.removeprefix(SCHEME).partition("?")
    name = unquote(name)
    if name not in declarations:
        hint = suggestion(name, declarations) or f"the deck has {', '.join(sorted(declarations)) or 'no figures'}"
        raise FigureError(f"there is no figure {name}", code="figure-unknown", hint=hint)
    declaration = declarations[name]
    given = arguments(query, declaration)
    values = {each.name: given.get(each.name, each.default) for each in declaration.parameters}
    return Request(name, tuple(sorted(values.items())), declaration.alt)


def arguments(query: str, declaration: Declaration) -> dict[str, Value]:
    """The values that a query sets, by parameter."""
    takes = {each.name: each for each in declaration.parameters}
    values: dict[str, Value] = {}
    for name, text in pairs(query):
        if name not in takes:
            raise parameter_error(declaration, name, f"has no parameter {name}", suggestion(name, takes))
        if name in values:
            raise parameter_error(declaration, name, f"is given {name} twice")
        values[name] = value(text, takes[name], declaration)
    return values


def pairs(query: str) -> Iterator[tuple[str, str]]:
    """The `name=value` pairs of a query, percent-decoded. A plus sign is a plus sign."""
    for pair in query.split("&") if query else ():
        name, equals, text = pair.partition("=")
        if not equals:
            message = f"{pair!r} in the figure's parameters is not name=value"
            raise FigureError(message, code="figure-reference", hint="figure:NAME?param=value&param=value")
        yield unquote(name), unquote(text)


def value(text: str, parameter: Parameter, declaration: Declaration) -> Value:
    """`text` as a value of the parameter's type, in one form for each value (`-0.0` is `0.0`)."""
    try:
        if parameter.type is bool:
            return BOOLEANS[text]
        typed = parameter.type(text)
        if parameter.type is float and not isfinite(typed):
            raise ValueError
    except (KeyError, ValueError):
        hint = (
            "true or false" if parameter.type is bool else f"for example {parameter.name}={written(parameter.default)}"
        )
        message = f"takes {parameter.name} as {parameter.type.__name__}, not {text!r}"
        raise parameter_error(declaration, parameter.name, message, hint) from None
    return typed + 0.0 if parameter.type is float else typed


def written(value: Value) -> str:
    """A value as a reference writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def parameter_error(declaration: Declaration, name: str, message: str, hint: str = "") -> FigureError:
    """What is wrong with the parameter `name`, and what the figure takes."""
    takes = ", ".join(f"{each.name}: {each.type.__name__} = {each.default!r}" for each in declaration.parameters)
    takes = f"it takes {takes}" if takes else "it takes no parameters"
    hint = "; ".join(filter(None, [hint, takes]))
    return FigureError(f"figure {declaration.name} {message}", code="figure-parameter", hint=hint, parameter=name)


def suggestion(name: str, known: Mapping[str, object]) -> str:
    """A hint: the nearest known name; nothing if none is near."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else ""
