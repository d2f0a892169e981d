"""Each heading with text of its own is a question, for notes that are written as a textbook. Only where it is asked for."""

from collections.abc import Iterator

from deckgen.parse.bodies import read_body
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document, Heading
from deckgen.parse.file_tags import is_flashcard_file
from deckgen.parse.question import Markup, RawNote, question_text


def detect(document: Document) -> Detection:
    """How many headings have text of their own; a tag of flashcards on the file asks for it."""
    count = sum(1 for _ in _topics(document))
    reason = counted(count, "heading with text of its own", "headings with text of their own")
    return Detection(count, reason, weak=True, opted=is_flashcard_file(document))


def read_notes(document: Document) -> Iterator[Found]:
    for i, heading, end in _topics(document):
        question, attributes = question_text(heading.text, i + 1, heading.column)
        body = read_body(document, i + 1, end - 1)
        yield Markup(body.marks)
        yield RawNote(question, attributes, body.answer, document.section(i, heading.level), given=body.given)


def _topics(document: Document) -> Iterator[tuple[int, Heading, int]]:
    """Each heading that text stands right below, with its index and that behind the text. Headings deeper than the level that is set are text."""
    stops = [(i, heading) for i, heading in document.headings if heading.level <= (document.level or 6)]
    ends = [i for i, _ in stops[1:]] + [len(document.lines)]
    for (i, heading), end in zip(stops, ends):
        if document.text(i + 1, end - 1).source:
            yield i, heading, end


TEXTBOOK = Dialect("textbook", "# topic, then what is to be known of it", detect, read_notes, named_only=True)
