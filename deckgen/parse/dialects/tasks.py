"""Multiple choice as task lists: a question, options `- [ ]`, and the right ones checked, `- [x]`."""

import re
from collections.abc import Iterator

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_notes import unanswered
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document
from deckgen.parse.fronts import Front, front_above
from deckgen.parse.question import Markup, RawNote, is_question
from deckgen.parse.texts import Cut, columns, cut_lines, rewritten

# Keyboards for other alphabets have letters that look like the x.
_ITEM = lazy_pattern(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[(?P<check>[ xXхХ✓✔]?)\][ \t\xa0]+\S")
_CHECKS = lazy_pattern(r"(?m)^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[([ xXхХ✓✔]?)\]([ \t\xa0])")
FEWEST = 2


class _Choice(Struct, frozen=True):
    """Options from the line at index `first` to the one before `end`, and the question above them."""

    first: int
    end: int
    checked: bool
    front: Front | None


def detect(document: Document) -> Detection:
    """How many lists of options have a question above; most are to have one, since lists of tasks look alike."""
    choices = _choices(document)
    asking = [each for each in choices if each.front and is_question(document.lines[each.front.question.line - 1].text)]
    checked = sum(each.checked for each in asking)
    if not checked:
        return Detection()
    reason = counted(len(asking), "question with options to check", "questions with options to check")
    lacks = f"it takes {FEWEST}" if len(asking) < FEWEST else ""
    if 2 * len(asking) < len(choices):
        lacks = f"of {len(choices)} lists of tasks half are to have a question above"
    return Detection(3 * len(asking), reason, lacks)


def read_notes(document: Document) -> Iterator[Found]:
    choices = _choices(document)
    for n, each in enumerate(choices):
        following = choices[n + 1] if n + 1 < len(choices) else None
        if each.front is None:
            continue
        question = each.front.question
        if not each.checked:
            yield unanswered(document, question.line)
            continue
        last = _last(document, each, following)
        options = cut_lines(document, each.first, each.end - 1)
        answer = _with_checks(cut_lines(document, each.first, last), "x")
        section = document.section(question.line - 1, each.front.level)
        yield Markup(each.front.marks)
        given = (*each.front.given, _with_checks(options, " "))
        yield RawNote(question, each.front.attributes, answer, section, given=given)


def _with_checks(text: Text, sign: str) -> Text:
    """The text with each check written as `sign`; an empty box stays."""
    cuts: list[Cut] = []
    for match in _CHECKS.finditer(text.source):
        cuts += [(*match.span(1), sign if match[1].strip() else " "), (*match.span(2), " ")]
    return rewritten(text, cuts)


def _choices(document: Document) -> list[_Choice]:
    """The lists of options of a document. A list goes on behind code and pictures of an option, up to a heading or a rule."""
    items = [
        (i, match["check"]) for i, line in enumerate(document.lines) if line.open and (match := _ITEM.match(line.text))
    ]
    choices: list[_Choice] = []
    floor = n = 0
    while n < len(items):
        last = n
        while last + 1 < len(items) and _same_list(document, items[last][0], items[last + 1][0]):
            last += 1
        first, end = items[n][0], _item_end(document, items[last][0])
        checked = any(check.strip() for _, check in items[n : last + 1])
        if last > n:
            choices.append(_Choice(first, end, checked, front_above(document, floor, first, shared=False)))
        floor, n = end, last + 1
    return choices


def _same_list(document: Document, one: int, other: int) -> bool:
    """Whether two options that follow one another are of one list: between them is nothing that another question could be."""
    end = _item_end(document, one)
    between = document.lines[end:other]
    return all(
        line.blank or not line.open or columns(line.text) > 1 or line.text.startswith(("```", "~~~", "![", "<"))
        for line in between
    )


def _item_end(document: Document, item: int) -> int:
    """The index behind the last line of an option: before a blank line that no code stands below, or another item."""
    lines, end = document.lines, item + 1
    while end < len(lines) and not (lines[end].heading or _ITEM.match(lines[end].text)):
        if lines[end].blank and lines[end].open and not _code_follows(document, end):
            break
        end += 1
    return end


def _code_follows(document: Document, index: int) -> bool:
    below = next((line for line in document.lines[index:] if not line.blank), None)
    return below is not None and below.text.startswith(("```", "~~~"))


def _last(document: Document, choice: _Choice, following: _Choice | None) -> int:
    """The index of the last line of what stands below the options: before the next question, heading, or rule."""
    end = following.front.question.line - 1 if following and following.front else len(document.lines)
    stop = next(
        (
            i
            for i in range(choice.end, max(choice.end, end))
            if document.lines[i].heading or document.is_thematic_break(i)
        ),
        max(choice.end, end),
    )
    return stop - 1


TASKS = Dialect(
    "tasks",
    "question, then options - [ ] of which some are checked - [x]",
    detect,
    read_notes,
    FEWEST,
    sign=re.compile(r"\[[ xXхХ✓✔]?\]"),
)
