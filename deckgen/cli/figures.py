"""The command `deckgen figures`, which lists, checks and prunes the figures of a deck."""

from pathlib import Path

import click

from deckgen.cli import report
from deckgen.cli.options import DIR, FORMAT, REFRESH, SCHEDULER, json_option
from deckgen.cli.place import deck_folder
from deckgen.figures.gallery import gallery_page
from deckgen.files import write_text
from deckgen.pictures import FigureOptions
from deckgen.pipeline.pictures import prune_figures, survey_figures


@click.command()
@DIR
@click.option(
    "--gallery",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page that shows all figures in light and night mode.",
)
@click.option(
    "--check", "again", is_flag=True, help="Compute all figures again and compare them with the frozen pictures."
)
@click.option("--prune", is_flag=True, help="Remove frozen pictures that no note uses.")
@FORMAT
@REFRESH
@SCHEDULER
@json_option("Print a JSON list with one object per figure.")
def figures(
    folder: Path | None, gallery: Path | None, again: bool, prune: bool, refresh: bool, scheduler: str, as_json: bool
) -> None:
    """List the figures of the deck in DIR.

    The list says whether each figure is frozen, or why it was computed. By default, DIR is the deck that contains the
    current folder. With --check, no picture is written. The exit status is then 1 if a picture differs from the frozen
    one or fails its check.
    """
    if (prune and (again or refresh or scheduler or gallery or as_json)) or (again and refresh):
        raise click.UsageError("--prune excludes all other options, and --check excludes --refresh")
    folder = deck_folder(folder)
    if prune:
        _prune(folder)
        return
    with report.progress() as progress:
        found = survey_figures(folder, options=FigureOptions(refresh, scheduler), progress=progress, again=again)
    if as_json:
        report.print_json([row.json() for row in found.rows])
    else:
        for row in found.rows:
            click.echo(row)
    if gallery:
        write_text(gallery, gallery_page(found.rows))
    report.show(found.problems)
    if report.failed(found.problems):
        raise SystemExit(1)


def _prune(folder: Path) -> None:
    with report.progress() as progress:
        removed = prune_figures(folder, progress)
    for name in removed:
        click.echo(f"{name} removed")
    click.echo(f"{report.many(len(removed), 'frozen picture')} removed")
