"""Limits for values that a file of TOML or YAML contains, so that no such file makes deckgen run out of memory or stack."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Node = TypeVar("Node")
_DEEPEST = 50  # levels of tables and lists in each other
# Values of a file. Those behind an alias of YAML count each time that the alias is used.
_MOST = 20_000
_LONGEST = 1000  # bits of a number


def excess(root: Node, children: Callable[[Node], Iterable[Node]]) -> str:
    """Return what is too much in a tree of values, "" if nothing is. `children` returns the values inside a value.

    The tree may contain itself.
    """
    waiting = [(root, 0)]
    seen = 0
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        if depth > _DEEPEST:
            return "is nested too deeply"
        if seen > _MOST:
            return f"has more than {_MOST} values"
        waiting += [(child, depth + 1) for child in children(node)]
    return ""


def children_of(value: Any) -> Iterable[Any]:
    """Return the values of a table or a list, none for other values."""
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def has_long_number(value: Any) -> bool:
    """Whether a value is a number that Python cannot print, or a table or list with one. `excess` found nothing in it."""
    if isinstance(value, int):
        return value.bit_length() > _LONGEST
    return any(map(has_long_number, children_of(value)))
