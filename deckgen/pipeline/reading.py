"""The first stage: note files → notes. The fields of the notes that name no files are rendered with them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from deckgen.file_names import file_name_problems
from deckgen.identity.fingerprint import Fingerprint, TextPrint, fingerprint
from deckgen.identity.stamp import Content, content_of
from deckgen.lint import keys_of
from deckgen.model import Note, RenderedNote
from deckgen.notetypes.cards import cards_of
from deckgen.parse import Parsed
from deckgen.parse.between_notes import decks_in_another_case, repeated_ids
from deckgen.parse.document import read_bytes
from deckgen.parse.file_report import FileReport
from deckgen.pictures import Progress
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.file_task import FileReading, FileResult, FileTask, RenderedFile
from deckgen.pipeline.kept import KeptFile
from deckgen.pipeline.summary import Summary
from deckgen.pipeline.workers import run_tasks
from deckgen.problems import DeckError, Problem
from deckgen.render import Rendering
from deckgen.sources import NoteFile, nested_deck_problems
from deckgen.stored import unpacked


class ReadNotes(Struct, frozen=True):
    """The notes of some files in reading order, and their problems.

    `files` has each file by its path in problems. `renderings` has one item for each note: None if the note may name files.
    `prints` are the parts of their fingerprints that depend on their texts, and `summaries` are those of the notes with a rendering, both by the ids of the notes' objects. `reports` are those of the files that could be read, if they were asked for.
    `parsed` has the content of the files, by the same path, in the preview. `kept` are the files of which only the last note is here. `readings`,
    `rendered` and `digests`, the SHA-256 of their contents, are of the other files that could be read. All these are by the same path.
    """

    files: dict[str, NoteFile]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    parsed: Mapping[str, Parsed] = field(default_factory=dict)
    renderings: Sequence[Rendering | None] = ()
    prints: Mapping[int, TextPrint] = field(default_factory=dict)
    summaries: Mapping[int, Summary] = field(default_factory=dict)
    reports: tuple[FileReport, ...] = ()
    kept: Mapping[str, KeptFile] = field(default_factory=dict)
    readings: Mapping[str, FileReading] = field(default_factory=dict)
    rendered: Mapping[str, RenderedFile] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def naming(self) -> list[Note]:
        """The notes that may name files."""
        return [note for note, known in zip(self.notes, self.renderings) if known is None]

    @property
    def roots(self) -> list[Path]:
        """The folders of the decks that the notes are from, in reading order."""
        return list(dict.fromkeys(self.files[note.file].root for note in self.notes))

    def fingerprint_of(self, note: Note) -> Fingerprint:
        """Return the fingerprint of one of the notes."""
        return fingerprint(note, self.prints.get(id(note)))

    def content_of(self, item: RenderedNote) -> Content:
        """Return what the lock stores of one of the notes."""
        known = self.summaries.get(id(item.note))
        return known.content if known else content_of(item)

    def cards_of(self, item: RenderedNote) -> tuple[int, ...]:
        """Return the 0-based ordinals of the cards of one of the notes."""
        known = self.summaries.get(id(item.note))
        return known.cards if known else cards_of(item.notetype, item.fields)

    def keys_of(self, item: RenderedNote) -> Mapping[str, str]:
        """Return the keys of one of the notes for the lints that compare notes."""
        known = self.summaries.get(id(item.note))
        return known.keys if known else keys_of(item)


def read_notes(
    files: Iterable[NoteFile],
    progress: Progress,
    caches: Caches,
    *,
    scheduler: str = "",
    report: bool = False,
    kept: Callable[[NoteFile], KeptFile | None] | None = None,
) -> ReadNotes:
    """Read each file once, and return the notes. A file that cannot be read gives problems and no notes.

    With `report`, also return the reports of the files. Files that are not in the caches are read on all processors, or on the Dask cluster
    at `scheduler`. `kept` returns what is kept of a file, if only its last note is wanted.
    """
    by_name = {file.file: file for file in files}
    names = ((name, file.key) for name, file in by_name.items())
    problems = [*file_name_problems(names), *nested_deck_problems(by_name.values())]
    found: dict[str, FileTask | FileResult | KeptFile] = {}
    contents: dict[str, bytes] = {}
    for name, file in by_name.items():
        if kept and (whole := kept(file)):
            found[name] = whole
            continue
        try:
            contents[name] = read_bytes(file.path, name)
        except DeckError as error:
            problems += error.problems
        else:
            found[name] = caches.find(file, contents[name])
    tasks = {name: task for name, task in found.items() if isinstance(task, FileTask)}
    for name, result in zip(tasks, run_tasks(list(tasks.values()), progress, scheduler)):
        found[name] = result
        caches.put(by_name[name], contents[name], result)
    results = {name: each for name, each in found.items() if not isinstance(each, FileTask)}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    return _joined(by_name, results, problems, digests, report)


def _joined(
    files: dict[str, NoteFile],
    results: Mapping[str, FileResult | KeptFile],
    problems: list[Problem],
    digests: Mapping[str, str],
    report: bool,
) -> ReadNotes:
    """Join the results of the files."""
    problems += [problem for each in results.values() if isinstance(each, FileResult) for problem in each.failed]
    read = {name: each for name, each in results.items() if isinstance(each, KeptFile) or not each.failed}
    kept = {name: each for name, each in read.items() if isinstance(each, KeptFile)}
    others = {name: each for name, each in read.items() if isinstance(each, FileResult)}
    readings = {name: unpacked(FileReading, each.reading) for name, each in others.items()}
    rendered = {name: unpacked(RenderedFile, each.rendered) for name, each in others.items()}
    parts = [
        (kept[name].reading, kept[name].rendered) if name in kept else (readings[name], rendered[name]) for name in read
    ]
    notes = [note for reading, _ in parts for note in reading.notes]
    renderings = [each for _, file in parts for each in file.renderings]
    problems += [problem for reading, _ in parts for problem in reading.problems]
    prints = {id(note): each for reading, _ in parts for note, each in zip(reading.notes, reading.prints)}
    summaries = {id(n): each for reading, file in parts for n, each in zip(reading.notes, file.summaries) if each}
    reports = [unpacked(FileReport, each.report) for each in others.values()] if report else []
    problems += [*repeated_ids(notes), *decks_in_another_case(notes)]
    return ReadNotes(
        files,
        tuple(notes),
        tuple(problems),
        {},
        renderings,
        prints,
        summaries,
        tuple(reports),
        kept,
        readings,
        rendered,
        digests,
    )
