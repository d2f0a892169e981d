"""What stands below a question: what is given with it, then the answer. A label or a heading may part the two."""

from dataclasses import dataclass

from deckgen.model import Text
from deckgen.parse.answer_labels import Label, answer_label, has_options, is_answer_heading, is_first_option
from deckgen.parse.document import Document
from deckgen.parse.texts import cut_lines, rewritten


@dataclass(frozen=True, slots=True)
class Body:
    """The texts below a question. `marks` are the numbers of the lines that only part them."""

    answer: Text
    given: tuple[Text, ...] = ()
    marks: frozenset[int] = frozenset()


def read_body(document: Document, first: int, last: int, *, indent: int = 0) -> Body:
    """The lines with indices `first` to `last`, both included, as what is given and as the answer, without `indent` columns of white space."""
    start = next((i for i in range(first, last + 1) if not document.lines[i].blank), None)
    if start is None:
        return Body(Text("", min(first + 1, len(document.lines))))
    label = answer_label(document.lines[start])
    if label and (label.long or not is_first_option(document, start, last)):
        return labelled_body(document, (), start, label, last, indent)
    for i in range(start, last + 1):
        heading = document.lines[i].heading
        if heading and is_answer_heading(heading.text):
            answer = cut_lines(document, i + 1, last, indent=indent)
            return Body(answer, given_lines(document, start, i - 1, indent), frozenset((i + 1,)))
        label = answer_label(document.lines[i])
        if label and label.long and i > start and has_options(document, start, i - 1):
            return labelled_body(document, given_lines(document, start, i - 1, indent), i, label, last, indent)
    return Body(cut_lines(document, start, last, indent=indent))


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
