"""Tags inside formulas, which Anki takes out when a card shows a field with clozes (rslib/src/cloze.rs: `strip_html_inside_mathjax`).

The functions cost no more than the length of the text, whatever is never closed in it: packages come from anywhere.
"""

import re
from collections.abc import Iterator

_OPENING = re.compile(r"\\[(\[]")
_CLOSING = re.compile(r"\\[)\]]")
# What opens a stretch without text, and what closes it (rslib/src/text.rs: `HTML`). The first row that is closed counts.
_STRETCHES = (
    (re.compile("<!--"), re.compile("-->")),
    (re.compile("<style[^>]*>", re.I), re.compile("</style>", re.I)),
    (re.compile("<script[^>]*>", re.I), re.compile("</script>", re.I)),
    (re.compile("<"), re.compile(">")),
)


def strip_tags_in_mathjax(html: str) -> str:
    r"""Take tags and comments out of what stands between `\(` or `\[` and the next `\)` or `\]`."""
    parts, end = [], 0
    while (opening := _OPENING.search(html, end)) and (closing := _CLOSING.search(html, opening.end())):
        parts += [html[end : opening.end()], *_texts(html[opening.end() : closing.start()]), closing[0]]
        end = closing.end()
    return "".join([*parts, html[end:]])


def _texts(html: str) -> Iterator[str]:
    """Yield what stands between the tags. A row of which nothing is closed any more is not searched again."""
    rows, pos = list(_STRETCHES), 0
    while (start := html.find("<", pos)) >= 0:
        end = -1
        for row in tuple(rows):
            if not (opening := row[0].match(html, start)):
                continue
            if closing := row[1].search(html, opening.end()):
                end = closing.end()
                break
            rows.remove(row)
        if end < 0:
            break
        yield html[pos:start]
        pos = end
    yield html[pos:]
