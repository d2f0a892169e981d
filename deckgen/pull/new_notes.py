"""Write notes that were made in Anki into a note file: as headings if the file has these, else as blocks from START to END.

The blocks have a place for tags and for any text. The file is parsed again, and the note must be the one of Anki.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from deckgen.model import NoteType, RenderedNote
from deckgen.package.contents import PackedNote
from deckgen.problems import DeckError
from deckgen.pull.equal import nfc, same_html, tags_of
from deckgen.pull.note_edit import EditedFile, parsed_again
from deckgen.pull.place import NoPlace
from deckgen.pull.raw_lines import RawLines
from deckgen.pull.rendering import NoteRenderer
from deckgen.to_markdown import Form, markdown_of

HEAD = "---\ndeckgen: {dialect: start-end}\n---\n"
"""The beginning of a new file."""
_DERIVED = frozenset({"section", "id", "status", "typed", "reversed"})
_KINDS = {"basic": "Basic", "cloze": "Cloze"}


@dataclass(frozen=True, slots=True)
class NewNote:
    """The file with a new note at its end, and the note."""

    file: EditedFile
    item: RenderedNote


def with_new_note(file: EditedFile, note: PackedNote, notetype: NoteType, renderer: NoteRenderer) -> NewNote:
    """Return the file with a note of Anki at its end. Raises NoPlace if Markdown cannot say the note, or if the file would be read otherwise."""
    fields = dict(zip(notetype.field_names, note.fields))
    _require_sayable(notetype, fields)
    reason = NoPlace("its file has no place for it")
    for block in _blocks(file, notetype, fields, tags_of(note.tags), renderer):
        try:
            return _proven(file, block, note, notetype, renderer)
        except NoPlace as error:
            reason = error
    raise reason


def _proven(file: EditedFile, block: str, note: PackedNote, notetype: NoteType, renderer: NoteRenderer) -> NewNote:
    """The file with a block at its end, if that is the note and nothing else changes."""
    try:
        edited = parsed_again(file.source, _appended(file.raw, block))
    except DeckError as error:
        raise NoPlace(f"the file could not be read: {error.problems[0].message}") from error
    if edited.parsed.notes[:-1] != file.parsed.notes or len(edited.parsed.notes) != len(file.parsed.notes) + 1:
        raise NoPlace("the file would be read with other notes")
    item = renderer.render(edited.parsed.notes[-1])
    fields = dict(zip(notetype.field_names, note.fields))
    if item.notetype.kind != notetype.kind or not all(
        same_html(item.shown(role), fields[notetype.field(role)]) for role in ("question", "answer", "source")
    ):
        raise NoPlace("no Markdown gives its fields as they are in Anki")
    if not set(tags_of(note.tags)) <= set(item.note.tags):
        raise NoPlace("its file has no place for tags of a note")
    return NewNote(edited, item)


def _require_sayable(notetype: NoteType, fields: Mapping[str, str]) -> None:
    if notetype.kind not in _KINDS:
        raise NoPlace(f"notes of the type {notetype.kind} are not written into a file")
    said = {"question", "answer", "source"}
    for field in notetype.fields:
        if fields[field.name].strip() and field.role not in said | _DERIVED:
            raise NoPlace(f"no text of a note makes the field {field.name}")
    if notetype.cloze and fields[notetype.field("question")].strip():
        raise NoPlace(f"a note of this file has no {notetype.field('question')}")


def _blocks(
    file: EditedFile, notetype: NoteType, fields: Mapping[str, str], tags: tuple[str, ...], renderer: NoteRenderer
) -> Iterator[str]:
    """Yield the ways to write a note: as a heading if the last note of the file is one, and from START to END."""
    answer = _markdown(fields[notetype.field("answer")], Form.BLOCKS, renderer, clozes=notetype.cloze)
    source = _markdown(fields[notetype.field("source")], Form.INLINE, renderer)
    question = _markdown(fields[notetype.field("question")], Form.INLINE, renderer)
    reversed_ = notetype.has("reversed") and bool(fields[notetype.field("reversed")].strip())
    if sign := _heading_sign(file):
        head = f"{sign} {question}{' {.reversed}' if reversed_ else ''}"
        yield "\n".join([head, "", answer, *(["", f"Source: {source}"] if source else [])])
    if notetype.cloze:
        texts = [answer, *([f"Extra: {source}"] if source else [])]
    else:
        texts = [question, f"Back: {answer}", *([f"Source: {source}"] if source else [])]
    kind = "Basic (and reversed card)" if reversed_ else _KINDS[notetype.kind]
    yield "\n".join(["START", kind, *texts, *([f"Tags: {' '.join(tags)}"] if tags else []), "END"])


def _heading_sign(file: EditedFile) -> str:
    """The signs of the heading that is the last question of a file; "" if it is no heading."""
    if not file.parsed.notes:
        return ""
    heading = file.parsed.document.lines[file.parsed.notes[-1].line - 1].heading
    return "#" * heading.level if heading else ""


def _markdown(html: str, form: Form, renderer: NoteRenderer, *, clozes: bool = False) -> str:
    names = {name: reference for reference, name in renderer.new_media.items()}
    return markdown_of(nfc(html), form, clozes=clozes, names=names).markdown


def _appended(raw: RawLines, block: str) -> RawLines:
    """The file with a block at its end, after an empty line."""
    end = next((end for _, end in raw.lines if end), "\n")
    lines = [*raw.lines]
    while lines and not lines[-1][0].strip():
        lines.pop()
    if lines:
        lines[-1] = (lines[-1][0], end)
    new = ((line, end) for line in ["", *block.split("\n")])
    return replace(raw, lines=(*lines, *new))
