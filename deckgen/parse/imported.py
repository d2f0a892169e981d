"""Notes of imported types: each field is the text below its label, `**Name:**`."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from deckgen.model import Note, NoteType, Text
from deckgen.parse.document import Document
from deckgen.parse.question import RawNote
from deckgen.problems import Problem
from deckgen.scan import scan


def imported_note(document: Document, raw_note: RawNote, dialect: str, notetype: NoteType) -> Note | Problem:
    """Return the note. The question fills the first field, unless the note has the label of that field: then it is only a name.

    Text above all labels fills the field with the role `answer`. A problem is returned if no field takes a text.
    """
    texts = list(split_fields(raw_note.answer, notetype.field_names))
    repeated = next((name for name, count in Counter(name for name, _ in texts).items() if count > 1 and name), None)
    if repeated:
        line = [text for name, text in texts if name == repeated][1].line
        message = f"the note has another text for the field {repeated}"
        return document.problem(line, message, code="note-type-mismatch", hint="make one of the two")
    found = dict(texts)
    above = found.pop("", None)
    first = notetype.field_names[0]
    answer_field = notetype.field("answer") if notetype.has("answer") else None
    if above is not None and (answer_field is None or answer_field in found):
        message, hint = "no field takes this text", f"write it below a label: **{answer_field or first}:**"
        # The text begins with two lines that `_cut` has added.
        return document.problem(above.line + 2, message, code="note-type-mismatch", hint=hint)
    answer = found.pop(answer_field, above) if answer_field else None
    return Note(
        file=document.file,
        key=document.key,
        kind=notetype.kind,
        dialect=dialect,
        question=raw_note.question,
        answer=answer or Text("", raw_note.question.line),
        section=raw_note.section,
        id=raw_note.attributes.id,
        classes=raw_note.attributes.classes - {notetype.kind},
        labelled=tuple(found.items()),
        given=raw_note.given,
        statement=first in dict(texts) or not notetype.has("question"),
    )


def label(name: str) -> str:
    """The label of a field at the beginning of a line."""
    return f"**{name}:**"


def about_lines(values: Mapping[str, str], names: Sequence[str]) -> list[str]:
    """Return the lines of the first paragraph of a note in the dialect `fields`: its tags and its deck, where `values` has them.

    If a field (`names`) is called so too, the line is there without a value, because the first such label is not the field's.
    """
    return [
        f"{label(name)} {values.get(name, '')}".rstrip()
        for name in ("Tags", "Deck")
        if values.get(name) or name in names
    ]


def split_fields(body: Text, names: Sequence[str]) -> Iterator[tuple[str, Text]]:
    """Yield the texts of a body, each with the name of its field; the text above all labels has the name "".

    A label is at the beginning of a line, and not in code. Its text goes up to the next label. It begins with a line break if nothing is on
    the line of the label.
    """
    opening = re.compile("|".join(re.escape(label(name)) for name in sorted(names, key=len, reverse=True)))
    source = body.source
    found = scan(source)
    # Start of each label, start of its text, name.
    starts: list[tuple[int, int, str]] = [(0, 0, "")]
    at = 0
    for line in source.splitlines(keepends=True):
        match = opening.match(line)
        if match and found.covering(at) is None:
            starts.append((at, at + match.end(), match[0][2:-3]))
        at += len(line)
    for (_, begin, name), (end, _, _) in zip(starts, [*starts[1:], (len(source), 0, "")]):
        if text := _cut(body, begin, end, name):
            yield name, text


def _cut(body: Text, begin: int, end: int, name: str) -> Text | None:
    """A part of a text, without white space at its ends. None if it is empty and has no label."""
    part = body.source[begin:end].rstrip()
    if not name and not part:
        return None
    skipped = len(part) - len(part.lstrip(" \t"))
    text = Text(part[skipped:], *body.place(begin + skipped), body.indent)
    if name:
        return text
    lines = len(text.source) - len(text.source.lstrip("\n"))
    # Text without a label is rendered as blocks.
    return replace(text, source="\n\n" + text.source[lines:], line=text.line + lines - 2)
