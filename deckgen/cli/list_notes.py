"""The command `deckgen list`, which shows the notes that deckgen finds."""

from pathlib import Path
from typing import Any

import click

from deckgen.cli import report
from deckgen.cli.options import FORMAT, json_option
from deckgen.model import RenderedNote
from deckgen.pipeline.check import check as check_paths
from deckgen.render import plain_question
from deckgen.sources import deck_around


@click.command("list")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@FORMAT
@click.option("--long", is_flag=True, help="Print the deck and the tags of each note too.")
@json_option("Print a JSON list with one object per note.")
def list_notes(paths: tuple[Path, ...], long: bool, as_json: bool) -> None:
    """List the notes that deckgen finds in PATHS. Write nothing.

    Without PATHS, the notes of the deck that contains the current folder are listed, or else those of the current folder.
    """
    with report.progress() as progress:
        checked = check_paths(paths or (deck_around(Path(".")) or Path("."),), progress)
    if as_json:
        report.print_json([_note_json(rendered) for rendered in checked.notes])
    else:
        for rendered in checked.notes:
            note = rendered.note
            click.echo(f"{note.file}:{note.line}: {note.kind}: {plain_question(note)}")
            if long:
                click.echo(f"  deck: {note.deck or 'the name in deck.toml'}; tags: {' '.join(note.tags) or 'none'}")
    report.show(checked.problems)
    if report.failed(checked.problems):
        raise SystemExit(1)


def _note_json(rendered: RenderedNote) -> dict[str, Any]:
    note = rendered.note
    return {
        "file": note.file,
        "line": note.line,
        "kind": note.kind,
        "question": plain_question(note),
        "front": rendered.shown("question"),
        "back": rendered.shown("answer"),
        "deck": note.deck,
        "tags": list(note.tags),
        "dialect": note.dialect,
        "id": note.id,
    }
