"""The command `deckgen import`, which makes a deck of an Anki package."""

from pathlib import Path
from typing import Any

import click

from deckgen.cli import report
from deckgen.cli.options import FORMAT, PATH, json_option, now
from deckgen.command_word import word
from deckgen.importer import SPLITS, ImportResult, import_deck
from deckgen.notetypes.deck import FOLDER as TYPES


@click.command("import")
@click.argument("package", type=PATH)
@click.argument("folder", type=PATH, metavar="DIR")
@click.option(
    "--split",
    type=click.Choice(list(SPLITS)),
    default="deck",
    show_default=True,
    help="How notes are divided into files.",
)
@click.option("--all", "everything", is_flag=True, help="Also list the notes in which HTML stays.")
@FORMAT
@json_option("Print the result as JSON, with all problems.")
def import_package(package: Path, folder: Path, split: str, everything: bool, as_json: bool) -> None:
    """Make a deck in DIR of the notes, media and note types in PACKAGE.

    PACKAGE is an .apkg or .colpkg file. DIR must not exist, or be empty. The notes keep their identities: learners who have the deck keep
    their progress when they import a package of the new one.
    """
    with report.progress("importing") as progress:
        result = import_deck(package, folder, split, now(), progress)
    if as_json:
        report.print_json(_as_json(result, folder))
    else:
        _show(result, folder, everything=everything)


def _show(result: ImportResult, folder: Path, *, everything: bool) -> None:
    for name, count in result.files:
        click.echo(f"{folder / name}: {report.many(count, 'note')}")
    for kind, count in result.types:
        click.echo(f"{folder / TYPES / kind}: {report.many(count, 'note')}")
    report.show(problem for problem in result.problems if everything or problem.code != "import-html")
    if result.kept:
        hint = "" if everything else " (--all lists them)"
        click.echo(f"{report.many(result.kept, 'note')} with HTML that Markdown cannot say{hint}")
    click.echo(
        f"{folder / 'deck.toml'} written: {result.name!r}, {report.many(result.notes, 'note')}, "
        f"{report.many(result.media, 'media file')}. Next: deckgen build {word(folder)}"
    )


def _as_json(result: ImportResult, folder: Path) -> dict[str, Any]:
    return {
        "deck": result.name,
        "folder": str(folder),
        "files": [{"file": str(folder / name), "notes": count} for name, count in result.files],
        "notetypes": [{"folder": str(folder / TYPES / kind), "notes": count} for kind, count in result.types],
        "notes": result.notes,
        "media": result.media,
        "with_html": result.kept,
        "changed": result.changed,
        "problems": report.problems_json(result.problems),
    }
