"""Remove tags inside formulas, as Anki does when a card shows a field with clozes.

The engine's function is `strip_html_inside_mathjax` in rslib/src/cloze.rs. The time grows linearly with the length of the
text, even if many tags are never closed. That matters because packages may come from unknown authors.
"""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern

_OPENING = lazy_pattern(r"\\[(\[]")
_CLOSING = lazy_pattern(r"\\[)\]]")
# Opening and closing marks of parts that are no text (rslib/src/text.rs: `HTML`). The first row with a closing mark counts.
_STRETCHES = (
    (re.compile("<!--"), re.compile("-->")),
    (re.compile("<style[^>]*>", re.I), re.compile("</style>", re.I)),
    (re.compile("<script[^>]*>", re.I), re.compile("</script>", re.I)),
    (re.compile("<"), re.compile(">")),
)


def strip_tags_in_mathjax(html: str) -> str:
    r"""Return the HTML without tags and comments between `\(` or `\[` and the next `\)` or `\]`."""
    parts, end = [], 0
    while (opening := _OPENING.search(html, end)) and (closing := _CLOSING.search(html, opening.end())):
        parts += [html[end : opening.end()], *_texts(html[opening.end() : closing.start()]), closing[0]]
        end = closing.end()
    return "".join([*parts, html[end:]])


def _texts(html: str) -> Iterator[str]:
    """Yield the texts between the tags. A row is not searched again after its closing mark was not found."""
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
