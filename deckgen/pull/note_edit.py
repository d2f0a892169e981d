"""Edit one note in its file, and prove that nothing else changed."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.model import Note, Text
from deckgen.parse import Parsed, parse_file
from deckgen.parse.document import read_bytes
from deckgen.problems import DeckError, Severity
from deckgen.pull.note_texts import ANSWER, QUESTION, SOURCE, Sources, given_key, labelled_key, texts_of, with_sources
from deckgen.pull.place import NoPlace, splices
from deckgen.pull.raw_lines import RawLines, Splice
from deckgen.render.input import relative
from deckgen.sources import NoteFile


class EditedFile(Struct, frozen=True):
    """A note file, its bytes as they are going to be, and the notes in them. `source` says where it is."""

    source: NoteFile
    raw: RawLines
    parsed: Parsed


def read_file(source: NoteFile) -> EditedFile:
    """Read a note file that has no errors. Raises DeckError if it cannot be read."""
    return parsed_again(source, RawLines.of(read_bytes(source.path, source.file)))


def with_texts(file: EditedFile, sources: Mapping[int, Sources]) -> EditedFile:
    """Return the file with other sources of some texts. `sources` maps the number of a note in the file to its new sources.

    Raises NoPlace if the file would not be read as these notes and the same other notes.
    """
    changes: list[Splice] = []
    intended: dict[int, Note] = {}
    for index, own in sources.items():
        note = file.parsed.notes[index]
        texts = texts_of(note)
        changes += [splice for key, source in own.items() for splice in splices(file.raw, texts[key], source)]
        intended[index] = with_sources(note, own)
    return proven(file, changes, intended)


def proven(file: EditedFile, changes: Iterable[Splice], intended: Mapping[int, Note]) -> EditedFile:
    """Return the file with some changes. Raises NoPlace if its notes would not be the intended ones, by number, and the same other notes."""
    try:
        edited = parsed_again(file.source, file.raw.with_splices(changes))
    except DeckError as error:
        raise NoPlace(f"the file could not be read: {error.problems[0].message}") from error
    _require_same_notes(file.parsed, edited.parsed, intended)
    _require_no_new_errors(file.parsed, edited.parsed)
    return edited


def parsed_again(source: NoteFile, raw: RawLines) -> EditedFile:
    """Return the file at `source` as if it had these lines. Raises DeckError if they cannot be read."""
    with tempfile.TemporaryDirectory(prefix="deckgen-pull-") as folder:
        path = Path(folder) / source.path.name
        path.write_bytes(raw.data)
        return EditedFile(source, raw, parse_file(path, source.file, source.key, source.settings))


def _require_same_notes(before: Parsed, after: Parsed, intended: Mapping[int, Note]) -> None:
    if len(after.notes) != len(before.notes):
        raise NoPlace(f"the file would have {len(after.notes)} notes, not {len(before.notes)}")
    for index, wanted in intended.items():
        found = after.notes[index]
        if found.kind != wanted.kind:
            raise NoPlace(f"the note would become a note of the type {found.kind}, and Anki keeps the types of notes")
        if _content(found) != _content(wanted):
            raise NoPlace("the file would be read as another text")
    others = (n for n in range(len(before.notes)) if n not in intended)
    if any(_content(before.notes[n]) != _content(after.notes[n]) for n in others):
        raise NoPlace("another note of the file would change")


def _content(note: Note) -> Note:
    """The note without places, for a comparison."""
    note = replace(relative(note), deck=note.deck, tags=note.tags, dialect=note.dialect)

    bare = {name: Text(text.source, 1) for name, text in texts_of(note).items()}
    return replace(
        note,
        question=bare[QUESTION],
        answer=bare[ANSWER],
        source=bare.get(SOURCE),
        given=tuple(bare[given_key(n)] for n in range(len(note.given))),
        labelled=tuple((name, bare[labelled_key(n)]) for n, (name, _) in enumerate(note.labelled)),
    )


def _require_no_new_errors(before: Parsed, after: Parsed) -> None:
    known = {problem.message for problem in before.problems}
    for problem in after.problems:
        if problem.severity is Severity.ERROR and problem.message not in known:
            raise NoPlace(problem.message)
