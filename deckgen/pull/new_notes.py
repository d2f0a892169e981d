"""Write notes that were made in Anki into a note file: as headings if the file has these, else as blocks from START to END.

The blocks have a place for tags and for any text. The file is parsed again, and the note must be the one of Anki.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from deckgen.model import NoteType, RenderedNote
from deckgen.package.contents import PackedNote
from deckgen.parse.imported import about_lines
from deckgen.problems import DeckError
from deckgen.pull.equal import nfc, same_html, tags_of
from deckgen.pull.note_edit import EditedFile, parsed_again
from deckgen.pull.place import NoPlace
from deckgen.pull.raw_lines import RawLines
from deckgen.pull.rendering import NoteRenderer
from deckgen.to_markdown import Form, markdown_of

_DERIVED = frozenset({"section", "id", "status", "typed", "reversed"})
_KINDS = {"basic": "Basic", "cloze": "Cloze"}


def head_for(notetype: NoteType) -> str:
    """Return the beginning of a new file for notes of a type: the dialect that can say them."""
    dialect = "start-end" if notetype.kind in _KINDS else "fields"
    return f"---\ndeckgen: {{dialect: {dialect}}}\n---\n"


class NewNote(Struct, frozen=True):
    """The file with a new note at its end, and the note."""

    file: EditedFile
    item: RenderedNote


def with_new_note(file: EditedFile, note: PackedNote, notetype: NoteType, renderer: NoteRenderer) -> NewNote:
    """Return the file with a note of Anki at its end. Raises NoPlace if Markdown cannot say the note, or if the file would be read otherwise."""
    fields = dict(zip(notetype.field_names, note.fields))
    _require_sayable(notetype, fields)
    reason = NoPlace("its file has no place for it")
    for block in _blocks(file, note, notetype, renderer):
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
    said = [each.name for each in notetype.fields if each.role not in _DERIVED]
    if item.notetype.kind != notetype.kind or not all(same_html(item.fields[name], fields[name]) for name in said):
        raise NoPlace("no Markdown gives its fields as they are in Anki")
    if not set(tags_of(note.tags)) <= set(item.note.tags):
        raise NoPlace("its file has no place for tags of a note")
    return NewNote(edited, item)


def _require_sayable(notetype: NoteType, fields: Mapping[str, str]) -> None:
    if notetype.occludes:
        raise NoPlace("a note with masks needs a figure with named parts")
    for field in notetype.fields:
        if field.role == "spare" and fields[field.name].strip():
            raise NoPlace(f"no text of a note makes the field {field.name}")


def _blocks(file: EditedFile, note: PackedNote, notetype: NoteType, renderer: NoteRenderer) -> Iterator[str]:
    """Yield the ways to write a note: as a heading with labels, as a heading if the last note of the file is one, from START to END."""
    fields, tags = dict(zip(notetype.field_names, note.fields)), tags_of(note.tags)
    if notetype.kind not in _KINDS:
        yield _labelled_block(notetype, fields, [*_first_id(file, note, notetype), f".{notetype.kind}"], tags, renderer)
        return
    answer = _markdown(fields[notetype.field("answer")], Form.BLOCKS, renderer, clozes=notetype.cloze)
    source = _markdown(fields[notetype.field("source")], Form.INLINE, renderer)
    question = _markdown(fields[notetype.field("question")], Form.INLINE, renderer)
    is_reversed = notetype.has("reversed") and bool(fields[notetype.field("reversed")].strip())
    if sign := _heading_sign(file):
        head = f"{sign} {question}{' {.reversed}' if is_reversed else ''}"
        yield "\n".join([head, *_tag_lines(tags), "", answer, *(["", f"Source: {source}"] if source else [])])
        yield "\n".join([head, "", answer, *(["", f"Source: {source}"] if source else [])])
    if notetype.cloze:
        texts = [answer, *([f"Extra: {source}"] if source else [])]
    else:
        texts = [question, f"Back: {answer}", *([f"Source: {source}"] if source else [])]
    kind = "Basic (and reversed card)" if is_reversed else _KINDS[notetype.kind]
    yield "\n".join(["START", kind, *texts, *([f"Tags: {' '.join(tags)}"] if tags else []), "END"])


def _first_id(file: EditedFile, note: PackedNote, notetype: NoteType) -> list[str]:
    """An id for the first note of a file. Without it, a heading that is alone would be the title of the file. A field for ids would show it."""
    name = re.sub(r"[^A-Za-z0-9]", "", note.guid)
    return [] if file.parsed.notes or notetype.has("id") else [f"#note-{name[:16]}"]


def _labelled_block(
    notetype: NoteType,
    fields: Mapping[str, str],
    attributes: Sequence[str],
    tags: tuple[str, ...],
    renderer: NoteRenderer,
) -> str:
    """A note of a type of the deck: its first field is the heading, and the others are below their labels."""
    form = Form.FIELD if notetype.imported else Form.INLINE
    first, *others = (each for each in notetype.fields if each.role not in _DERIVED)
    title = _markdown(fields[first.name], Form.INLINE, renderer)
    about = about_lines({"Tags": " ".join(tags)}, notetype.field_names)
    lines = [f"## {title} {{{' '.join(attributes)}}}", *([""] if about else []), *about]
    for field in others:
        clozes = notetype.asks_clozes
        own = Form.BLOCKS if field.role == "answer" and not notetype.imported else form
        if not (text := _markdown(fields[field.name], own, renderer, clozes=clozes)):
            continue
        label = "" if own is Form.BLOCKS else f"**{field.labels[0] if field.labels else field.name}:** "
        lines += ["", f"{label.rstrip() if text.startswith(chr(10)) else label}{text}"]
    return "\n".join(lines)


def _tag_lines(tags: tuple[str, ...]) -> list[str]:
    return ["", f"**Tags:** {' '.join(tags)}"] if tags else []


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
