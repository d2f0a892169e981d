"""Write the text of a field that has none in the note file: below a new label, in notes of imported types."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from deckgen.model import Field, Note, NoteType, Text
from deckgen.parse.imported import label
from deckgen.pull.note_edit import EditedFile, proven
from deckgen.pull.place import NoPlace
from deckgen.pull.raw_lines import Splice


@dataclass(frozen=True, slots=True)
class NewText:
    """A text in Markdown for a field that has none."""

    notetype: NoteType
    field: Field
    source: str


def with_label(note: Note, field: Field, source: str, line: int = 1) -> Note:
    """Return a note with a text for a field that has none. `line` is the line (1-based) above the label.

    If it is the first field, the heading is only the name of the note from now on.
    """
    text = Text(source, line)
    if field.role == "answer":
        return replace(note, answer=text)
    above = tuple(pair for pair in note.labelled if pair[1].line <= line)
    labelled = (*above, (field.name, text), *note.labelled[len(above) :])
    return replace(note, labelled=labelled, statement=note.statement or field.role == "question")


def with_new_text(file: EditedFile, index: int, new: NewText) -> EditedFile:
    """Return the file with a text for a field of note number `index`, below its label.

    Raises NoPlace if the file would not be read as this note and the same other notes.
    """
    note = file.parsed.notes[index]
    own = label(new.field.name)
    lines = f"{own}{new.source}" if new.source.startswith("\n") else f"{own} {new.source}"
    for above in _places(file, note, new):
        try:
            return proven(
                file,
                [Splice(above, below=("", *lines.split("\n")))],
                {index: with_label(note, new.field, new.source, above)},
            )
        except NoPlace:
            continue
    raise NoPlace(f"the note has no place for a text of the field {new.field.name}")


def _places(file: EditedFile, note: Note, new: NewText) -> Iterator[int]:
    """Yield the lines (1-based) below which a label may stand: the text of the nearest field before it, the tags and deck, the heading."""
    texts = dict(note.labelled)
    if note.answer.source:
        texts[new.notetype.field("answer")] = note.answer
    names = new.notetype.field_names
    earlier = [texts[name] for name in names[: names.index(new.field.name)] if name in texts]
    yield from (text.line + text.source.count("\n") for text in reversed(earlier))
    heading = note.question.line
    below = range(heading + 2, len(file.raw.lines) + 1)
    yield max(itertools.takewhile(lambda n: file.raw.line(n).strip(), below), default=heading)
    yield heading
