"""A page that shows figures as cards do, in light and night mode. Needs no other file."""

from base64 import b64encode
from collections.abc import Iterable
from html import escape

from deckgen.figures.survey import Row
from deckgen.model import Kind
from deckgen.notetypes import note_type

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
ROW = """\
<section class="gallery-row">
<div><div class="card"><div class="note-sheet">{figure}</div></div></div>
<div class="nightMode"><div class="card"><div class="note-sheet">{figure}</div></div></div>
</section>"""


def gallery_page(rows: Iterable[Row]) -> str:
    """The HTML of the page. The look, and the filter of night mode, are those of the cards."""
    css = note_type(Kind.BASIC).css
    return PAGE.format(css=css, rows="\n".join(ROW.format(figure=figure(row)) for row in rows))


def figure(row: Row) -> str:
    data = b64encode(row.media.path.read_bytes()).decode()
    words = "<br>".join([f"<b>{escape(str(row.request))}</b>", f"{row.size / 1024:.1f} KiB", escape(row.request.alt)])
    return (f'<figure><img class="computed" alt="{escape(row.request.alt)}" src="data:image/webp;base64,{data}">'
            f"<figcaption>{words}</figcaption></figure>")
