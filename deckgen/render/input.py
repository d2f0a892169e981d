"""All that the fields of a note depend on, as one value with a digest."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from urllib.parse import urljoin

from msgspec import Struct
from msgspec.structs import replace

from deckgen.cache import code_versions
from deckgen.model import Note, NoteType, Text
from deckgen.notetypes import type_digest
from deckgen.problems import Problem
from deckgen.render.options import RenderOptions
from deckgen.render.references import Missing, Page, Resolved

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class RenderInput(Struct, frozen=True):
    """A note as its rendering takes it. Equal digests give equal fields, media names and problems.

    `note` has places that count from its question (line 1), and nothing of its file, deck and tags. `notetype` is the type that it becomes. `options` have no base_url: `page` is
    the address that relative links start from ("" where they lose their target). `references` are what the note names, with what each
    stands for. `versions` is a digest of the code that renders, with all libraries. Paths of media are not in the digest: the names hold digests of the bytes.
    """

    note: Note
    notetype: NoteType
    page: str
    options: RenderOptions
    references: tuple[tuple[str, Resolved], ...]
    versions: str

    @property
    def digest(self) -> str:
        """A SHA-256 in hexadecimal, the same in every process and on every machine."""
        return hashlib.sha256(_JSON.encode(self._values()).encode("utf-8", "surrogatepass")).hexdigest()

    def _values(self) -> list[object]:
        note = self.note
        texts = [_text(text) for text in (note.question, note.answer, note.source, *note.given)]
        labelled = [[name, _text(text)] for name, text in note.labelled]
        fields = [[each.name, each.role] for each in self.notetype.fields]
        look = type_digest((), self.notetype.templates, self.notetype.css)
        about = [
            [self.notetype.kind, self.notetype.cloze, self.notetype.stock_kind, self.notetype.imported, fields, look],
            [
                note.id,
                list(note.section),
                sorted(note.classes),
                note.definitions,
                note.link_targets,
                note.statement,
                note.highlight_clozes,
            ],
        ]
        references = _references(self.references)
        options = [self.options.macros, self.options.mathml, self.options.unsafe]
        return [about, texts, labelled, self.page, *options, references, self.versions]


def render_input(
    note: Note, notetype: NoteType, options: RenderOptions, references: Sequence[tuple[str, Resolved]]
) -> RenderInput:
    """The value of a note as it was read, with its note type and what its references stand for."""
    page = urljoin(options.base_url, note.key) if options.base_url else ""
    ordered = tuple(sorted(references, key=lambda each: each[0]))
    options = replace(options, base_url="") if options.base_url else options
    return RenderInput(relative(note), notetype, page, options, ordered, code_versions().hex())


def relative(note: Note) -> Note:
    """The note with lines that count from its question, and without what rendering does not use."""
    above = note.line - 1
    return replace(
        note,
        file="",
        key="",
        dialect="",
        deck="",
        tags=(),
        detected=False,
        question=_moved(note.question, -above),
        answer=_moved(note.answer, -above),
        source=note.source and _moved(note.source, -above),
        labelled=tuple((name, _moved(text, -above)) for name, text in note.labelled),
        given=tuple(_moved(text, -above) for text in note.given),
    )


def absolute(problem: Problem, note: Note) -> Problem:
    """A problem of a rendering at its place in the note's file."""
    return replace(problem, file=note.file, line=problem.line + note.line - 1)


def _moved(text: Text, lines: int) -> Text:
    return Text(text.source, text.line + lines, text.column, text.indent, text.shifts)


def _text(text: Text | None) -> list[object] | None:
    return [text.source, text.line, text.column, text.indent, *text.shifts] if text else None


def references_digest(references: Iterable[tuple[str, Resolved]]) -> str:
    """Return a digest of what references stand for, "" if there are none."""
    values = _references(references)
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32] if values else ""


def _references(references: Iterable[tuple[str, Resolved]]) -> list[list[object]]:
    return [[name, _resolved(found)] for name, found in references]


def _resolved(found: Resolved) -> list[object]:
    if isinstance(found, Page):
        return ["page", found.path, found.heading, found.ambiguous]
    if isinstance(found, Missing):
        return ["missing", *found.problem, found.parameter]
    media = found.media
    parts = [[part.name, part.group, part.left, part.top, part.width, part.height] for part in media.parts]
    return ["found", media.name, media.alt, media.figure, media.width, parts, found.size, found.ambiguous]
