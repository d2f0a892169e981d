"""Write the text of a field that has none in the note file: below a new label in notes of imported types, and a source in others."""

import itertools
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from deckgen.model import Field, Note, NoteType, Text
from deckgen.parse.imported import label
from deckgen.pull.note_edit import EditedFile, proven
from deckgen.pull.place import NoPlace
from deckgen.pull.raw_lines import Splice


class NewText(Struct, frozen=True):
    """A text in Markdown for a field that has none."""

    notetype: NoteType
    field: Field
    source: str


def with_label(note: Note, field: Field, source: str, line: int = 1) -> Note:
    """Return a note with a text for a field that has none. `line` is the line (1-based) above the label.

    If it is the first field, the heading is only the name of the note from now on.
    """
    text = Text(source, line)
    if field.role == "source":
        return replace(note, source=text)
    if field.role == "answer":
        return replace(note, answer=text)
    above = tuple(pair for pair in note.labelled if pair[1].line <= line)
    labelled = (*above, (field.name, text), *note.labelled[len(above) :])
    return replace(note, labelled=labelled, statement=note.statement or field.role == "question")


def with_new_text(file: EditedFile, index: int, new: NewText) -> EditedFile:
    """Return the file with a text for a field of note number `index`, after its label.

    Raises NoPlace if the file would not be read as this note and the same other notes.
    """
    note = file.parsed.notes[index]
    for splice in _source_lines(file, note, new) if new.field.role == "source" else _labelled_lines(file, note, new):
        try:
            return proven(file, [splice], {index: with_label(note, new.field, new.source, splice.line)})
        except NoPlace:
            continue
    raise NoPlace(f"the note has no place for a text of the field {new.field.name}")


def _source_lines(file: EditedFile, note: Note, new: NewText) -> Iterator[Splice]:
    """Yield the ways to write a source below the answer. The label is in the language of the other sources of the file."""
    own = "来源：" if any("来源" in text for text, _ in file.raw.lines) else "Source: "
    last = note.answer.line + note.answer.source.count("\n")
    yield Splice(last, below=("", f"{own}{new.source}"))
    yield Splice(last, below=(f"{own}{new.source}",))


def _labelled_lines(file: EditedFile, note: Note, new: NewText) -> Iterator[Splice]:
    own = label(new.field.name)
    lines = f"{own}{new.source}" if new.source.startswith("\n") else f"{own} {new.source}"
    yield from (Splice(above, below=("", *lines.split("\n"))) for above in _places(file, note, new))


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
