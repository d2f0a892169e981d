"""The command `deckgen stats`, which counts what a deck contains."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.cli import report
from deckgen.cli.options import DIR, FORMAT, PATH, json_option
from deckgen.cli.place import deck_folder

if TYPE_CHECKING:
    from deckgen.stats.deck import DeckStats


@click.command()
@DIR
@click.option("--html", type=PATH, metavar="FILE", help="Write a page with charts.")
@FORMAT
@json_option("Print the statistics as JSON.")
def stats(folder: Path | None, html: Path | None, as_json: bool) -> None:
    """Count what the deck in DIR contains, and how it changed by release.

    No code of the deck runs, and nothing is computed. By default, DIR is the deck that contains the current folder.
    """
    from deckgen.stats.deck import as_json as stats_json
    from deckgen.stats.deck import deck_stats

    folder = deck_folder(folder)
    with report.progress("reading") as progress:
        found = deck_stats(folder, progress)
    if html:
        _write_page(html, found)
    if as_json:
        report.print_json({**stats_json(found), "problems": report.problems_json(found.problems)})
    elif html:
        click.echo(f"{html}: {_heading(found)}")
    else:
        _show(found)
    report.show(found.problems)
    if report.failed(found.problems):
        raise SystemExit(1)


def _write_page(path: Path, found: "DeckStats") -> None:
    from deckgen.files import write_text
    from deckgen.stats.page import stats_page

    write_text(path, stats_page(found))


def _heading(found: "DeckStats") -> str:
    notes, cards = report.many(len(found.notes), "note"), report.many(found.cards, "card")
    return f"{found.project.name} {found.project.version}: {notes}, {cards}"


def _show(found: "DeckStats") -> None:
    """Print the charts of the page as tables of numbers."""
    from deckgen.stats.charts import charts

    click.echo(_heading(found))
    for chart in charts(found):
        click.echo()
        heads = (chart.title, *(chart.series or ("",)))
        report.print_columns(heads, [(row.label, *map(str, row.values)) for row in chart.rows])
