"""Cards of Obsidian's spaced-repetition plugin: the question, a line `?` (`??` asks both ways), the answer up to a blank line."""

from collections.abc import Iterator

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.block_notes import unanswered
from deckgen.parse.dialect import Detection, Dialect, Found, detected, line_start
from deckgen.parse.document import Document
from deckgen.parse.file_tags import holds_plugin_cards
from deckgen.parse.fronts import block_front
from deckgen.parse.question import Markup, RawNote
from deckgen.parse.texts import cut_lines
from deckgen.problems import Severity

_SIGN = lazy_pattern(r"[ \t]*(\?{1,2})[ \t]*$")
FEWEST = 2


def detect(document: Document) -> Detection:
    """How many lines are `?` or `??` and nothing else; one is enough in a file with the tag of flashcards, or with the date of a review."""
    tagged = holds_plugin_cards(document)
    thing, things, fewest = "line that is only ?", "lines that are only ?", 1 if tagged else FEWEST
    found = detected(len(_signs(document)), fewest, thing, lines=2, things=things, marked=True)
    return replace(found, tagged=tagged)


def read_notes(document: Document) -> Iterator[Found]:
    floor = 0
    signs = _signs(document)
    for n, i in enumerate(signs):
        end = _end(document, i, signs[n + 1] if n + 1 < len(signs) else len(document.lines))
        front = block_front(document, floor, i)
        answer = cut_lines(document, i + 1, end - 1)
        yield Markup(frozenset((i + 1,)) | (front.marks if front else frozenset()))
        floor = end
        if front is None or not front.question.source:
            message = "the line ? has no question right above it"
            yield document.problem(i + 1, message, code="question-missing", severity=Severity.WARNING)
        elif not answer.source:
            yield unanswered(document, front.question.line)
        else:
            attributes = front.attributes
            if document.lines[i].text.strip() == "??":
                attributes = replace(attributes, classes=attributes.classes | {"reversed"})
            section = document.section(front.question.line - 1, front.level)
            yield RawNote(front.question, attributes, answer, section, given=front.given)


def _signs(document: Document) -> list[int]:
    return [i for i, line in enumerate(document.lines) if line.open and _SIGN.match(line.text)]


def _end(document: Document, sign: int, limit: int) -> int:
    """The index behind the last line of an answer: before a blank line outside code and formulas, a heading, a rule, or the line at `limit`."""
    for i in range(sign + 1, limit):
        line = document.lines[i]
        if (line.blank and line.open) or line.heading or document.is_thematic_break(i):
            return i
    return limit


SPACED_REPETITION = Dialect(
    "spaced-repetition", "question, a line ?, answer", detect, read_notes, FEWEST, sign=line_start(r"[ \t]*\?")
)
