"""A note out of named fields: a question and an answer, or a text with clozes."""

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.curly_clozes import CURLY, with_clozes_of
from deckgen.parse.document import Document
from deckgen.parse.field_names import classes_of_type, is_cloze_type, is_extra, is_front, is_option
from deckgen.parse.note_ids import with_id
from deckgen.parse.question import Attributes, RawNote
from deckgen.parse.text_parts import part, split_front
from deckgen.problems import Problem, Severity

_BLOCKS = lazy_pattern(r"^[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|>|\||#{1,6}[ \t]|\$\$|`{3}|~{3}|<(?!br)[a-z])", re.M)


class Content(Struct, frozen=True):
    """What a block holds: the name of its note type ("" where it has none), its fields by name, the id and tags that it has."""

    kind: str
    fields: Sequence[tuple[str, Text]]
    identifier: str | None
    tags: tuple[str, ...]


def note_of_fields(document: Document, index: int, content: Content) -> RawNote | Problem:
    """The note of the block that begins at the line `index`. Fields without a name, and those that are no front, are the back."""
    shown = [(name, text) for name, text in content.fields if text.source and not is_option(name)]
    asked_back = any(is_option(name) and text.source for name, text in content.fields)
    note = _cloze_note(document, index, content, shown) if is_cloze_type(content.kind) else None
    note = note or _question_note(document, index, shown)
    if isinstance(note, Problem):
        return note
    classes = classes_of_type(content.kind) | ({"reversed"} if asked_back else set())
    attributes = with_id(note.attributes, [content.identifier], classes if not note.statement else ())
    return replace(note, attributes=attributes, tags=content.tags)


def statement(document: Document, index: int, text: Text, body: Text | None = None) -> RawNote:
    """A note that is a text with clozes. Its first paragraph, as it is written, names it; `body` is the text with Anki's clozes."""
    end = text.source.find("\n\n")
    name = part(text, 0, end if end >= 0 else len(text.source))
    return RawNote(name, Attributes(), body or text, document.section(index), statement=True)


def _cloze_note(
    document: Document, index: int, content: Content, shown: Sequence[tuple[str, Text]]
) -> RawNote | Problem | None:
    texts = [text for name, text in shown if not is_extra(name)]
    if not texts:
        return None
    body = with_clozes_of(texts[0], CURLY)
    extra = joined([*texts[1:], *(text for name, text in shown if is_extra(name))])
    return replace(statement(document, index, texts[0], body), source=extra)


def _question_note(document: Document, index: int, shown: Sequence[tuple[str, Text]]) -> RawNote | Problem:
    if not shown:
        return _lacks(document, index, "question-missing", "the block is empty")
    front = next((text for name, text in shown if is_front(name)), shown[0][1])
    back = [text for name, text in shown if text is not front and not is_extra(name)]
    extra = [text for name, text in shown if text is not front and is_extra(name)]
    question, attributes, given = split_front(front)
    if not back and not extra:
        return _lacks(document, question.line - 1, "answer-missing", "the question has no answer")
    answer, source = with_extra(back or extra, extra if back else ())
    return RawNote(question, attributes, answer, document.section(index), given=given, source=source)


def with_extra(answers: Sequence[Text], extra: Sequence[Text]) -> tuple[Text, Text | None]:
    """The answer out of some texts, and what is shown below it in small print: more texts without lists, code and the like."""
    if extra and not any(_BLOCKS.search(text.source) for text in extra):
        return joined(answers) or answers[0], joined(extra)
    return joined([*answers, *extra]) or answers[0], None


def _lacks(document: Document, index: int, code: str, message: str) -> Problem:
    return document.problem(index + 1, message, code=code, severity=Severity.WARNING)


def joined(texts: Sequence[Text]) -> Text | None:
    """Texts that follow one another in the file as one, with empty lines for what is between them; None where there are none.

    Texts of one line have a blank between them.
    """
    if not texts:
        return None
    whole, *rest = sorted(texts, key=lambda text: (text.line, text.column))
    for text in rest:
        whole = _followed(whole, text)
    return whole


def _followed(whole: Text, text: Text) -> Text:
    """A text with another one behind it."""
    breaks = text.line - whole.line - whole.source.count("\n")
    before = replace(whole, source=whole.source + ("\n" * breaks or " "))
    start = len(before.source)
    by = text.column - before.place(start)[1]
    shifts = (*before.shifts, *([(start, by)] if by else []), *((at + start, columns) for at, columns in text.shifts))
    return replace(before, source=before.source + text.source, shifts=shifts)
