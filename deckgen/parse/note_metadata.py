"""What lines among the notes of a file say of them: decks, tags and drafts, as other tools write them."""

from collections.abc import Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from deckgen.parse.document import Document
from deckgen.parse.meta import Settings
from deckgen.parse.question import RawNote
from deckgen.parse.tag_lines import TagLine, tag_lines_outside, with_own_tags
from deckgen.parse.tool_metadata import metadata_line_numbers, without_lines
from deckgen.problems import Problem, Severity


class WithMetadata(Struct, frozen=True):
    """The notes of a file without those lines, and what they say.

    `drafts` are notes that are left out. `lines` are the numbers of the lines. `settings` are the file's, with the tags of lines that are
    in no note; with `left_out` the whole file is a draft.
    """

    raw_notes: tuple[RawNote, ...]
    drafts: tuple[RawNote, ...]
    lines: frozenset[int]
    settings: Settings
    problems: tuple[Problem, ...]


def with_metadata(document: Document, found: Sequence[RawNote], marks: Set[int], settings: Settings) -> WithMetadata:
    """Take the lines that name decks, tags and drafts out of the notes. Only the kinds that count by the settings are looked for.

    `marks` are the lines that the dialect reads as its own.
    """
    numbers = metadata_line_numbers(document, settings.metadata)
    found = [without_lines(each, numbers) for each in found]
    if "tags" not in settings.metadata:
        return WithMetadata(tuple(found), (), frozenset(numbers), settings, ())
    tagged = [with_own_tags(document, each) for each in found]
    outside = list(tag_lines_outside(document, found, marks))
    lines = [*outside, *(line for _, line in tagged if line)]
    drafts = [] if "drafts" not in settings.metadata else [note for note, line in tagged if line and line.draft]
    settings = replace(settings, tags=(*settings.tags, *(settings.tag(tag) for each in outside for tag in each.tags)))
    problems = [_note_left_out(document, each) for each in drafts]
    if "drafts" in settings.metadata and (mark := next((each for each in outside if each.draft), None)):
        settings = replace(settings, left_out="#draft")
        problems = [_file_left_out(document, mark)]
    return WithMetadata(
        tuple(note for note, _ in tagged if note not in drafts),
        tuple(drafts),
        frozenset((*numbers, *(each.line for each in lines))),
        settings,
        tuple(problems),
    )


def _note_left_out(document: Document, note: RawNote) -> Problem:
    return document.problem(
        note.question.line,
        f"the note “{note.question.source[:60]}” is left out: #draft",
        code="note-left-out",
        severity=Severity.INFO,
        hint="remove the tag when it is ready",
    )


def _file_left_out(document: Document, mark: TagLine) -> Problem:
    return document.problem(
        mark.line,
        "the file is left out: #draft",
        code="file-left-out",
        severity=Severity.INFO,
        hint="remove the tag when it is ready",
    )
