"""The command `deckgen pull`, which brings edits made in Anki into the note files."""

from pathlib import Path

import click

from deckgen.ankiconnect import DEFAULT_URL
from deckgen.cli import pull_report, report
from deckgen.cli.options import DIR, FORMAT, PATH, json_option, now
from deckgen.cli.place import deck_and_out
from deckgen.command_word import word
from deckgen.pull.known_versions import Bases
from deckgen.pull.pull import NEW_FILE, PullOptions
from deckgen.pull.pull import pull as pull_notes


@click.command()
@DIR
@click.option(
    "--from",
    "where",
    required=True,
    metavar="WHERE",
    help="A package (.apkg or .colpkg), a collection (its file or folder), or the word anki for the running Anki.",
)
@click.option(
    "--base",
    "packages",
    multiple=True,
    type=PATH,
    metavar="PACKAGE",
    help="An older package of the deck that was imported. Can be given several times.",
)
@click.option(
    "--only", multiple=True, metavar="ID", help="Take only the note with this guid or id. Can be given several times."
)
@click.option("--pick", is_flag=True, help="Ask for each note whether to take it.")
@click.option(
    "--new-to",
    type=PATH,
    metavar="FILE",
    help=f"The note file for notes that were made in Anki.  [default: {NEW_FILE}]",
)
@click.option("--out", type=PATH, help="The folder with the packages of builds and releases.", show_default="build")
@click.option("--dry-run", is_flag=True, help="Show the changes of the files, and write nothing.")
@click.option("--url", default=DEFAULT_URL, show_default=True, help="The address of AnkiConnect.")
@FORMAT
@json_option("Print the result as JSON.")
def pull(
    folder: Path | None,
    where: str,
    packages: tuple[Path, ...],
    only: tuple[str, ...],
    pick: bool,
    new_to: Path | None,
    out: Path | None,
    dry_run: bool,
    url: str,
    as_json: bool,
) -> None:
    """Bring edits made in Anki into the notes of the deck in DIR.

    By default, DIR is the deck that contains the current folder. Edits of the notes and edits in Anki are merged word by word. If both
    changed the same words, the note file gets conflict markers, as in git.
    """
    if pick and as_json:
        raise click.UsageError("--pick and --json exclude each other")
    folder, out = deck_and_out(folder, out)
    options = PullOptions(where, Bases(packages, out), now(), new_to, write=not dry_run, url=url)
    with report.progress() as progress:
        result = pull_notes(folder, options, pull_report.chooser(only, ask=pick), progress)
    report.show(result.problems)
    if as_json:
        report.print_json(pull_report.as_json(result, written=not dry_run))
    else:
        if dry_run:
            pull_report.show_diff(result)
        pull_report.show_result(result, written=not dry_run)
        report.next_step(pull_report.next_step(result, word(folder), written=not dry_run))
    if report.failed(result.problems):
        raise SystemExit(1)
