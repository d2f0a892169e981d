"""What stands below a question: what is given with it, then the answer. A label or a heading may part the two."""

from bisect import bisect_left, bisect_right

from msgspec import Struct

from deckgen.model import Text
from deckgen.parse.answer_labels import (
    Label,
    answer_label,
    answer_labels,
    has_options,
    is_answer_heading,
    is_first_option,
)
from deckgen.parse.document import Document
from deckgen.parse.texts import cut_lines, rewritten


class Body(Struct, frozen=True):
    """The texts below a question. `marks` are the numbers of the lines that only part them."""

    answer: Text
    given: tuple[Text, ...] = ()
    marks: frozenset[int] = frozenset()


def read_body(document: Document, first: int, last: int, *, indent: int = 0) -> Body:
    """The lines with indices `first` to `last`, both included, as what is given and as the answer, without `indent` columns of white space."""
    found = answer_start(document, first, last)
    if found is None:
        return Body(cut_lines(document, first, last, indent=indent))
    at, label = found
    given = given_lines(document, first, at - 1, indent)
    if label is None:
        return Body(cut_lines(document, at + 1, last, indent=indent), given, frozenset((at + 1,)))
    return labelled_body(document, given, at, label, last, indent)


def answer_start(document: Document, first: int, last: int) -> tuple[int, Label | None] | None:
    """Where a body says that its answer begins: the index of the line, and the label there, None for a heading.

    A label may stand first in the body. Below other text it is a word, and the text holds options to choose from.
    """
    start = next((i for i in range(first, last + 1) if not document.lines[i].blank), None)
    if start is None:
        return None
    label = answer_label(document.lines[start])
    if label and (label.long or not is_first_option(document, start, last)):
        return start, label
    marked = document.once(_lines_that_part)
    for i in marked[bisect_left(marked, start) : bisect_right(marked, last)]:
        line = document.lines[i]
        if line.heading:
            return i, None
        if i > start and (label := answer_label(line)) and has_options(document, start, i - 1):
            return i, label
    return None


def _lines_that_part(document: Document) -> list[int]:
    """The indices of the lines that may part a question from its answer: headings that say so, and lines with long labels."""
    labels = [i for i, label in document.once(answer_labels).items() if label.long and not document.lines[i].heading]
    return sorted([*labels, *(i for i, heading in document.headings if is_answer_heading(heading.text))])


def given_lines(document: Document, first: int, last: int, indent: int = 0) -> tuple[Text, ...]:
    """The lines as what is given with a question, none where they are blank."""
    text = cut_lines(document, first, last, indent=indent)
    return (text,) if text.source else ()


def labelled_body(
    document: Document, given: tuple[Text, ...], index: int, label: Label, last: int, indent: int = 0
) -> Body:
    """A body whose answer begins behind a label in the line at `index`, and ends at the line `last`."""
    if not document.lines[index].text[label.end :].strip():
        answer = cut_lines(document, index + 1, last, indent=indent or label.indent)
        return Body(answer, given, frozenset((index + 1,)))
    if not label.emphasis:
        return Body(cut_lines(document, index, last, column=label.end, indent=indent or label.indent), given)
    whole = cut_lines(document, index, last, column=label.start, indent=indent or label.indent)
    mark = len(label.emphasis)
    return Body(rewritten(whole, [(mark, label.end - label.start, "")]), given)
