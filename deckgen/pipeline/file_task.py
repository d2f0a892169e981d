"""What can be computed of one note file alone: its notes, their fingerprints, and the fields of the notes that name no files.

A task and its result are data. So tasks run in this process, in other processes or on a cluster, with the same results.
"""

import threading
from collections.abc import Iterator, Mapping

from msgspec import Struct

from deckgen.cache import code_versions
from deckgen.identity.fingerprint import TextPrint, text_print
from deckgen.model import Note
from deckgen.parse import Parsed, parse
from deckgen.parse.file_report import FileReport, file_report
from deckgen.parse.left_out import Hidden
from deckgen.parse.meta import Settings
from deckgen.pipeline.summary import Summary, summary
from deckgen.problems import DeckError, Problem
from deckgen.render import FieldRenderer, Rendering, RenderOptions, may_refer, parts_left_out
from deckgen.render.input import render_input
from deckgen.stored import packed, unpacked


class FileTask(Struct, frozen=True):
    """The content of a note file, and all that its result depends on.

    `file` is the path as problems show it, `key` the path inside the deck. `rendered` is an earlier result for the file, "" if there is
    none: its fields are taken for notes that are the same.
    """

    content: bytes
    file: str
    key: str
    settings: Settings
    options: RenderOptions
    rendered: bytes = b""


class FileResult(Struct, frozen=True):
    """`reading`, `rendered` and `report` are a FileReading, a RenderedFile and a FileReport, packed.

    `failed` says why the file cannot be read. Then the others are empty. `versions` are those of the code that made the result.
    """

    versions: bytes
    dialect: str | None = None
    reading: bytes = b""
    rendered: bytes = b""
    report: bytes = b""
    failed: tuple[Problem, ...] = ()


class FileReading(Struct, frozen=True):
    """The notes of a file, the problems of reading them, and the part of their fingerprints that depends on their texts."""

    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    prints: tuple[TextPrint, ...]


class RenderedFile(Struct, frozen=True):
    """The renderings of the notes of a file, and their summaries. None: the note may name files, which only the deck's own process looks up."""

    renderings: tuple[Rendering | None, ...]
    summaries: tuple[Summary | None, ...] = ()


def run_task(task: FileTask) -> FileResult:
    """Read and render a note file."""
    try:
        parsed = parse(task.content, task.file, task.key, task.settings)
    except DeckError as error:
        return FileResult(code_versions(), failed=error.problems)
    renderings = tuple(_renderings(task, parsed.notes))
    summaries = tuple(_summary(task, *each) for each in zip(parsed.notes, renderings))
    return FileResult(
        code_versions(),
        parsed.dialect,
        packed(FileReading(parsed.notes, parsed.problems, tuple(map(text_print, parsed.notes)))),
        packed(RenderedFile(renderings, summaries)),
        packed(report_of(task.file, parsed)),
    )


def report_of(file: str, parsed: Parsed) -> FileReport:
    """Return the report of a file that was read. `file` is its path as problems show it."""
    return file_report(file, parsed, hidden_parts(parsed))


def hidden_parts(parsed: Parsed) -> Iterator[Hidden]:
    """Yield what cards do not show of the texts of a file's notes."""
    for note in parsed.notes:
        for text in (note.question, *note.body, *([note.source] if note.source else [])):
            yield text, [(each.start, each.end) for each in parts_left_out(text)]


def _renderings(task: FileTask, notes: tuple[Note, ...]) -> Iterator[Rendering | None]:
    known = by_key(unpacked(RenderedFile, task.rendered)) if task.rendered else {}
    for note in notes:
        if may_refer(note):
            yield None
            continue
        value = render_input(note, task.settings.notetypes[note.kind], task.options, ())
        key = value.digest
        yield known.get(key) or Rendering.of(key, {}, *_renderer().render(value))


def _summary(task: FileTask, note: Note, rendering: Rendering | None) -> Summary | None:
    if rendering is None:
        return None
    return summary(rendering.note(note, task.settings.notetypes[note.kind], {})[0])


def by_key(file: RenderedFile) -> Mapping[str, Rendering]:
    """The renderings of a file by their keys."""
    return {each.key: each for each in file.renderings if each is not None}


_of_thread = threading.local()


def _renderer() -> FieldRenderer:
    """The renderer of this thread. A worker of a cluster may have several threads."""
    if not hasattr(_of_thread, "renderer"):
        _of_thread.renderer = FieldRenderer()
    renderer: FieldRenderer = _of_thread.renderer
    return renderer
