"""The command `deckgen check`, which reports problems and writes nothing."""

from collections.abc import Sequence
from pathlib import Path

import click

from deckgen.cli import files, report
from deckgen.cli.options import GITHUB, STRICT, format_option, json_option
from deckgen.cli.problem_formats import Format
from deckgen.command_word import word
from deckgen.parse.file_report import FileReport
from deckgen.pictures import Progress
from deckgen.pipeline.check import CheckResult
from deckgen.pipeline.check import check as check_paths
from deckgen.pipeline.strict import warnings_as_errors
from deckgen.problems import DeckError, Problem, Severity
from deckgen.sources import deck_around, notes_among


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--left-out", is_flag=True, help="List each text that is on no card, with its place.")
@json_option("Print a JSON list with one object per problem.")
@click.option("--files", "as_files", is_flag=True, help="With --json: one object per file, with its problems.")
@format_option(json=True)
@click.option("--only-notes", is_flag=True, help="Leave out the PATHS that are not notes of a deck. For hooks of git.")
@GITHUB
@STRICT
def check(
    paths: tuple[Path, ...],
    left_out: bool,
    as_json: bool,
    as_files: bool,
    only_notes: bool,
    github: bool,
    strict: bool,
) -> None:
    """Show how the files in PATHS are read, and report their problems. Write nothing.

    For each file: the dialect and why, its notes, the questions without an answer, the lines that are left out. Without PATHS, the deck
    that contains the current folder is checked, or else the current folder.
    """
    how = report.chosen_format()
    if (as_json or left_out) and how is Format.GITHUB:
        raise click.UsageError("--github excludes --json and --left-out")
    as_json = as_json or how is Format.JSON
    if as_files and not as_json:
        raise click.UsageError("--files goes with --json")
    if only_notes and not (paths := notes_among(paths)):
        return
    with report.progress("checking") as progress:
        checked = _checked(paths or (deck_around(Path(".")) or Path("."),), as_json, progress)
    problems = warnings_as_errors(checked.problems) if strict else checked.problems
    if as_json:
        report.print_json(files.as_json(checked.reports, problems) if as_files else report.problems_json(problems))
    else:
        if how is not Format.GITHUB:
            _show_files(checked.reports, left_out)
        report.show(problems)
        report.next_step(_next_step(paths, checked, problems))
    if report.failed(problems):
        raise SystemExit(1)


def _checked(paths: Sequence[Path], as_json: bool, progress: Progress) -> CheckResult:
    """Check the files. An error that stops the check is a problem like others in JSON."""
    try:
        return check_paths(paths, progress)
    except DeckError as error:
        if not as_json:
            raise
        report.print_json(report.problems_json(error.problems))
        raise SystemExit(1) from error


def _next_step(paths: Sequence[Path], checked: CheckResult, problems: Sequence[Problem]) -> str:
    """What the user does next: read about the worst problem, or else build the deck. "" if notes of no deck are correct."""
    errors = [each.code for each in problems if each.severity is Severity.ERROR]
    warnings = [each.code for each in problems if each.severity is Severity.WARNING]
    if first := [*errors, *warnings][:1]:
        return f"deckgen explain {first[0]} says more of the first {'error' if errors else 'warning'}"
    if len(paths) > 1 or not checked.notes:
        return ""
    path = paths[0] if paths else Path(".")
    home = deck_around(path)
    folder = home or (path if path.is_dir() else path.parent)
    named = "" if folder == Path(".") else f" {word(folder)}"
    return f"deckgen {'build' if home else 'init'}{named}"


def _show_files(reports: Sequence[FileReport], left_out: bool) -> None:
    for line in files.lines(reports):
        click.echo(line)
    for line in files.left_out_lines(reports) if left_out else ():
        click.echo(line)
