"""Prints what the user sees: problems on standard error, results on standard output, progress only on a terminal."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click

from deckgen.cli.problem_formats import Format, default_format, formatted, problems_json
from deckgen.cli.progress import progress
from deckgen.cli.terminal import on_terminal, print_columns, print_markdown, print_table, width
from deckgen.problems import DeckError, Problem, Severity

__all__ = [
    "choose_format",
    "chosen_format",
    "failed",
    "for_github",
    "for_json",
    "many",
    "needs",
    "next_step",
    "on_terminal",
    "print_columns",
    "print_json",
    "print_markdown",
    "print_table",
    "problems_json",
    "progress",
    "show",
    "show_failure",
    "show_system_error",
    "size",
]
_FORMAT, _JSON = f"{__name__}.format", f"{__name__}.json"


class HasSeverity(Protocol):
    """A problem or a finding: an error, a warning, or information."""

    @property
    def severity(self) -> Severity:
        """How serious it is."""
        ...


def for_github(context: click.Context, _: click.Parameter, wanted: bool) -> bool:
    """The callback of `--github`, which is short for `--format github`."""
    if wanted:
        _choose(context, Format.GITHUB)
    return wanted


def for_json(context: click.Context, _: click.Parameter, wanted: bool) -> bool:
    """The callback of `--json`. If the command then fails, its problems are the JSON value that it prints."""
    context.meta[_JSON] = wanted
    return wanted


def choose_format(context: click.Context, _: click.Parameter, wanted: str | None) -> None:
    """The callback of `--format`."""
    if wanted:
        _choose(context, Format(wanted))


def _choose(context: click.Context, wanted: Format) -> None:
    if context.meta.setdefault(_FORMAT, wanted) is not wanted:
        raise click.UsageError(f"--format {wanted} excludes --format {context.meta[_FORMAT]}")


def chosen_format() -> Format:
    """Return the format of the problems of this command."""
    chosen: Format | None = click.get_current_context().meta.get(_FORMAT)
    return chosen or default_format(sys.stderr.isatty())


def show(problems: Iterable[Problem]) -> None:
    """Print problems on standard error, in the format that the user chose. Annotations go to standard output."""
    how = chosen_format()
    for line in formatted(problems, how, width()):
        click.echo(line, err=how is not Format.GITHUB)


def show_failure(problems: Sequence[Problem]) -> None:
    """Print the problems that stopped a command; with `--json` also as a JSON value on standard output."""
    show(problems)
    if click.get_current_context().meta.get(_JSON):
        print_json({"problems": problems_json(problems)})


def show_system_error(error: OSError) -> None:
    """Print an error of the operating system; with `--json` also as a JSON value. It has no code."""
    place, message = str(error.filename or ""), error.strerror or str(error)
    click.echo(f"{place}{': ' if place else ''}error: {message}", err=True)
    if click.get_current_context().meta.get(_JSON):
        row = {"file": place, "line": 0, "column": 0, "severity": Severity.ERROR, "code": None, "message": message}
        print_json({"problems": [{**row, "hint": ""}]})


def next_step(step: str) -> None:
    """Print what the user does next, on a terminal; nothing for "". Other outputs, and users who chose a format, get only results."""
    if step and on_terminal() and _FORMAT not in click.get_current_context().meta:
        click.echo(f"Next: {step}")


def failed(problems: Iterable[HasSeverity]) -> bool:
    """Whether a problem is an error."""
    return any(problem.severity is Severity.ERROR for problem in problems)


@contextmanager
def needs(module: str, extra: str) -> Iterator[None]:
    """Import optional packages in the block. Raises DeckError if `module` is not installed. The hint is the command that installs the extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != module:
            raise
        from deckgen.doctor.libraries import extra_command

        raise DeckError.at(module, "is not installed", code="not-installed", hint=extra_command(extra)) from error


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def many(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless the number is 1."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def size(count: int) -> str:
    """Return a number of bytes in KiB or MiB."""
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 2**10:.0f} KiB"
