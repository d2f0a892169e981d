"""Which text of a note makes which field, and the HTML of that text alone."""

from msgspec.structs import replace

from deckgen.model import Field, Note, NoteType, RenderedNote, Text
from deckgen.pull.equal import same_html
from deckgen.pull.note_texts import ANSWER, QUESTION, SOURCE, given_key, labelled_key, texts_of
from deckgen.pull.rendering import NoteRenderer

_BETWEEN_GIVEN = "\n"


def key_of(note: Note, field: Field) -> str | None:
    """Return the key of the text that fills a field of a note; None if no text does, or if the field has several."""
    names = [name for name, _ in note.labelled]
    if field.name in names:
        return labelled_key(names.index(field.name))
    if field.role == "question":
        return None if note.statement or note.given else QUESTION
    if field.role == "answer":
        return ANSWER
    return SOURCE if field.role == "source" and note.source else None


def parts_of_front(item: RenderedNote, renderer: NoteRenderer) -> list[tuple[str, str]]:
    """Return the keys of the texts of a front that has a question and given texts, each with its HTML, in the order of the field.

    The list is empty if the field is not made of them as expected.
    """
    note = item.note
    keys = [QUESTION, *map(given_key, range(len(note.given)))]
    texts = sorted(((key, texts_of(note)[key]) for key in keys), key=lambda pair: pair[1].line)
    parts = [(key, _alone(note, key, text, renderer, item.notetype)) for key, text in texts if text.source]
    return parts if _BETWEEN_GIVEN.join(html for _, html in parts) == item.shown("question") else []


def _alone(note: Note, key: str, text: Text, renderer: NoteRenderer, notetype: NoteType) -> str:
    """The HTML of one text of a front."""
    name = notetype.field("question")
    if key == QUESTION:
        return f"<p>{renderer.fields(replace(note, given=()))[name]}</p>"
    return renderer.fields(replace(note, question=replace(note.question, source=""), given=(text,)))[name]


def changed_part(parts: list[tuple[str, str]], edited: str) -> tuple[str, str, str] | None:
    """Return the one part of a front that an edit changed: its key, its HTML before and after. None if several changed."""
    htmls = [html for _, html in parts]
    for n, (key, html) in enumerate(parts):
        before = _BETWEEN_GIVEN.join([*htmls[:n], ""])
        after = _BETWEEN_GIVEN.join(["", *htmls[n + 1 :]])
        if edited.startswith(before) and edited.endswith(after) and len(edited) >= len(before) + len(after):
            new = edited[len(before) : len(edited) - len(after)]
            return None if same_html(html, new) else (key, html, new)
    return None
