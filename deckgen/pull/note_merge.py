"""Merge the edits of one note in Anki with its texts in the note file, field by field. Nothing is written."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.merge import Chunk, Merge, merge
from deckgen.model import Field, RenderedNote
from deckgen.package.contents import PackedNote
from deckgen.pull.equal import same_html, tags_of
from deckgen.pull.field_texts import changed_part, key_of, parts_of_front
from deckgen.pull.label_edit import NewText, with_label
from deckgen.pull.note_texts import ANSWER, QUESTION, texts_of, with_sources
from deckgen.pull.rendering import NoteRenderer
from deckgen.pull.source_edit import Context, source_after
from deckgen.pull.versions import Version
from deckgen.to_markdown import Form, Render

# HTML that is more than one line of a note file.
_HAS_LINES = lazy_pattern(r"<(?:br|div|p|ul|ol|table|pre|h[1-6]|blockquote|hr)\b", re.I)


class FieldEdit(Struct, frozen=True):
    """What an edit in Anki changed in one field, as HTML. `base` is None if it is not known what the edit began with."""

    field: Field
    base: str | None
    ours: str
    theirs: str


class NoteMerge(Struct, frozen=True):
    """The merge of one note. `fields` are the fields that were edited in Anki.

    `texts` maps the keys of the texts that change to their merges. `tags` are the tags after the merge, None if they stay.
    `unplaced` says of each edit that has no place in the note file why not. `added` are the texts of fields that have none in the note file.
    """

    fields: tuple[FieldEdit, ...]
    texts: Mapping[str, Merge]
    tags: tuple[str, ...] | None = None
    unplaced: tuple[str, ...] = ()
    added: tuple[NewText, ...] = ()

    @property
    def has_conflict(self) -> bool:
        return any(each.has_conflict for each in self.texts.values())


def merge_note(item: RenderedNote, base: Version | None, note: PackedNote, renderer: NoteRenderer) -> NoteMerge:
    """Merge a note that was edited in Anki (`note`) with the note of the files (`item`). `base` is the version that the edit began with."""
    fields = tuple(_edits(item, base, note))
    texts: dict[str, Merge] = {}
    unplaced: list[str] = []
    added: list[NewText] = []
    for edit in fields:
        merged = _added(item, edit, renderer) or _merged(item, edit, renderer)
        if isinstance(merged, NewText):
            added.append(merged)
        elif isinstance(merged, str):
            unplaced.append(merged)
        else:
            key, found = merged
            if found.has_conflict or found.ours != texts_of(item.note)[key].source:
                texts[key] = found
    return NoteMerge(fields, texts, _merged_tags(item, base, note), tuple(unplaced), tuple(added))


def _added(item: RenderedNote, edit: FieldEdit, renderer: NoteRenderer) -> NewText | None:
    """The text of a field that only Anki has, or that cannot be a heading any more. None if the field has its place, or can have none."""
    note, field, imported = item.note, edit.field, item.notetype.imported
    if not (imported or field.role == "source") or edit.base is None or not same_html(edit.base, edit.ours):
        return None
    key = key_of(note, field)
    source = texts_of(note)[key].source if key else ""
    if source and not (imported and key == QUESTION and _HAS_LINES.search(edit.theirs)):
        return None

    def render(markdown: str) -> str:
        return renderer.fields(with_label(note, field, markdown))[field.name]

    form = Form.FIELD if imported else Form.INLINE
    context = Context(form, imported and item.notetype.asks_clozes, renderer.names(note), render)
    found = source_after(source, edit.ours, edit.theirs, context)
    return NewText(item.notetype, field, found) if found else None


def _edits(item: RenderedNote, base: Version | None, note: PackedNote) -> Iterator[FieldEdit]:
    """Yield the fields that Anki has in another way than the files and the base."""
    named = dict(zip(item.notetype.field_names, base.fields)) if base else {}
    theirs = dict(zip(item.notetype.field_names, note.fields))
    for field in item.notetype.fields:
        ours, other, old = item.fields[field.name], theirs[field.name], named.get(field.name)
        if not same_html(ours, other) and (old is None or not same_html(old, other)):
            yield FieldEdit(field, old, ours, other)


def _merged(item: RenderedNote, edit: FieldEdit, renderer: NoteRenderer) -> tuple[str, Merge] | str:
    """The key of the text that fills a field and its merge, or why the edit has no place in the files."""
    note, field = item.note, edit.field
    if field.role == "question" and note.given:
        return _merged_front(item, edit, renderer)
    key = key_of(note, field)
    if key is None:
        return f"no text of the note makes the field {field.name}"
    form = Form.INLINE if key == QUESTION else _form(item, field)

    def render(markdown: str) -> str:
        return renderer.fields(with_sources(note, {key: markdown}))[field.name]

    return _merged_text(item, key, edit, form, render, renderer)


def _form(item: RenderedNote, field: Field) -> Form:
    """How the text of a field stands in a note. All fields of an imported type may have blocks."""
    if item.notetype.imported:
        return Form.FIELD
    return Form.BLOCKS if field.role == "answer" else Form.INLINE


def _merged_front(item: RenderedNote, edit: FieldEdit, renderer: NoteRenderer) -> tuple[str, Merge] | str:
    """The merge of a front that several texts make. Only one of them may have changed, and only in Anki."""
    if edit.base is None or not same_html(edit.base, edit.ours):
        return f"several texts of the note make the field {edit.field.name}, and it changed in the files too"
    found = changed_part(parts_of_front(item, renderer), edit.theirs)
    if found is None:
        return (
            f"several texts of the note make the field {edit.field.name}, and it is not clear which of them was edited"
        )
    key, before, after = found

    def html_of(html: str) -> str:
        return html.removeprefix("<p>").removesuffix("</p>") if key == QUESTION else html

    def render(markdown: str) -> str:
        new = renderer.render(with_sources(item.note, {key: markdown}))
        return html_of(dict(parts_of_front(new, renderer)).get(key, ""))

    part = FieldEdit(edit.field, html_of(before), html_of(before), html_of(after))
    return _merged_text(item, key, part, Form.INLINE if key == QUESTION else Form.BLOCKS, render, renderer)


def _merged_text(
    item: RenderedNote, key: str, edit: FieldEdit, form: Form, render: Render, renderer: NoteRenderer
) -> tuple[str, Merge] | str:
    """The three-way merge of a text. The sources of the base and of Anki's side are made in the style of the author."""
    ours = texts_of(item.note)[key].source
    clozes = item.notetype.asks_clozes and (key == ANSWER or item.notetype.imported)
    context = Context(form, clozes, renderer.names(item.note), render)
    if edit.base is None:
        theirs = source_after(ours, edit.ours, edit.theirs, context)
        return (key, Merge((Chunk("", ours, theirs),))) if theirs is not None else _not_markdown(edit)
    base = source_after(ours, edit.ours, edit.base, context)
    theirs = source_after(base, edit.base, edit.theirs, context) if base is not None else None
    if base is None or theirs is None:
        return _not_markdown(edit)
    return key, merge(base, ours, theirs)


def _not_markdown(edit: FieldEdit) -> str:
    return f"no Markdown gives the field {edit.field.name} as it is in Anki"


def _merged_tags(item: RenderedNote, base: Version | None, note: PackedNote) -> tuple[str, ...] | None:
    """The tags of the note with those that were added in Anki, without those that were removed there. None if they stay."""
    ours, theirs = set(tags_of(item.note.tags)), set(tags_of(note.tags))
    old = set(tags_of(base.tags)) if base else ours
    merged = (ours | (theirs - old)) - (old - theirs)
    return tuple(sorted(merged)) if merged != ours else None
