"""An HTML page that shows figures as cards show them, in light and night mode. It needs no other file."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from deckgen.figures.survey import FigureRow
from deckgen.jinja import fill_page
from deckgen.notetypes import built_in

TEMPLATE = Path(__file__).parent / "gallery.html"


class ShownFigure(Struct, frozen=True):
    """A picture on the page: its reference, its alternative text, its data URI, and the lines below the reference."""

    name: str
    alt: str
    source: str
    lines: tuple[str, ...]


GalleryRow = tuple[tuple[ShownFigure, bool], ...]


def gallery_page(rows: Iterable[FigureRow]) -> str:
    """Return the HTML of the page, with the style and the night filter of the cards.

    If a figure was computed again and differs, both pictures are shown next to each other: in light, then in night mode.
    """
    values = {"css": built_in()["basic"].css, "rows": [shown for row in rows for shown in gallery_rows(row)]}
    return fill_page(TEMPLATE, values)


def gallery_rows(row: FigureRow) -> Iterator[GalleryRow]:
    """Yield the rows of a figure, as pictures with their mode (true is night). There are two if the new picture differs."""
    if row.again is None:
        shown = shown_figure(row, row.picture)
        yield (shown, False), (shown, True)
        return
    frozen = shown_figure(row, row.picture, "frozen")
    again = shown_figure(row, row.again, f"computed again: {row.difference}")
    for night in (False, True):
        yield (frozen, night), (again, night)


def shown_figure(row: FigureRow, picture: bytes, *lines: str) -> ShownFigure:
    """Return a picture of a figure with its size, its alternative text, and more lines."""
    source = f"data:image/webp;base64,{b64encode(picture).decode()}"
    size = f"{len(row.picture) / 1024:.1f} KiB"
    return ShownFigure(str(row.request), row.request.alt, source, (size, row.request.alt, *lines))
