"""Prints what the user sees: problems on standard error, results on standard output, progress only on a terminal."""

import json
import shlex
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

import click

from deckgen.problems import DeckError, Problem, Severity

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from deckgen.pictures import Progress
    from deckgen.restore import RestoreResult

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_BAR_DELAY = 1.0  # seconds before a progress bar appears
_SCREENFUL = 20  # names
_ANNOTATE = f"{__name__}.annotate"
Cell = str | list[tuple[str, str]]


class HasSeverity(Protocol):
    """A problem or a finding: an error, a warning, or information."""

    @property
    def severity(self) -> Severity:
        """How serious it is."""
        ...


def for_github(context: click.Context, _: click.Parameter, wanted: bool) -> bool:
    """The callback of the option that prints all problems of the command as annotations."""
    context.meta[_ANNOTATE] = wanted
    return wanted


def show(problems: Iterable[Problem]) -> None:
    """Print each problem as a line on standard error, or as an annotation on standard output. A terminal gets colours."""
    if click.get_current_context().meta.get(_ANNOTATE):
        for problem in problems:
            click.echo(github_line(problem))
        return
    for problem in problems:
        line = str(problem)
        word = f" {problem.severity}: "
        click.echo(line.replace(word, click.style(word, fg=_COLOURS[problem.severity]), 1), err=True)


def failed(problems: Iterable[HasSeverity]) -> bool:
    """Whether a problem is an error."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def print_table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print a table. A cell is a text, or a list of texts, each with the name of a style of rich."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, box=None, show_header=any(heads), pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else Text.assemble(*cell) for cell in row))
    Console().print(table)


def print_markdown(text: str) -> None:
    """Print Markdown. A terminal gets it formatted. Elsewhere it is printed as written."""
    if not on_terminal():
        click.echo(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def print_columns(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on a terminal. Elsewhere, print columns: the first aligned left, the others aligned right."""
    rows = list(rows)
    if on_terminal():
        print_table(heads, rows)
        return
    first = max(len(row[0]) for row in (heads, *rows))
    for row in (heads, *rows):
        click.echo("  ".join([row[0].ljust(first), *(cell.rjust(len(head)) for cell, head in zip(row[1:], heads[1:]))]))


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


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return the problems as `--json` prints them."""
    keys = ("file", "line", "column", "severity", "code", "message")
    return [{key: asdict(problem)[key] for key in keys} for problem in problems]


def github_line(problem: Problem) -> str:
    """Return the problem as a workflow command of GitHub Actions. GitHub shows it at its line."""
    place = f"file={_property(problem.file)},line={problem.line or 1},col={problem.column or 1}"
    return f"::{_GITHUB[problem.severity]} {place}::{_data(problem.message_with_hint)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


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


@contextmanager
def progress() -> Iterator["Progress"]:
    """Yield the function that shows progress: a bar on a terminal, elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    bar = _Bar()
    try:
        yield bar.update
    finally:
        bar.stop()


class _Bar:
    """A progress bar that appears after a second of work."""

    def __init__(self) -> None:
        self._begun = self._drawn = time.monotonic()
        self._bar: RichProgress | None = None

    def update(self, what: str, done: int, total: int) -> None:
        """Show that `done` of `total` items of `what` are done."""
        now = time.monotonic()
        if now - self._begun < _BAR_DELAY or now - self._drawn < 0.1:
            return
        self._drawn = now
        if self._bar is None:
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(what)
            self._bar.start()
        self._bar.update(self._task, description=what, completed=done, total=total)

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
