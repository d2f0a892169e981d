"""The page of `deckgen stats`: charts as inline SVG. It needs no other file, and is readable in light and night mode."""

from pathlib import Path

from deckgen.jinja import fill_page
from deckgen.stats.charts import charts
from deckgen.stats.deck import DeckStats

_HERE = Path(__file__).parent


def stats_page(stats: DeckStats) -> str:
    """Return the HTML of the page."""
    values = {
        "name": stats.project.name,
        "version": stats.project.version,
        "language": stats.project.language,
        "notes": len(stats.notes),
        "cards": stats.cards,
        "charts": charts(stats),
        "css": (_HERE / "page.css").read_text("utf-8"),
    }
    return fill_page(_HERE / "page.html", values)
