"""The command `deckgen import`, which makes a deck of an Anki package."""

from pathlib import Path

import click

from deckgen.cli import report
from deckgen.cli.options import PATH, now
from deckgen.importer import SPLITS, import_deck


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
def import_package(package: Path, folder: Path, split: str, everything: bool) -> None:
    """Make a deck in DIR of the notes, media and note types in PACKAGE.

    PACKAGE is an .apkg or .colpkg file. DIR must not exist, or be empty. The notes keep their identities: learners who have the deck keep
    their progress when they import a package of the new one.
    """
    with report.progress() as progress:
        result = import_deck(package, folder, split, now(), progress)
    for name, count in result.files:
        click.echo(f"{folder / name}: {report.many(count, 'note')}")
    for kind, count in result.types:
        click.echo(f"{folder / 'types' / kind}: {report.many(count, 'note')}")
    report.show(problem for problem in result.problems if everything or problem.code != "import-html")
    if result.kept:
        hint = "" if everything else " (--all lists them)"
        click.echo(f"{report.many(result.kept, 'note')} with HTML that Markdown cannot say{hint}")
    click.echo(
        f"{folder / 'deck.toml'} written: {result.name!r}, {report.many(result.notes, 'note')}, "
        f"{report.many(result.media, 'media file')}. Next: deckgen build {folder}"
    )
