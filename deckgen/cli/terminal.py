"""What a terminal gets and other outputs do not: colours, tables, progress. All commands ask here.

`NO_COLOR` turns colours off and `FORCE_COLOR` turns them on, for every output. A variable without a value counts as not set.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from deckgen.lazy_patterns import lazy_pattern

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Cell = str | list[tuple[str, str]]
"""A text, or a list of texts, each with the name of a style of rich."""

_WIDTH = 80  # columns, if the terminal does not tell
# Characters that move the cursor, change the terminal or turn the order of the text, as other people's packages may have them.
_CONTROLS = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PICTURES = 0x2400  # The characters from here on show the control characters from U+0000 on.


def colour_setting() -> bool | None:
    """Return whether the environment turns colours on or off. None: only terminals get them."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def has_colours(stream: TextIO) -> bool:
    """Whether a stream gets colours."""
    setting = colour_setting()
    return stream.isatty() if setting is None else setting


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def shows_progress() -> bool:
    """Whether standard error is a terminal that can draw a line again."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the number of columns of the terminal of standard error, else of standard output."""
    for stream in (sys.stderr, sys.stdout):
        try:
            return os.get_terminal_size(stream.fileno()).columns or _WIDTH
        except (OSError, ValueError):
            continue
    return _WIDTH


def printable(text: str) -> str:
    """Return a text that changes nothing in a terminal but what it shows. Control characters become visible."""
    return _CONTROLS.sub(lambda match: _picture(ord(match[0])), text)


def _picture(code: int) -> str:
    return chr(_PICTURES + code) if code < 0x20 else "\ufffd"


def console(*, stderr: bool = False) -> "Console":
    """Return a console of rich."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, no_color=not has_colours(stream), highlight=False)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print a table without lines."""
    from rich.table import Table

    table = Table(*heads, box=None, show_header=any(heads), pad_edge=False)
    for row in rows:
        table.add_row(*map(_rich_cell, row))
    console().print(table)


def _rich_cell(cell: Cell) -> "Text":
    from rich.text import Text

    parts = [(cell, "")] if isinstance(cell, str) else cell
    return Text.assemble(*((printable(text), style) for text, style in parts))


def print_columns(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on a terminal. Elsewhere, print columns: the first aligned left, the others aligned right."""
    rows = list(rows)
    if on_terminal():
        print_table(heads, rows)
        return
    from rich.cells import cell_len

    first = max(cell_len(row[0]) for row in (heads, *rows))
    for row in (heads, *rows):
        left = row[0] + " " * (first - cell_len(row[0]))
        click.echo("  ".join([left, *(cell.rjust(len(head)) for cell, head in zip(row[1:], heads[1:]))]).rstrip())


def print_markdown(text: str) -> None:
    """Print Markdown. A terminal gets it formatted. Elsewhere it is printed as written."""
    if not on_terminal():
        click.echo(text)
        return
    from rich.markdown import Markdown

    console().print(Markdown(text))
