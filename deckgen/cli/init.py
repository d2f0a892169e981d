"""The command `deckgen init`, which makes a deck of notes."""

from pathlib import Path

import click

from deckgen.cli import files, report
from deckgen.cli.options import FORMAT, PATH
from deckgen.init.create import create_deck


@click.command()
@click.argument("folder", default=".", type=PATH, metavar="[DIR]")
@FORMAT
def init(folder: Path) -> None:
    """Make a deck of the notes in DIR.

    The command reads the notes and writes DIR/deck.toml. It also writes workflows for the repository on GitHub.
    """
    with report.progress("reading"):
        created = create_deck(folder)
    for line in files.lines([file.report for file in created.files]):
        click.echo(line)
    for name in created.written:
        click.echo(f"{name} written")
    for kept in created.kept:
        lacking = f"; it lacks {', '.join(kept.missing_lines)}" if kept.missing_lines else ""
        click.echo(f"{kept.file} exists and was not changed{lacking}")
    report.show(problem for file in created.unread for problem in file.problems)
    notes = report.many(sum(file.notes for file in created.files), "note")
    click.echo(f"{created.path} written: {created.name!r}, {notes}. Next: deckgen build {folder}")
