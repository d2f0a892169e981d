"""The formats of problems. One module decides where each format is the default, and what it looks like.

| format | what it is | for |
|---|---|---|
| full | the line of the format `line`, and the source with a caret, grouped by file | terminals (the default) |
| line | `path:line:column: severity: message (hint) [code]` | pipes and files (the default) |
| gcc | one line, always with line and column, and `note` for information | editors, as VS Code and Vim |
| github | workflow commands | GitHub Actions |
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any

import click
from msgspec.structs import asdict

from deckgen.cli.excerpt import excerpt, source_lines
from deckgen.cli.terminal import printable
from deckgen.problems import Problem, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_GCC = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_KEYS = ("file", "line", "column", "severity", "code", "message", "hint")


class Format(StrEnum):
    """A format of problems."""

    FULL = "full"
    LINE = "line"
    GCC = "gcc"
    GITHUB = "github"
    JSON = "json"


def default_format(terminal: bool) -> Format:
    """Return the format of an output that is a terminal or not."""
    return Format.FULL if terminal else Format.LINE


def formatted(problems: Iterable[Problem], how: Format, columns: int) -> Iterator[str]:
    """Yield the lines of problems in a format. `columns` is the width of the terminal, for the format `full`."""
    match how:
        case Format.FULL:
            yield from _full(list(problems), columns)
        case Format.GCC:
            yield from map(gcc_line, problems)
        case Format.GITHUB:
            yield from map(github_line, problems)
        case Format.LINE | Format.JSON:
            yield from map(coloured_line, problems)


def coloured_line(problem: Problem) -> str:
    """Return the problem as one line, followed by the lines of code that its message has."""
    return _coloured(printable(str(problem)), problem.severity)


def _coloured(line: str, severity: Severity) -> str:
    word = f" {severity}: "
    return line.replace(word, click.style(word, fg=_COLOURS[severity]), 1)


def gcc_line(problem: Problem) -> str:
    """Return the problem as gcc prints it: one line, always with line and column."""
    first = problem.message_with_hint.split("\n")[0]
    return printable(f"{problem.file}:{problem.line or 1}:{problem.column or 1}: {_GCC[problem.severity]}: {first}")


def github_line(problem: Problem) -> str:
    """Return the problem as a workflow command of GitHub Actions. GitHub shows it at its line."""
    place = f"file={_property(problem.file)},line={problem.line or 1},col={problem.column or 1}"
    return f"::{_GITHUB[problem.severity]} {place}::{_data(problem.message_with_hint)}"


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return the problems as `--json` prints them."""
    return [{key: asdict(problem)[key] for key in _KEYS} for problem in problems]


def count_severities(problems: Iterable[Problem]) -> str:
    """Return how many problems of each severity there are, as `2 errors, 1 warning`."""
    counts = Counter(problem.severity for problem in problems)
    words = {
        Severity.ERROR: ("error", "errors"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.INFO: ("info",) * 2,
    }
    return ", ".join(f"{counts[each]} {words[each][counts[each] != 1]}" for each in Severity if counts[each])


def _full(problems: Sequence[Problem], columns: int) -> Iterator[str]:
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    for n, (file, own) in enumerate(by_file.items()):
        if n:
            yield ""
        if len(problems) > 1:
            yield click.style(f"{file} ({count_severities(own)})", bold=True)
        lines = source_lines(file)
        yield from chain.from_iterable(_with_excerpt(problem, lines, columns) for problem in own)
    if len(by_file) > 1:
        yield ""
        yield f"{count_severities(problems)} in {len(by_file)} files"


def _with_excerpt(problem: Problem, lines: Sequence[str], columns: int) -> Iterator[str]:
    yield coloured_line(problem)
    for left, text in excerpt(problem, lines, columns):
        shown = click.style(text, fg=_COLOURS[problem.severity], bold=True) if text.endswith("^") else text
        yield click.style(left, dim=True) + shown


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
