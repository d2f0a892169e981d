"""A note and its note type: what the type cannot hold is reported, so that nothing of the note is lost."""

from collections import Counter
from collections.abc import Iterator

from deckgen.model import Note, NoteType, Text
from deckgen.parse.clozes import find_clozes
from deckgen.parse.document import Document
from deckgen.parse.occlude import find_occlusions
from deckgen.problems import Problem


def type_problems(document: Document, note: Note, notetype: NoteType) -> Iterator[Problem]:
    """What a note of a type that the deck brings has and the type does not."""
    for name, count in Counter(name for name, _ in note.labelled).items():
        if count > 1:
            text = [text for other, text in note.labelled if other == name][1]
            yield _at(document, text, 0, f"the note has another paragraph for the field {name}", "make one of the two")
    if note.answer.source and not notetype.has("answer"):
        labels = ", ".join(f"{label}:" for each in notetype.fields for label in each.labels)
        message = f"no field of the note type {note.kind} takes this text"
        yield _at(document, note.answer, 0, message, f"begin the paragraph with one of {labels}")
    if note.source and not notetype.has("source"):
        yield _at(document, note.source, 0, f"the note type {note.kind} has no field for the source", "leave it out")
    if find_occlusions(note.answer):
        offset = find_occlusions(note.answer)[0].offset
        yield _at(
            document, note.answer, offset, f"a {note.kind} note cannot occlude a picture", f"leave out .{note.kind}"
        )
    if not notetype.cloze:
        for text in note.body:
            for offset in list(find_clozes(text.source))[:1]:
                yield _at(document, text, offset, f"a {note.kind} note has no clozes", f"leave out .{note.kind}")


def _at(document: Document, text: Text, offset: int, message: str, hint: str) -> Problem:
    line, column = text.place(offset)
    return document.problem(line, message, code="note-type-mismatch", column=column, hint=hint)
