"""The command `deckgen check`, which reports problems and writes nothing."""

from collections.abc import Sequence
from pathlib import Path

import click

from deckgen.cli import files, report
from deckgen.cli.options import GITHUB, STRICT
from deckgen.parse.file_report import FileReport
from deckgen.pipeline.check import check as check_paths
from deckgen.pipeline.strict import warnings_as_errors
from deckgen.sources import deck_around, notes_among


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--left-out", is_flag=True, help="List each text that is on no card, with its place.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with one object per problem.")
@click.option("--files", "as_files", is_flag=True, help="With --json: one object per file, with its problems.")
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
    if (as_json or left_out) and github:
        raise click.UsageError("--github excludes --json and --left-out")
    if as_files and not as_json:
        raise click.UsageError("--files goes with --json")
    if only_notes and not (paths := notes_among(paths)):
        return
    with report.progress() as progress:
        checked = check_paths(paths or (deck_around(Path(".")) or Path("."),), progress)
    problems = warnings_as_errors(checked.problems) if strict else checked.problems
    if as_json:
        report.print_json(files.as_json(checked.reports, problems) if as_files else report.problems_json(problems))
    else:
        if not github:
            _show_files(checked.reports, left_out)
        report.show(problems)
    if report.failed(problems):
        raise SystemExit(1)


def _show_files(reports: Sequence[FileReport], left_out: bool) -> None:
    for line in files.lines(reports):
        click.echo(line)
    for line in files.left_out_lines(reports) if left_out else ():
        click.echo(line)
