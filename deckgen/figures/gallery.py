"""A page that shows figures as cards do, in light and night mode. Needs no other file."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape

from deckgen.figures.survey import Row
from deckgen.notetypes import built_in

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Figures</title>
<style>
{css}
body {{ margin: 0; }}
.gallery-row {{ display: flex; flex-wrap: wrap; }}
.gallery-row > div {{ flex: 1 1 358px; min-width: 0; }}
</style>
</head>
<body>
{rows}
</body>
</html>
"""
DAY = '<div><div class="card"><div class="note-sheet">{figure}</div></div></div>\n'
NIGHT = '<div class="nightMode"><div class="card"><div class="note-sheet">{figure}</div></div></div>\n'
ROW = """\
<section class="gallery-row">
{shown}</section>"""


def gallery_page(rows: Iterable[Row]) -> str:
    """The HTML of the page. The look, and the filter of night mode, are those of the cards.

    Of a figure that came out otherwise when it was computed again, both pictures stand side by side: first by day, then by night.
    """
    css = built_in()["basic"].css
    return PAGE.format(css=css, rows="\n".join(section for row in rows for section in sections(row)))


def sections(row: Row) -> Iterator[str]:
    about = [f"<b>{escape(str(row.request))}</b>", f"{len(row.picture) / 1024:.1f} KiB", escape(row.request.alt)]
    if row.again is None:
        shown = figure(row, row.picture, about)
        yield ROW.format(shown=DAY.format(figure=shown) + NIGHT.format(figure=shown))
        return
    frozen, again = (
        figure(row, row.picture, [*about, "frozen"]),
        figure(row, row.again, [*about, f"computed again: {escape(row.difference)}"]),
    )
    for mode in (DAY, NIGHT):
        yield ROW.format(shown=mode.format(figure=frozen) + mode.format(figure=again))


def figure(row: Row, picture: bytes, about: Iterable[str]) -> str:
    data = b64encode(picture).decode()
    words = "<br>".join(about)
    return (
        f'<figure><img class="computed" alt="{escape(row.request.alt)}" src="data:image/webp;base64,{data}">'
        f"<figcaption>{words}</figcaption></figure>"
    )
