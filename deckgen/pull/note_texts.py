"""The texts of a note by key, and the note with other sources of them."""

from collections.abc import Mapping

from msgspec.structs import replace

from deckgen.model import Note, Text

QUESTION, ANSWER, SOURCE = "question", "answer", "source"
Sources = Mapping[str, str]
"""Key of a text → its source."""


def texts_of(note: Note) -> dict[str, Text]:
    """Key → text, for all texts of a note. Given texts and labelled paragraphs are numbered."""
    found = {QUESTION: note.question, ANSWER: note.answer}
    found |= {SOURCE: note.source} if note.source else {}
    found |= {given_key(n): text for n, text in enumerate(note.given)}
    return found | {labelled_key(n): text for n, (_, text) in enumerate(note.labelled)}


def given_key(number: int) -> str:
    """The key of a given text."""
    return f"given {number}"


def labelled_key(number: int) -> str:
    """The key of a labelled paragraph."""
    return f"labelled {number}"


def with_sources(note: Note, sources: Sources) -> Note:
    """Return the note with other sources of some of its texts."""

    def new(key: str, text: Text) -> Text:
        return replace(text, source=sources.get(key, text.source))

    return replace(
        note,
        question=new(QUESTION, note.question),
        answer=new(ANSWER, note.answer),
        source=note.source and new(SOURCE, note.source),
        given=tuple(new(given_key(n), text) for n, text in enumerate(note.given)),
        labelled=tuple((name, new(labelled_key(n), text)) for n, (name, text) in enumerate(note.labelled)),
    )
