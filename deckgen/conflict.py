"""Find the conflict markers that git writes around the two sides of a merge."""

from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.problems import DeckError, Problem, Severity

_MARKER = lazy_pattern(r"(<{7}|\|{7}|>{7}) \S.*|(={7})|(\|{7})")
_OPENING, _CLOSING = "<" * 7, ">" * 7
_HINT = "keep one side, and delete the lines <<<<<<<, ======= and >>>>>>>; in an example of a conflict, begin each of them with a space"


def require_merged(text: str, file: str) -> None:
    """Check that a text has no merge conflicts. Raises DeckError if it has: both sides would be read."""
    if _CLOSING in text and (found := conflicts(text.split("\n"))):
        raise DeckError(
            Problem(file, first, 1, Severity.ERROR, "merge-conflict", f"a merge conflict, up to line {last}", _HINT)
            for first, last in found
        )


def conflicts(lines: list[str]) -> list[tuple[int, int]]:
    """Return the first and the last line (1-based, both included) of each conflict.

    A conflict has the lines `<<<<<<< name`, `=======` and `>>>>>>> name` in this order. A line of seven `=` alone is not a
    conflict, because it makes a heading in Markdown.
    """
    found, opened, parted = [], 0, False
    for number, marker in _markers(lines):
        if marker == "<":
            opened, parted = number, False
        elif marker == "=":
            parted = opened > 0
        elif marker == ">" and parted:
            found.append((opened, number))
            opened, parted = 0, False
    return found


def stray_markers(text: str) -> list[int]:
    """Return the lines (1-based) with a named marker that is in no complete conflict. The author deleted the other markers."""
    if _OPENING not in text and _CLOSING not in text:
        return []
    lines = text.split("\n")
    inside = {number for first, last in conflicts(lines) for number in range(first, last + 1)}
    return [number for number, marker in _markers(lines) if marker in "<>" and number not in inside]


def _markers(lines: list[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        if line[:1] in ("<", "=", ">", "|") and _MARKER.fullmatch(line.rstrip("\r")):
            yield number, line[0]
