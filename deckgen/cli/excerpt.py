"""The line of a file that a problem is about, with a caret below its column."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from deckgen.cli.terminal import printable
from deckgen.problems import Problem

_TAB = "    "
_CUT = "…"
_NARROWEST = 20  # columns


def excerpt(problem: Problem, lines: Sequence[str], columns: int) -> Iterator[tuple[str, str]]:
    """Yield the line of the file and the caret, each with the text at its left, together at most `columns` wide.

    `lines` are those of the file. Yield nothing if the file has no such line.
    """
    if not 0 < problem.line <= len(lines) or not (text := lines[problem.line - 1]).strip():
        return
    left = f"{problem.line:>6} | "
    before = _shown(text[: max(problem.column, 1) - 1])
    shown, caret = _crop(_shown(text), len(before), max(columns - len(left), _NARROWEST))
    yield left, shown
    yield f"{'| ':>{len(left)}}", f"{' ' * caret}^"


def _shown(text: str) -> str:
    """Return a text as a terminal shows it, with spaces for each tab."""
    return printable(text).replace("\t", _TAB)


def _crop(text: str, at: int, room: int) -> tuple[str, int]:
    """Return the part of a line around the character at `at`, and the columns before this character.

    A line of a note may be a long paragraph. The part takes at most `room` columns. A cut end has an ellipsis.
    """
    from rich.cells import cell_len

    if cell_len(text) <= room:
        return text, cell_len(text[:at])
    start = at
    while start > 0 and cell_len(text[start - 1 : at]) <= room // 3:
        start -= 1
    end = start
    while end < len(text) and cell_len(text[start : end + 1]) <= room - 2:
        end += 1
    left, right = _CUT if start else "", _CUT if end < len(text) else ""
    return f"{left}{text[start:end]}{right}", cell_len(left + text[start:at])


def source_lines(file: str) -> tuple[str, ...]:
    """Return the lines of a file, as deckgen counts them. A file that cannot be read has none."""
    path = Path(file)
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError:
        return ()
    text = data.decode("utf-8-sig", "replace")
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
