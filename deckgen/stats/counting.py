"""Count what the notes of a deck contain."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from urllib.parse import urlsplit

from msgspec import Struct

from deckgen.model import RenderedNote
from deckgen.notetypes.cards import card_ordinals
from deckgen.render import figure_references, plain_question, plain_text
from deckgen.render.html import parse_html
from deckgen.scan import SpanKind, scan
from deckgen.scan.diagrams import find_diagrams


class NoteCounts(Struct, frozen=True):
    """What one note contains.

    `section` are the headings above it. `question` and `answer` are lengths in characters of what cards show as text, with formulas as
    TeX. `hosts` are the hosts of the addresses in its source, `sourced` says whether it has a source.
    """

    section: tuple[str, ...]
    kind: str
    cards: int
    tags: tuple[str, ...]
    question: int
    answer: int
    formulas: int
    figures: tuple[str, ...]
    pictures: int
    sounds: int
    diagrams: int
    code_blocks: int
    tables: int
    sourced: bool
    hosts: tuple[str, ...]


class Lengths(Struct, frozen=True):
    """The least, the middle and the largest of some numbers. All are 0 if there are none."""

    least: int
    median: float
    largest: int


def lengths(numbers: Sequence[int]) -> Lengths:
    """Return the least, the middle and the largest number."""
    return Lengths(min(numbers), median(numbers), max(numbers)) if numbers else Lengths(0, 0, 0)


def count_note(rendered: RenderedNote) -> NoteCounts:
    """Count what a note contains."""
    note, html = rendered.note, "".join(rendered.fields.values())
    spans = [span for text in (note.question, *note.body) for span in scan(text.source).spans]
    kinds = Counter(span.kind for span in spans)
    figures = [ref for text in note.body for ref in figure_references(text)]
    diagrams = [each for text in note.body for each in find_diagrams(text.source)]
    source = rendered.shown("source")
    sounds = html.count("[sound:")
    return NoteCounts(
        note.section,
        note.kind,
        len(card_ordinals(rendered.notetype, rendered.fields)),
        note.tags,
        len(plain_question(note)),
        len(plain_text(rendered.shown("answer"))),
        kinds[SpanKind.FORMULA],
        tuple(figures),
        max(len({each.name for each in rendered.media if not each.figure}) - sounds - len(diagrams), 0),
        sounds,
        len(diagrams),
        kinds[SpanKind.FENCE] - len(diagrams),
        html.count("<table"),
        bool(source),
        tuple(_hosts(source)),
    )


def _hosts(source: str) -> Iterable[str]:
    """Return the hosts of the links in the HTML of a source, each once."""
    links = parse_html(source).find_all("a") if "<a" in source else []
    found = (urlsplit(str(link.get("href", ""))).hostname for link in links)
    return dict.fromkeys(host.removeprefix("www.") for host in found if host)
