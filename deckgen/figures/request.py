"""Parses references, `figure:NAME?param=value&…` in a note, into requests."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import field
from math import isfinite
from urllib.parse import quote, unquote

from deckgen.figures.declaration import Declaration, Parameter, Value
from deckgen.frozen import dataclass
from deckgen.problems import FigureError

SCHEME = "figure:"
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Request:
    """A figure with all parameters set, sorted by name. References to the same picture give equal requests.

    `alt` is the alt text that the figure declares. It is used if the note gives none.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...]
    alt: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{name}={value!r}' for name, value in self.parameters)})"

    @property
    def ref(self) -> str:
        """The canonical reference, with all parameters."""
        pairs = (f"{quote(name)}={quote(format_value(value), safe='')}" for name, value in self.parameters)
        return f"{SCHEME}{quote(self.name)}?{'&'.join(pairs)}".rstrip("?")


def resolve_reference(ref: str, declarations: Mapping[str, Declaration]) -> Request:
    """Return the request for `ref`. Raises FigureError if `ref` is malformed or does not match a declaration."""
    if not ref.startswith(SCHEME):
        raise FigureError(f"{ref} is not a figure reference", code="figure-reference", hint="figure:NAME?param=value")
    name, _, query = ref.removeprefix(SCHEME).partition("?")
    name = unquote(name)
    if name not in declarations:
        hint = suggestion(name, declarations) or f"the deck has {', '.join(sorted(declarations)) or 'no figures'}"
        raise FigureError(f"there is no figure {name}", code="figure-unknown", hint=hint)
    declaration = declarations[name]
    given = parse_arguments(query, declaration)
    values = {each.name: given.get(each.name, each.default) for each in declaration.parameters}
    return Request(name, tuple(sorted(values.items())), declaration.alt)


def parse_arguments(query: str, declaration: Declaration) -> dict[str, Value]:
    """Return the values that a query sets, by parameter. Raises FigureError for a wrong name or value."""
    takes = {each.name: each for each in declaration.parameters}
    values: dict[str, Value] = {}
    for name, text in parse_query(query):
        if name not in takes:
            raise parameter_error(declaration, name, f"has no parameter {name}", suggestion(name, takes))
        if name in values:
            raise parameter_error(declaration, name, f"is given {name} twice")
        values[name] = parse_value(text, takes[name], declaration)
    return values


def parse_query(query: str) -> Iterator[tuple[str, str]]:
    """Yield the `name=value` pairs of a query, percent-decoded. A plus sign is not a space.

    Raises FigureError if a pair has no `=`.
    """
    for pair in query.split("&") if query else ():
        name, equals, text = pair.partition("=")
        if not equals:
            message = f"{pair!r} in the figure's parameters is not name=value"
            raise FigureError(message, code="figure-reference", hint="figure:NAME?param=value&param=value")
        yield unquote(name), unquote(text)


def parse_value(text: str, parameter: Parameter, declaration: Declaration) -> Value:
    """Convert `text` to the parameter's type, `-0.0` to `0.0`. Raises FigureError if it has another type."""
    try:
        if parameter.type is bool:
            return BOOLEANS[text]
        typed: Value = parameter.type(text)
        if isinstance(typed, float) and not isfinite(typed):
            raise ValueError
    except (KeyError, ValueError):
        hint = (
            "true or false"
            if parameter.type is bool
            else f"for example {parameter.name}={format_value(parameter.default)}"
        )
        message = f"takes {parameter.name} as {parameter.type.__name__}, not {text!r}"
        raise parameter_error(declaration, parameter.name, message, hint) from None
    return typed + 0.0 if isinstance(typed, float) else typed


def format_value(value: Value) -> str:
    """Return a value in the form of a reference."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def parameter_error(declaration: Declaration, name: str, message: str, hint: str = "") -> FigureError:
    """Return the error for the parameter `name`. Its hint lists the parameters of the figure."""
    takes = ", ".join(f"{each.name}: {each.type.__name__} = {each.default!r}" for each in declaration.parameters)
    takes = f"it takes {takes}" if takes else "it takes no parameters"
    hint = "; ".join(filter(None, [hint, takes]))
    return FigureError(f"figure {declaration.name} {message}", code="figure-parameter", hint=hint, parameter=name)


def suggestion(name: str, known: Mapping[str, object]) -> str:
    """Return a hint with the most similar known name, or an empty string."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else ""
