"""Prints what the user sees: problems on standard error, results on standard output, progress only on a terminal."""

import json
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

from deckgen.cli.problem_formats import Format, default_format, formatted, problems_json
from deckgen.cli.progress import progress
from deckgen.cli.terminal import on_terminal, print_columns, print_markdown, print_table, width
from deckgen.problems import DeckError, Problem, Severity

if TYPE_CHECKING:
    from deckgen.restore import RestoreResult

__all__ = [
    "choose_format",
    "chosen_format",
    "failed",
    "for_github",
    "many",
    "needs",
    "on_terminal",
    "print_columns",
    "print_json",
    "print_markdown",
    "print_table",
    "problems_json",
    "progress",
    "show",
    "show_restored",
    "size",
]
_SCREENFUL = 20  # names
_FORMAT = f"{__name__}.format"


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


def failed(problems: Iterable[HasSeverity]) -> bool:
    """Whether a problem is an error."""
    return any(problem.severity is Severity.ERROR for problem in problems)


@contextmanager
def needs(module: str, remedy: str) -> Iterator[None]:
    """Import optional packages in the block. Raises DeckError, with `remedy` as hint, if `module` is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != module:
            raise
        raise DeckError.at(module, "is not installed", code="not-installed", hint=remedy) from error


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def many(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless the number is 1."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def show_restored(done: "RestoreResult") -> None:
    """Print what a restored lock holds. Notes that could not be decided are problems on standard error."""
    _print_names("new, not in the package", [f"{place}: {question}" for place, question in done.new])
    _print_names("retired, not in the files", [f"{guid}: {question}" for guid, question in done.removed])
    _print_names("cards of a picture that were not found in the package and get new numbers", done.cards)
    show(
        [
            Problem(
                file,
                int(line),
                1,
                Severity.ERROR,
                "identity-doubt",
                f"is “{doubt.note.question}” a new note, or {' or '.join(f'“{entry.question}”' for entry in doubt.entries)} of the package, edited?",
                " or: ".join(
                    [
                        *(f"deckgen lock same {entry.guid} {shlex.quote(doubt.note.place)}" for entry in doubt.entries),
                        f"deckgen lock new {shlex.quote(doubt.note.place)}",
                    ]
                ),
            )
            for doubt in done.doubts
            for file, _, line in [doubt.note.place.rpartition(":")]
        ]
    )
    if done.releases:
        click.echo(f"released: {', '.join(done.releases)}")
        if done.version not in done.releases:
            click.echo(
                f"deck.toml has the version {done.version}, which is not the version of a package named here; "
                "if it was released, remove the lock and name its package too"
            )
    click.echo(
        f"{done.path} written: {many(done.known, 'note')} matched, {done.changed} of them changed since, {len(done.new)} new, "
        f"{len(done.removed)} retired, {len(done.doubts)} in doubt"
    )


def _print_names(what: str, names: Sequence[str]) -> None:
    """Print each name on a line after `what`, at most a screenful."""
    for name in names[:_SCREENFUL]:
        click.echo(f"{what}: {name}")
    if len(names) > _SCREENFUL:
        click.echo(f"{what}: {len(names) - _SCREENFUL} more")


def size(count: int) -> str:
    """Return a number of bytes in KiB or MiB."""
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 2**10:.0f} KiB"
