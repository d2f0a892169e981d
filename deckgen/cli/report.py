"""What the user sees: problems on standard error, results on standard output, progress on a terminal only."""

import json
import shlex
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

import click

from deckgen.pictures import Progress
from deckgen.problems import DeckError, Problem, Severity
from deckgen.restore import Restored

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_PATIENCE = 1.0
_SCREENFUL = 20
_ANNOTATE = f"{__name__}.annotate"
Cell = str | list[tuple[str, str]]


class Graded(Protocol):
    """What is an error, a warning, or neither."""

    @property
    def severity(self) -> Severity: ...


class Group(click.Group):
    """Commands whose expected failures are lines on standard error and exit status 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            # Notes and paths hold any character, whatever the machine's own encoding is.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except DeckError as error:
            show(error.problems)
            ctx.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"{place}error: {error.strerror or error}", err=True)
            ctx.exit(1)


def for_github(context: click.Context, _: click.Parameter, wanted: bool) -> bool:
    """The callback of an option that makes all problems of the command annotations."""
    context.meta[_ANNOTATE] = wanted
    return wanted


def show(problems: Iterable[Problem]) -> None:
    """Each problem as a line on standard error, coloured on a terminal; or as an annotation on standard output."""
    if click.get_current_context().meta.get(_ANNOTATE):
        for problem in problems:
            click.echo(github_line(problem))
        return
    for problem in problems:
        line = str(problem)
        word = f" {problem.severity}: "
        click.echo(line.replace(word, click.style(word, fg=_COLOURS[problem.severity]), 1), err=True)


def failed(problems: Iterable[Graded]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def on_terminal() -> bool:
    return sys.stdout.isatty()


def print_table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A table on the terminal; a cell is a text, or texts with the style that rich knows each by."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, box=None, show_header=any(heads), pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else Text.assemble(*cell) for cell in row))
    Console().print(table)


def print_markdown(text: str) -> None:
    """Markdown with its headings, lists and code set on a terminal; elsewhere as it is written."""
    if not on_terminal():
        click.echo(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def print_columns(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; elsewhere lines in columns, names to the left and numbers to the right."""
    rows = list(rows)
    if on_terminal():
        print_table(heads, rows)
        return
    first = max(len(row[0]) for row in (heads, *rows))
    for row in (heads, *rows):
        click.echo("  ".join([row[0].ljust(first), *(cell.rjust(len(head)) for cell, head in zip(row[1:], heads[1:]))]))


@contextmanager
def needs(module: str, remedy: str) -> Iterator[None]:
    """For imports of what not everybody has installed: without `module` the command stops with one line."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != module:
            raise
        raise DeckError.at(module, "is not installed", code="not-installed", hint=remedy) from error


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    keys = ("file", "line", "column", "severity", "code", "message")
    return [{key: asdict(problem)[key] for key in keys} for problem in problems]


def github_line(problem: Problem) -> str:
    """The problem as a workflow command of GitHub Actions, which shows it at its line."""
    place = f"file={_property(problem.file)},line={problem.line or 1},col={problem.column or 1}"
    return f"::{_GITHUB[problem.severity]} {place}::{_data(problem.advised)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def show_restored(done: Restored) -> None:
    """What became of the notes of a deck whose lock was restored; what is in doubt, on standard error."""
    _named("new, not in the package", [f"{place}: {question}" for place, question in done.new])
    _named("retired, not in the files", [f"{guid}: {question}" for guid, question in done.removed])
    _named("cards of the picture not known again, which get new numbers", done.cards)
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
        f"{done.path} written: {many(done.known, 'note')} known again, {done.changed} of them changed since, {len(done.new)} new, "
        f"{len(done.removed)} retired, {len(done.doubts)} in doubt"
    )


def _named(what: str, names: Sequence[str]) -> None:
    """A screenful of names, one a line."""
    for name in names[:_SCREENFUL]:
        click.echo(f"{what}: {name}")
    if len(names) > _SCREENFUL:
        click.echo(f"{what}: {len(names) - _SCREENFUL} more")


def size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 2**10:.0f} KiB"


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar for work that lasts, on a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    bar = _Bar()
    try:
        yield bar.tell
    finally:
        bar.stop()


class _Bar:
    """Appears once the work has taken longer than a second."""

    def __init__(self) -> None:
        self._begun = self._drawn = time.monotonic()
        self._bar: RichProgress | None = None

    def tell(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._begun < _PATIENCE or now - self._drawn < 0.1:
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
