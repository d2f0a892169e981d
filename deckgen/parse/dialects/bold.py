"""Questions in bold type, as MkDocs pages often have them: `**Q01：question**`, then the answer.

The number alone may be bold (`**1.** question?`), and the answer may stand on the line of the question (`**question?** answer`).
"""

import re
from collections import Counter
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.answer_ends import before_gap
from deckgen.parse.answer_labels import answer_label
from deckgen.parse.bodies import read_body
from deckgen.parse.dialect import Detection, Dialect, Found, detected
from deckgen.parse.document import Document
from deckgen.parse.fronts import paragraph_question
from deckgen.parse.question import (
    Attributes,
    Markup,
    RawNote,
    has_question_label,
    is_question,
    merge_attributes,
    question_text,
    split_attributes,
    without_label,
)
from deckgen.parse.texts import cut_lines
from deckgen.problems import Problem, Severity

_BOLD = lazy_pattern(r"\*\*((?:(?!\*\*).)+)\*\*[ \t]*$")
_RULE = lazy_pattern(r" {0,3}(?:-[ \t]*){3,}$|<br ?/?>[ \t]*$")
_QUESTION = lazy_pattern(r"\*\*[Qq]\s*\d+\s*[.、：:．)）]")
_LED = lazy_pattern(r"\*\*(?:[Qq](?:uestion)?\s*)?\d+\s*\\?[.、：:．)）]?\*\*[.、：:]?[ \t]+(?=\S)")
_RUN_IN = lazy_pattern(r"\*\*((?:(?!\*\*).)+)\*\*[.。：:]?(?:[ \t]+(?=\S)|(?<=[：:])(?=\S))")
_STYLES = ("labelled", "numbered", "asking", "led", "run-in", "titled")
_WEAK = ("led", "titled")
FEWEST = 3


def detect(document: Document) -> Detection:
    """How many bold paragraphs of one style ask."""
    markers = _markers(document)
    style = question_style(document, markers[0]) if markers else None
    thing, things, weak = "bold paragraph that asks", "bold paragraphs that ask", False
    if style in _WEAK and 3 * sum(asks_in_bold(document, i) for i in markers) < len(markers):
        thing, things, weak = "paragraph with a bold number", "paragraphs with bold numbers", True
    return detected(len(markers), FEWEST, thing, things=things, weak=weak, marked=style == "labelled")


def read_notes(document: Document) -> Iterator[Found]:
    markers = _markers(document)
    for n, i in enumerate(markers):
        following = markers[n + 1] if n + 1 < len(markers) else len(document.lines)
        yield from _missed(document, i + 1, following)
        yield from _note(document, i, _end(document, i, following))


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


def _note(document: Document, i: int, end: int) -> Iterator[Found]:
    """The note of the question at index `i`. Its answer ends before the line at index `end`."""
    line = document.lines[i].text
    bare, trailing = split_attributes(line)
    section = document.section(i)
    if whole := _BOLD.match(bare):
        question, own = question_text(whole[1], i + 1, whole.start(1) + 1)
    elif _LED.match(bare):
        last = _paragraph_end(document, i, end)
        question, own = paragraph_question(document, i, last)
        i, trailing = last, Attributes()
    else:
        run_in = _RUN_IN.match(line)
        assert run_in is not None, "every marker is of one of three kinds"
        question, own = question_text(run_in[1], i + 1, run_in.start(1) + 1)
        yield RawNote(question, own, cut_lines(document, i, end - 1, column=run_in.end()), section)
        return
    body = read_body(document, i + 1, before_gap(document, i + 1, end) - 1)
    yield Markup(body.marks)
    yield RawNote(question, merge_attributes(own, trailing), body.answer, section, given=body.given)


def _paragraph_end(document: Document, first: int, end: int) -> int:
    """The index of the last line of the paragraph that begins at `first`; the label of an answer ends it."""
    last = first
    while last + 1 < end and not document.lines[last + 1].blank and not answer_label(document.lines[last + 1]):
        last += 1
    return last


def _markers(document: Document) -> list[int]:
    """Indices of the lines that ask.

    Answers have bold lines too, so a file's questions are of one style: the one most of its bold lines have.
    Where they ask without a number, the answer may also begin on the line of a question.
    """
    bold = (i for i, line in enumerate(document.lines) if line.text.startswith("**"))
    styles = {i: style for i in bold if (style := question_style(document, i))}
    if not styles:
        return []
    count = Counter(styles.values())
    chosen = max(_STYLES, key=lambda style: (count[style], -_STYLES.index(style)))
    also = "run-in" if chosen == "asking" else chosen
    return [i for i, style in styles.items() if style in (chosen, also)]


def question_style(document: Document, i: int) -> str | None:
    """How the line at index `i` asks, where it is a bold paragraph that does, None where it does not.

    `labelled` (`Q1:`), `numbered` and `asking` are bold to their end, `led` has a bold number alone, behind `run-in` and `titled` the answer
    begins on the same line. A line that is `titled` has a number and does not ask.
    """
    lines = document.lines
    if not lines[i].open or not lines[i].text.startswith("**") or (i and not _ends_paragraph(document, i - 1)):
        return None
    bare = split_attributes(lines[i].text)[0]
    if match := _BOLD.match(bare):
        if re.match(r"[Qq]\s*\d+", match[1]):
            return "labelled"
        if without_label(match[1]) != match[1]:
            return "numbered"
        return "asking" if is_question(match[1]) else None
    if match := _LED.match(bare):
        return "led"
    if match := _RUN_IN.match(bare):
        if is_question(match[1]) and not has_question_label(match[1]):
            return "run-in"
        return "titled" if re.match(r"\d+\\?[.)、．][ \t]*\S", match[1]) else None
    return None


def asks_in_bold(document: Document, i: int) -> bool:
    """Whether the line at index `i` is a question in bold type: a number alone makes none of it."""
    style = question_style(document, i)
    return style is not None and (style not in _WEAK or is_question(document.lines[i].text.strip(" *")))


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
