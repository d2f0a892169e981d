"""What looks like a tag of HTML and is none, as `<cstddef>`: a browser would show nothing of it."""

from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.scan import Scan, SpanKind

# The elements of HTML, of SVG and of MathML that notes hold, and what is said of a whole page.
_ELEMENTS = frozenset(
    (
        "a abbr acronym address area article aside audio b base basefont bdi bdo big blockquote body br button canvas caption center cite code col colgroup"
        " data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6"
        " head header hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee menu meta meter nav nobr noframes noscript"
        " object ol optgroup option output p param picture pre progress q rb rp rt rtc ruby s samp script search section select slot small source span"
        " strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr math"
        " g path rect circle ellipse line polyline polygon text tspan defs use marker lineargradient radialgradient stop clippath mask pattern symbol"
        " foreignobject desc filter mi mo mn mrow msup msub mfrac msqrt mroot mtable mtr mtd mover munder munderover msubsup mtext mspace semantics annotation"
    ).split()
)
_NAME = lazy_pattern(r"</?([A-Za-z][\w:-]*)")
_DECLARATION = lazy_pattern(r"<!(?=[A-Za-z\[])[^<>\n]*>|<\?[A-Za-z][^<>\n]*>")
_ADDRESS = lazy_pattern(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*>|<[^\s<>@]+@[^\s<>@]+>")


def unknown_tags(source: str, found: Scan) -> Iterator[tuple[int, int]]:
    """Start and end of each, outside code and formulas. A name with a hyphen is one of the author's own elements, where it is closed."""
    for span in found.spans:
        if span.kind is SpanKind.VERBATIM and source.startswith("<", span.start):
            name = _NAME.match(source, span.start)
            text = source[span.start : span.end]
            if name and not _ADDRESS.fullmatch(text) and not _is_known(name[1].lower(), source):
                yield span.start, span.end
    for match in _DECLARATION.finditer(source):
        if found.covering(match.start()) is None:
            yield match.span()


def _is_known(name: str, source: str) -> bool:
    return name in _ELEMENTS or ("-" in name and f"</{name}" in source.lower())
