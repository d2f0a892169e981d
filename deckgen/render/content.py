"""Checks of rendered fields: whether each side shows something, and plain text that was meant as math."""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, RenderedNote, Text
from deckgen.notetypes.cards import card_ordinals
from deckgen.problems import Problem, Severity
from deckgen.render.html import plain_text
from deckgen.render.pseudo import pseudo_math
from deckgen.scan import Scan, SpanKind

# Text that is certainly shown: it is at the beginning, or in a first paragraph. Most fields begin so, and need no parser.
_BEGINS_WITH_TEXT = lazy_pattern(r"(?:<p>)?[^\s<&]")
# What is seen or heard without text.
_SEEN = lazy_pattern(r"<(?:img|audio|video|object|embed|svg|math|iframe|input)\b", re.I)


def content_problems(note: Note, rendered: RenderedNote) -> Iterator[Problem]:
    """Yield a problem if a note has no card, or if a side of its cards shows nothing."""
    if rendered.notetype.cloze:
        if not card_ordinals(rendered.notetype, rendered.fields):
            yield Problem(
                note.file,
                note.line,
                1,
                Severity.ERROR,
                "cloze-number",
                "no cloze of the note has a number from 1 on",
                "write {{c1::text}}",
            )
        return
    for role, code in (("question", "question-missing"), ("answer", "answer-missing")):
        if rendered.notetype.has(role) and _empty(rendered.shown(role)):
            yield Problem(note.file, note.line, 1, Severity.ERROR, code, f"the {role} shows nothing")


def plain_math_problems(note: Note, text: Text, found: Scan) -> Iterator[Problem]:
    """Yield a problem for each place of a text that is math without the signs of a formula."""
    for offset, written, tex in pseudo_math(found.blanked(text.source, set(SpanKind), "\0")):
        if any(fault.offset < offset < fault.end for fault in found.unclosed if fault.code == "math-unclosed"):
            continue  # Its delimiter is told.
        message = f"{written} is shown as it is written, not as math"
        yield Problem(note.file, *text.place(offset), Severity.INFO, "math-pseudo", message, f"write {tex}")


def _empty(html: str) -> bool:
    """Whether nothing of a field is seen or heard."""
    if _BEGINS_WITH_TEXT.match(html):
        return False
    return len(html) < 200 and not plain_text(html) and _SEEN.search(html) is None
