"""All that the fields of a note depend on, as one value with a digest."""

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin

from deckgen.model import Note, NoteType, Text
from deckgen.notetypes import type_digest
from deckgen.problems import Problem
from deckgen.render.options import RenderOptions
from deckgen.render.references import Missing, Page, Resolved

_LIBRARIES = ("beautifulsoup4", "Markdown", "math-core", "Pygments", "pymdown-extensions")
_CODE = Path(__file__).parents[1]
# The packages and modules of deckgen that rendering uses.
_PARTS = ("render", "scan", "tex", "cloze", "notetypes", "cjk.py", "model.py", "problems.py", "remote_media.py")
_SUFFIXES = {".py", ".toml", ".html", ".css"}


@dataclass(frozen=True, slots=True)
class RenderInput:
    """A note as its rendering takes it. Equal digests give equal fields, media names and problems.

    `note` has places that count from its question (line 1), and nothing of its file, deck and tags. `notetype` is the type that it becomes. `options` have no base_url: `page` is
    the address that relative links start from ("" where they lose their target). `references` are what the note names, with what each
    stands for. `versions` are those of the code that renders. Paths of media are not in the digest: the names hold digests of the bytes.
    """

    note: Note
    notetype: NoteType
    page: str
    options: RenderOptions
    references: tuple[tuple[str, Resolved], ...]
    versions: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """A SHA-256 in hexadecimal, the same in every process and on every machine."""
        return hashlib.sha256(json.dumps(self._values(), ensure_ascii=True).encode()).hexdigest()

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
                note.statement,
                note.highlight_clozes,
            ],
        ]
        references = [[name, _resolved(found)] for name, found in self.references]
        options = [self.options.macros, self.options.mathml, self.options.unsafe]
        return [about, texts, labelled, self.page, *options, references, self.versions]


def render_input(
    note: Note, notetype: NoteType, options: RenderOptions, references: Sequence[tuple[str, Resolved]]
) -> RenderInput:
    """The value of a note as it was read, with its note type and what its references stand for."""
    page = urljoin(options.base_url, note.key) if options.base_url else ""
    ordered = tuple(sorted(references, key=lambda each: each[0]))
    return RenderInput(relative(note), notetype, page, replace(options, base_url=""), ordered, versions())


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


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Of Python, of the libraries that render, and a digest of deckgen's own code that does."""
    own = hashlib.sha256()
    for path in sorted(path for part in _PARTS for path in _files(_CODE / part)):
        own.update(
            path.relative_to(_CODE).as_posix().encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0"
        )
    libraries = [(name, version(name)) for name in _LIBRARIES]
    return (("python", platform.python_version()), ("deckgen", own.hexdigest()), *libraries)


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [each for each in path.rglob("*") if each.suffix in _SUFFIXES]


def _moved(text: Text, lines: int) -> Text:
    return replace(text, line=text.line + lines)


def _text(text: Text | None) -> list[object] | None:
    return [text.source, text.line, text.column, text.indent, *text.shifts] if text else None


def _resolved(found: Resolved) -> list[object]:
    if isinstance(found, Page):
        return ["page", found.path, found.heading, found.ambiguous]
    if isinstance(found, Missing):
        return ["missing", *found.problem, found.parameter]
    media = found.media
    parts = [[part.name, part.group, part.left, part.top, part.width, part.height] for part in media.parts]
    return ["found", media.name, media.alt, media.figure, media.width, parts, found.size, found.ambiguous]
