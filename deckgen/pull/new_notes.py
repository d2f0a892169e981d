"""Write notes that were made in Anki into a note file: blocks from START to END, which have a place for tags and for any text."""

from collections.abc import Mapping
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
    block = _block(notetype, fields, tags_of(note.tags), renderer)
    try:
        edited = parsed_again(file.source, _appended(file.raw, block))
    except DeckError as error:
        raise NoPlace(f"the file could not be read: {error.problems[0].message}") from error
    if edited.parsed.notes[:-1] != file.parsed.notes or len(edited.parsed.notes) != len(file.parsed.notes) + 1:
        raise NoPlace("the file would be read with other notes")
    item = renderer.render(edited.parsed.notes[-1])
    if item.notetype.kind != notetype.kind or not all(
        same_html(item.shown(role), fields[notetype.field(role)]) for role in ("question", "answer", "source")
    ):
        raise NoPlace("no Markdown gives its fields as they are in Anki")
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


def _block(notetype: NoteType, fields: Mapping[str, str], tags: tuple[str, ...], renderer: NoteRenderer) -> str:
    kind = _KINDS[notetype.kind]
    if notetype.has("reversed") and fields[notetype.field("reversed")].strip():
        kind = "Basic (and reversed card)"
    answer = _markdown(fields[notetype.field("answer")], Form.BLOCKS, renderer, clozes=notetype.cloze)
    source = _markdown(fields[notetype.field("source")], Form.INLINE, renderer)
    if notetype.cloze:
        texts = [answer, *([f"Extra: {source}"] if source else [])]
    else:
        question = _markdown(fields[notetype.field("question")], Form.INLINE, renderer)
        texts = [question, f"Back: {answer}", *([f"Source: {source}"] if source else [])]
    return "\n".join(["START", kind, *texts, *([f"Tags: {' '.join(tags)}"] if tags else []), "END", ""])


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
    new = ((line, end) for line in ["", *block.removesuffix("\n").split("\n")])
    return replace(raw, lines=(*lines, *new))
