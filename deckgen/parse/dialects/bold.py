"""Questions as bold paragraphs, as MkDocs pages often have them: `**Q01：question**`, then the answer."""

import re
from collections import Counter
from collections.abc import Iterator

from deckgen.parse.dialect import Detection, Dialect, Found, detected
from deckgen.parse.document import Document
from deckgen.parse.question import (
    RawNote,
    is_question,
    merge_attributes,
    question_text,
    split_attributes,
    without_label,
)
from deckgen.problems import Problem, Severity

_BOLD = re.compile(r"\*\*((?:(?!\*\*).)+)\*\*[ \t]*$")
_RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}$|<br ?/?>[ \t]*$")
_QUESTION = re.compile(r"\*\*[Qq]\s*\d+\s*[.、：:．)）]")
FEWEST = 3


def detect(document: Document) -> Detection:
    """How many bold paragraphs of one style ask."""
    return detected(len(_markers(document)), FEWEST, "bold paragraph that asks", things="bold paragraphs that ask")


def read_notes(document: Document) -> Iterator[Found]:
    markers = _markers(document)
    for n, i in enumerate(markers):
        following = markers[n + 1] if n + 1 < len(markers) else len(document.lines)
        yield from _missed(document, i + 1, following)
        yield _raw_note(document, i, _end(document, i, following))


def _missed(document: Document, first: int, last: int) -> Iterator[Problem]:
    """Lines of an answer that read as questions too."""
    for i in range(first, last):
        line = document.lines[i]
        if line.open and (_QUESTION.match(line.text) or _is_bold_question(document, i)):
            yield document.problem(
                line.number,
                "this reads as a question, and is part of the answer above",
                code="question-missed",
                severity=Severity.WARNING,
                hint="a question is one bold paragraph in the style of the others: **Q01：…**",
            )


def _is_bold_question(document: Document, i: int) -> bool:
    bold = _BOLD.match(split_attributes(document.lines[i].text)[0])
    return bold is not None and question_style(document, i) is not None and is_question(bold[1])


def _raw_note(document: Document, i: int, end: int) -> RawNote:
    """The note of the question at index `i`. Its answer ends before the line at index `end`."""
    bare, trailing = split_attributes(document.lines[i].text)
    inner = _BOLD.match(bare)
    assert inner is not None, "every marker is a bold line"
    question, own = question_text(inner[1], i + 1, inner.start(1) + 1)
    return RawNote(question, merge_attributes(own, trailing), document.text(i + 1, end - 1), document.section(i))


def _markers(document: Document) -> list[int]:
    """Indices of the lines that ask.

    Answers have bold lines too, so a file's questions are of one style: the one most of its bold lines have.
    """
    styles = {i: style for i in range(len(document.lines)) if (style := question_style(document, i))}
    if not styles:
        return []
    order = ("labelled", "numbered", "asking")
    count = Counter(styles.values())
    chosen = max(order, key=lambda style: (count[style], -order.index(style)))
    return [i for i, style in styles.items() if style == chosen]


def question_style(document: Document, i: int) -> str | None:
    """How the line at index `i` asks, where it is a bold paragraph that does: `labelled` (`Q1:`), `numbered` or `asking`."""
    lines = document.lines
    if not lines[i].open or not lines[i].text.startswith("**") or (i and not _ends_paragraph(document, i - 1)):
        return None
    match = _BOLD.match(split_attributes(lines[i].text)[0])
    if match is None:
        return None
    if re.match(r"[Qq]\s*\d+", match[1]):
        return "labelled"
    if without_label(match[1]) != match[1]:
        return "numbered"
    return "asking" if is_question(match[1]) else None


def _ends_paragraph(document: Document, i: int) -> bool:
    """Whether a paragraph can begin below the line."""
    line = document.lines[i]
    return line.blank or line.heading is not None or bool(_RULE.match(line.text)) or not line.open


def _end(document: Document, i: int, following: int) -> int:
    """The index behind the answer's last line.

    The next question ends it, and so does a heading that is not below the question's own section, or that stands
    right above the next question. A rule before those separates notes and is part of none.
    """
    lines, headings = document.lines, document.headings
    first = document.headings_from(i)
    level = headings[first - 1][1].level if first else 6
    end = following
    for index, heading in headings[first : document.headings_from(following)]:
        if heading.level <= level or _is_above_next_question(document, index, following):
            end = index
            break
    while end > i + 1 and (lines[end - 1].blank or _RULE.match(lines[end - 1].text)):
        end -= 1
    return end


def _is_above_next_question(document: Document, index: int, following: int) -> bool:
    return following < len(document.lines) and all(
        line.blank or line.heading for line in document.lines[index:following]
    )


BOLD = Dialect("bold", "**Q01：question** on a line of its own, then the answer", detect, read_notes, FEWEST)
