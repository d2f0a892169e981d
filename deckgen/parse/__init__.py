"""Note files → notes. The dialect is detected for each file, or named; on a tie nothing is guessed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from msgspec import Struct
from msgspec.structs import replace

from deckgen.conflict import stray_markers
from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, Text
from deckgen.notetypes import NoteTypes
from deckgen.parse.clozes import cloze_problems, has_clozes
from deckgen.parse.definitions import Definitions, definitions
from deckgen.parse.detect import Detected, choose, detections, weakness
from deckgen.parse.dialects import Dialect
from deckgen.parse.document import Document, document_of, read_bytes
from deckgen.parse.imported import imported_note
from deckgen.parse.labels import labels_of, without_labelled
from deckgen.parse.meta import Settings, file_settings
from deckgen.parse.note_limits import excess
from deckgen.parse.note_metadata import with_metadata
from deckgen.parse.notetypes import type_problems
from deckgen.parse.occlude import find_occlusions, occlusion_problems
from deckgen.parse.previous_dialect import keep_previous_dialect
from deckgen.parse.question import RawNote
from deckgen.parse.reading import read_as
from deckgen.parse.unused_text import unused_text_problems
from deckgen.problems import Problem, Severity
from deckgen.project import deck_name
from deckgen.scan import scan

_SOURCE = lazy_pattern(r"[ \t]*(?:\*\*)?(?:来源|Source)(?:\*\*)?[ \t]*[：:](?:\*\*)?[ \t]*")
_CLASSES = {"reversed", "typed"}


class Parsed(Struct, frozen=True):
    """What one file holds. `dialect` is the name of the one it was read as, None where none was recognised.

    `detected` are the dialects that were seen in it, the best first, where its author named none. `shown` and `marks` are the numbers of
    its lines that the notes show, and of those that only mark where notes begin and end. `chosen` says why it was read as the dialect, or
    was not read.
    """

    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    dialect: str | None
    document: Document
    detected: tuple[Detected, ...] = ()
    shown: frozenset[int] = frozenset()
    marks: frozenset[int] = frozenset()
    chosen: str = ""


def parse_file(path: Path, file: str, key: str, settings: Settings) -> Parsed:
    """Read one note file, as `parse`. Raises DeckError where the file cannot be read as text."""
    return parse(read_bytes(path, file), file, key, settings)


def parse(content: bytes, file: str, key: str, settings: Settings) -> Parsed:
    """Return the notes of the content of a note file.

    `file` is the path for problems, `key` the path inside the deck; `settings` are the deck's, which the file's front
    matter overrides. Raises DeckError where the content is not text.
    """
    document = document_of(content, file, key)
    problems = [*map(document.unclosed_problem, document.scan.unclosed), *_stray_marker_problems(document)]
    own, wrong = file_settings(document, settings)
    problems += [*wrong, *_front_matter_problems(document)]
    if own.left_out:
        return Parsed((), tuple(problems), None, document, chosen=own.left_out)
    if own.level is not None:
        document = replace(document, level=own.level)
    ranked = () if own.dialect else detections(document)
    dialect = choose(document, own.dialect, ranked)
    if own.remembered and not own.dialect:
        dialect, reported = keep_previous_dialect(document, dialect, own.remembered, ranked)
        problems += reported
    if isinstance(dialect, Problem):
        return Parsed((), (*problems, dialect), None, document, ranked)
    problems += weakness(document, dialect, ranked)
    known = definitions(document)
    reading = read_as(document, dialect, ranked)
    read = with_metadata(document, reading.notes, reading.marks, own)
    problems += read.problems
    if read.settings.left_out:
        return Parsed((), tuple(problems), None, document, chosen=read.settings.left_out)
    results = [_note(document, each, dialect, read.settings, known) for each in read.raw_notes]
    notes = [result for result in results if isinstance(result, Note)]
    problems += [*reading.problems, *(result for result in results if isinstance(result, Problem))]
    marks = reading.marks | read.lines
    told = {problem.line for problem in reading.problems}
    problems += unused_text_problems(document, dialect, (*read.raw_notes, *read.drafts), known, marks, told)
    problems += [problem for raw_note in read.raw_notes for problem in _attribute_problems(document, raw_note)]
    for note in notes:
        problems += _note_problems(document, note, own.notetypes)
    chosen = _chosen(document, dialect, own, ranked)
    shown = frozenset(number for raw_note in read.raw_notes for number in raw_note.lines)
    return Parsed(tuple(notes), tuple(problems), dialect.name, document, ranked, shown, marks, chosen)


def _chosen(document: Document, dialect: Dialect, settings: Settings, ranked: tuple[Detected, ...]) -> str:
    """Why a file was read as a dialect."""
    if settings.dialect:
        own = document.meta.get("deckgen")
        in_file = isinstance(own, dict) and "dialect" in own
        return "named in the front matter" if in_file else "named in deck.toml"
    if ranked and ranked[0].dialect is dialect and ranked[0].usable:
        return ranked[0].detection.reason
    return "as at the last build"


def _note(
    document: Document, raw_note: RawNote, dialect: Dialect, settings: Settings, known: Definitions
) -> Note | Problem:
    question = raw_note.question
    if not question.source:
        return document.problem(question.line, "the question is empty", code="question-missing")
    for text in (question, raw_note.answer, *raw_note.given):
        if wrong := excess(text):
            return document.problem(question.line, f"the note {wrong}", code="note-too-long", hint="split it")
    picked = sorted(raw_note.attributes.classes & settings.notetypes.named_kinds)
    if len(picked) > 1:
        message = f"the note types {' and '.join(picked)} are both named"
        return document.problem(question.line, message, code="note-type-mismatch", hint="name one")
    if picked and settings.notetypes[picked[0]].imported:
        note = imported_note(document, raw_note, dialect.name, settings.notetypes[picked[0]])
        return replace(note, **_of_file(raw_note, settings)) if isinstance(note, Note) else note
    answer, source = _split_source(known.without_those_at_the_end(raw_note.answer))
    kind = picked[0] if picked else _kind(answer, settings)
    answer, labelled = without_labelled(answer, labels_of(settings.notetypes[kind]))
    if not answer.source and (settings.notetypes[kind].has("answer") or not labelled):
        return document.problem(question.line, f"no answer to “{question.source[:60]}”", code="answer-missing")
    others = (question, *raw_note.given, *(text for _, text in labelled), *filter(None, [raw_note.source or source]))
    return Note(
        file=document.file,
        key=document.key,
        kind=kind,
        dialect=dialect.name,
        question=question,
        answer=answer,
        section=raw_note.section,
        id=raw_note.attributes.id,
        classes=raw_note.attributes.classes.difference(picked),
        source=raw_note.source or source,
        definitions=known.for_note(answer, raw_note.answer),
        link_targets=known.link_targets((*(text.source for text in others), *raw_note.section), raw_note.answer),
        labelled=labelled,
        given=raw_note.given,
        statement=raw_note.statement,
        **_of_file(raw_note, settings),
    )


class _OfFile(TypedDict):
    deck: str
    tags: tuple[str, ...]
    detected: bool
    highlight_clozes: bool


def _of_file(raw_note: RawNote, settings: Settings) -> _OfFile:
    """What the settings of its file say of a note."""
    return {
        "deck": deck_name(raw_note.deck) or settings.deck_of(raw_note.section),
        "tags": settings.tags_of(raw_note.section, raw_note.tags),
        "detected": settings.dialect is None,
        "highlight_clozes": settings.highlight == "cloze",
    }


def _split_source(answer: Text) -> tuple[Text, Text | None]:
    """The answer without a last line that begins with `来源：` or `Source:`, and that line's text."""
    body, newline, last = answer.source.rpartition("\n")
    match = _SOURCE.match(last)
    if match is None or scan(answer.source).covering(len(body) + len(newline)) is not None:
        return answer, None
    line = answer.line + answer.source.count("\n")
    return replace(answer, source=body.rstrip()), Text(last[match.end() :].strip(), line, match.end() + 1)


def _kind(answer: Text, settings: Settings) -> str:
    return settings.notetypes.default_kind(
        occludes=bool(find_occlusions(answer)), clozes=has_clozes(answer.source, settings.highlight)
    )


def _front_matter_problems(document: Document) -> Iterator[Problem]:
    """Yield a problem for a block between two rules at the beginning that is no mapping.

    A blank line below the first rule says that it is no front matter.
    """
    if document.front_matter_as_text and not document.lines[1].blank:
        yield document.problem(
            1,
            "the block between the first two rules is no front matter (no key: value), and is read as text",
            code="front-matter-text",
            severity=Severity.INFO,
            hint="leave a blank line below the first rule if it is a rule",
        )


def _stray_marker_problems(document: Document) -> Iterator[Problem]:
    """What is left of a conflict. In code it may be an example, and as text it shows."""
    for number in stray_markers(document.source):
        if document.lines[number - 1].open:
            yield document.problem(
                number,
                "reads as a marker of a merge conflict",
                code="merge-conflict",
                severity=Severity.WARNING,
                hint="delete the line; in an example, put it into code",
            )


def _attribute_problems(document: Document, raw_note: RawNote) -> Iterator[Problem]:
    """An attribute list that says nothing: without its id and classes the question would be another note."""
    written, line = raw_note.attributes.written, raw_note.question.line
    if raw_note.attributes.error:
        column = document.lines[line - 1].text.rindex(written) + 1
        yield document.problem(
            line,
            f"{written} {raw_note.attributes.error}",
            code="attribute-list",
            column=column,
            hint="write {#id .class}, with no blank after the signs and no other words; for text, write \\{",
        )


def _note_problems(document: Document, note: Note, types: NoteTypes) -> Iterator[Problem]:
    notetype = types[note.kind]
    known = sorted(_CLASSES | types.named_kinds)
    for name in sorted(note.classes - _CLASSES):
        yield document.problem(
            note.line,
            f"unknown attribute .{name}",
            code="attribute-unknown",
            hint="known: " + ", ".join(f".{each}" for each in known),
        )
    if not notetype.imported:
        yield from cloze_problems(document, note, notetype)
    if note.kind in types.named_kinds and not notetype.imported:
        yield from type_problems(document, note, notetype)
    if notetype.occludes:
        yield from occlusion_problems(document, note, has_clozes(note.answer.source))
    if unused := [f".{name}" for name in sorted(note.classes & _CLASSES) if not notetype.has(name)]:
        names = " ".join(unused)
        kind = (
            f"a {note.kind}"
            if note.kind in types.named_kinds
            else "an image-occlusion"
            if notetype.occludes
            else "a cloze"
        )
        yield document.problem(
            note.line, f"{names} has no meaning on {kind} note", code="attribute-unused", severity=Severity.WARNING
        )
