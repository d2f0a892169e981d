"""Paragraphs and list items with clozes that are notes by themselves: `==x==`, `{x}`, `{1:x}`, `{{x}}`, `{{c1::x}}`; or `**x**` where that is named."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_fields import statement
from deckgen.parse.card_tags import without_card_tags
from deckgen.parse.curly_clozes import (
    BOLD,
    CURLY,
    DOUBLE,
    HIGHLIGHT,
    LOGSEQ,
    has_clozes_of,
    may_have_clozes,
    with_clozes_of,
)
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document
from deckgen.parse.file_tags import is_flashcard_file, is_scheduled
from deckgen.parse.list_items import begins_item, nested_text
from deckgen.parse.note_ids import id_behind, id_line, with_id
from deckgen.parse.question import Markup
from deckgen.parse.text_parts import part
from deckgen.parse.texts import cut_lines

_STYLES = (CURLY, DOUBLE, HIGHLIGHT, LOGSEQ)
_TAG_LINE = lazy_pattern(r"[ \t]*(?:#[^\s#]+[ \t]*)+$")
_COMMENT_LINE = lazy_pattern(r"[ \t]*<!--.*-->[ \t]*$")


def detect(document: Document) -> Detection:
    """Two signs a paragraph with clozes, in a file that a tag says to hold flashcards. Braces and highlights are usual elsewhere."""
    found = tuple(_paragraphs(document, _STYLES))
    if not found:
        return Detection()
    tagged = is_flashcard_file(document) or "cards-deck" in document.meta or _any_scheduled(document, found)
    lacks = "" if tagged else "the file has no tag #flashcards"
    reason = counted(len(found), "paragraph with clozes", "paragraphs with clozes")
    return Detection(2 * len(found), reason, lacks, weak=True, opted=tagged, tagged=tagged)


def _any_scheduled(document: Document, found: tuple[tuple[int, int, Text], ...]) -> bool:
    """Whether a paragraph has the date of a review, on its own lines or right below."""
    return any(is_scheduled(line.text) for first, last, _ in found for line in document.lines[first : last + 2])


def read_notes(document: Document) -> Iterator[Found]:
    return _read(document, _STYLES)


def _detect_bold(_: Document) -> Detection:
    """Nothing: any text has bold words, so only its author can say that they are clozes."""
    return Detection()


def _read_bold(document: Document) -> Iterator[Found]:
    return _read(document, (BOLD,))


def _read(document: Document, styles: tuple[re.Pattern[str], ...]) -> Iterator[Found]:
    for first, last, text in _paragraphs(document, styles):
        ids = {i + 1: found for i in range(first, last + 1) if (found := id_line(document.lines[i].text))}
        below = document.lines[last + 1].text if last + 1 < len(document.lines) else ""
        if not ids and (found := id_line(below)):
            ids[last + 2] = found
        yield Markup(frozenset(ids))
        behind = id_behind(text.source)
        whole = part(text, 0, behind[0]) if behind else text
        note = statement(document, first, whole, with_clozes_of(whole, *styles))
        identifiers = [*ids.values(), behind[1] if behind else None]
        section = without_card_tags(note.section)
        yield replace(note, section=section, attributes=with_id(note.attributes, identifiers))


def _paragraphs(document: Document, styles: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, int, Text]]:
    """The paragraphs and list items with clozes: the indices of their first and last lines, and their text."""
    done = -1
    for marked in (i for i, line in enumerate(document.lines) if may_have_clozes(line.text, styles)):
        if marked <= done or (first := _first(document, marked)) > marked:
            continue
        done = _last(document, first)
        ids = frozenset(n + 1 for n in range(first, done + 1) if _is_sign(document.lines[n].text))
        item = begins_item(document, first)
        text = nested_text(document, first, done, ids) if item else cut_lines(document, first, done, without=set(ids))
        if text.source and has_clozes_of(text.source, *styles):
            yield first, done, text


def _first(document: Document, index: int) -> int:
    """The index of the first line of the paragraph or item that the line at `index` is in. It is higher than `index` if the line is in none."""
    first = index
    while first and not _begins(document, first):
        first -= 1
    while first <= index and _is_no_text(document, first):
        first += 1
    return first


def _is_no_text(document: Document, index: int) -> bool:
    line = document.lines[index]
    return (
        line.blank
        or not line.open
        or line.heading is not None
        or document.is_thematic_break(index)
        or bool(_TAG_LINE.match(line.text))
    )


def _last(document: Document, first: int) -> int:
    """The index of the last line of the paragraph or of the item's own text that begins at `first`."""
    return next((i - 1 for i in range(first + 1, len(document.lines)) if _begins(document, i)), len(document.lines) - 1)


def _begins(document: Document, index: int) -> bool:
    """Whether a line is no more of the paragraph or item above it."""
    line = document.lines[index]
    return (
        line.blank
        or line.heading is not None
        or (line.open and (begins_item(document, index) or bool(_TAG_LINE.match(line.text))))
    )


def _is_sign(text: str) -> bool:
    return id_line(text) is not None or bool(_COMMENT_LINE.match(text))


CLOZE_TEXT = Dialect(
    "cloze", "==cloze== or {cloze} in a paragraph, in a file with the tag #flashcards", detect, read_notes
)
BOLD_CLOZE = Dialect("bold-cloze", "**cloze** in a paragraph", _detect_bold, _read_bold, named_only=True)
