"""The command `deckgen init`, which makes a deck of notes."""

from pathlib import Path

import click

from deckgen.cli import files, report
from deckgen.cli.options import PATH
from deckgen.init.create import create_deck
from deckgen.init.example import write_example


@click.command()
@click.argument("folder", default=".", type=PATH, metavar="[DIR]")
@click.option("--example", is_flag=True, help="Write example notes first: one of everything. DIR is new or empty.")
def init(folder: Path, example: bool) -> None:
    """Make a deck of the notes in DIR.

    The command reads the notes and writes DIR/deck.toml. It also writes workflows for the repository on GitHub.
    """
    for name in write_example(folder) if example else ():
        click.echo(f"{name} written")
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
