"""The options that several commands have, and the time of a build."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from deckgen.cli import report
from deckgen.cli.problem_formats import Format

Command = TypeVar("Command", bound=Callable[..., Any])

# Anki refuses times that are further in the future than this.
_DAY = 24 * 60 * 60  # seconds
PATH = click.Path(path_type=Path)


def complete_folder(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a folder."""
    return [CompletionItem(incomplete, type="dir")]


DIR = click.argument("folder", required=False, type=PATH, metavar="[DIR]", shell_complete=complete_folder)
OUT = click.option(
    "--out",
    type=PATH,
    shell_complete=complete_folder,
    help="The folder for packages.",
    show_default="build; without DIR, in the deck's folder",
)
REFRESH = click.option("--refresh", is_flag=True, help="Compute all figures again, also the frozen ones.")
SCHEDULER = click.option(
    "--scheduler",
    default="",
    metavar="tcp://HOST:PORT",
    help="Compute figures and read many notes on the Dask cluster of this scheduler.",
)
NO_EXEC = click.option(
    "--no-exec", is_flag=True, help="Run no code of the deck. A figure without a frozen picture is then an error."
)


def json_option(text: str) -> Callable[[Command], Command]:
    """Return the option `--json` of a command. `text` is its line of help."""
    return click.option("--json", "as_json", is_flag=True, callback=report.for_json, help=text)


def format_option(*, json: bool = False) -> Callable[[Command], Command]:
    """Return the option `--format`. With `json`, the problems are the result of the command, and can be JSON."""
    return click.option(
        "--format",
        type=click.Choice([each.value for each in Format if json or each is not Format.JSON]),
        callback=report.choose_format,
        expose_value=False,
        help="How problems are printed. Default: full on a terminal, line elsewhere.",
    )


FORMAT = format_option()
GITHUB = click.option(
    "--github", is_flag=True, callback=report.for_github, help="Print problems as annotations, as --format github."
)
STRICT = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


def now() -> int:
    """Return the time of the build, in seconds since 1970: SOURCE_DATE_EPOCH if it is set, else the clock."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return int(time.time())
    if not given.isdecimal() or not 0 < int(given) < time.time() + _DAY:
        raise click.UsageError(f"SOURCE_DATE_EPOCH is {given!r}, not a time in seconds up to now")
    return int(given)
