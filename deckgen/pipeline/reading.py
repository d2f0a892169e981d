"""The first stage: note files → notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckgen.model import Note
from deckgen.parse import Parsed, decks_in_another_case, parse_file, repeated_ids
from deckgen.pictures import Progress
from deckgen.problems import DeckError, Problem
from deckgen.sources import NoteFile


@dataclass(frozen=True, slots=True)
class ReadNotes:
    """The notes of some files in reading order, and their problems. `files` has each file by its path in problems.

    `parsed` has what each file that could be read holds, by the same path.
    """

    files: dict[str, NoteFile]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    parsed: dict[str, Parsed]

    @property
    def roots(self) -> list[Path]:
        """The folders of the decks that the notes are from, in reading order."""
        return list(dict.fromkeys(self.files[note.file].root for note in self.notes))


def read_notes(files: Iterable[NoteFile], progress: Progress) -> ReadNotes:
    """Read each file once, and return the notes. A file that cannot be read gives problems and no notes."""
    by_name = {file.file: file for file in files}
    notes: list[Note] = []
    problems: list[Problem] = []
    read: dict[str, Parsed] = {}
    for n, (name, file) in enumerate(by_name.items()):
        progress("reading", n, len(by_name))
        try:
            parsed = parse_file(file.path, name, file.key, file.settings)
        except DeckError as error:
            problems += error.problems
            continue
        read[name] = parsed
        notes += parsed.notes
        problems += parsed.problems
    problems += [*repeated_ids(notes), *decks_in_another_case(notes)]
    return ReadNotes(by_name, tuple(notes), tuple(problems), read)
