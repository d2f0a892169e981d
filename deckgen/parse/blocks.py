"""Blocks that are folded away on a page, under a title that stays: `<details>`, `??? type "title"`, `+++type title`.

Each dialect finds blocks of its kind; what they are in a document is told here for all.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from deckgen.model import Text
from deckgen.parse.answer_labels import hides_an_answer, is_hint, plain_title
from deckgen.parse.dialect import Detection, counted
from deckgen.parse.document import Document
from deckgen.parse.fronts import Front, front_above
from deckgen.parse.pairs import Sign, paired
from deckgen.parse.question import is_question

FEWEST = 2
_REPEATED = 3


class Block(Struct, frozen=True):
    """A block from offset `start` to `end`, its body from `body_start` to `body_end` with so many columns of indentation.

    `title` is None where it has none; `repeated` says that others have the same, so that it is no question. `marks` are the numbers
    of its lines that show nothing: opener, closer. `inner` are the blocks of the same kind in its body. `first` and `last` are the indices of its lines, both included. `answered` says that its kind makes its title
    a question, and that the answer is in it. `quoted` has the number of quote marks that are no part of its text, by the number of the line.
    """

    start: int
    end: int
    title: Text | None
    body_start: int
    body_end: int
    marks: frozenset[int]
    first: int
    last: int
    indent: int = 0
    inner: tuple["Block", ...] = ()
    repeated: bool = False
    answered: bool = False
    quoted: Mapping[int, int] = field(default_factory=dict[int, int])

    @property
    def hides_an_answer(self) -> bool:
        """Whether its title only says that the answer is in it."""
        return self.title is None or self.repeated or hides_an_answer(self.title.source)

    @property
    def asks(self) -> bool:
        """Whether its title reads as a question."""
        return self.title is not None and (self.answered or is_question(self.title.source))

    @property
    def is_hint(self) -> bool:
        """Whether it helps with a question, and belongs to it."""
        return self.title is not None and is_hint(self.title.source)


class Answer(Struct, frozen=True):
    """An answer: the blocks that hold it one after another, and the question above them, None where the first one's title is it.

    Where `lost` there is neither.
    """

    blocks: tuple[Block, ...]
    front: Front | None
    lost: bool = False

    @property
    def title(self) -> Text | None:
        """The title that is the question."""
        return None if self.front or self.lost else self.blocks[0].title


def with_repeated_titles(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, each with whether at least three have its title: in whatever language, it then says only that an answer is there."""
    blocks = tuple(blocks)
    counts = Counter(_words(each) for block in blocks for each in (block, *block.inner))

    def same(block: Block) -> Block:
        repeated = block.title is not None and not block.asks and counts[_words(block)] >= _REPEATED
        return replace(block, repeated=repeated, inner=tuple(map(same, block.inner)))

    return tuple(map(same, blocks))


def paired_blocks(
    document: Document, signs: Iterable[Sign], block_of: Callable[[Document, Sign, Sign, tuple[Block, ...]], Block]
) -> tuple[Block, ...]:
    """The blocks between openers and closers, outer ones in order, with those inside them.

    `block_of` makes a block of its opener, its closer and the blocks inside it.
    """
    blocks: list[Block] = []
    for opener, closer in sorted(paired(document, signs)[0], key=lambda pair: -pair[0].start):
        inner = tuple(block for block in blocks if block.end <= closer.start)
        blocks = [block_of(document, opener, closer, inner), *blocks[len(inner) :]]
    return with_repeated_titles(blocks)


def _words(block: Block) -> str:
    """The words of a title, without numbers."""
    return re.sub(r"\d+", "", plain_title(block.title.source)).strip().lower() if block.title else ""


def answers_in(document: Document, blocks: Sequence[Block]) -> Iterator[Answer]:
    """Tell blocks that hide the answer to a question above from those whose title is the question, in the order of the file."""
    blocks = [block for block in blocks if not block.is_hint]
    runs: list[list[Block]] = []
    for block in blocks:
        if runs and block.hides_an_answer and _nothing_between(document, runs[-1][-1], block):
            runs[-1].append(block)
        else:
            runs.append([block])
    hiding = [_hides_an_answer(document, run[0]) for run in runs]
    shared = Counter(document.headings_from(run[0].first) for run, hides in zip(runs, hiding) if hides)
    floor = 0
    for run, hides in zip(runs, hiding):
        several = shared[document.headings_from(run[0].first)] > 1
        front = front_above(document, floor, run[0].first, several) if hides else None
        yield Answer(tuple(run), front, hides and front is None)
        floor = run[-1].last + 1


def terms_ask(document: Document, blocks: Sequence[Block], found: Sequence[Answer]) -> bool:
    """Whether titles that do not ask are questions too: where a fourth of the titles asks, or most of the file is in such blocks.

    Else they fold away parts of an article, and so they do where most blocks are answers to questions above.
    """
    answers = sum(each.front is not None for each in found)
    titled = [each.blocks[0] for each in found if each.title]
    asking = sum(block.asks for block in titled)
    return answers < len(titled) and (0 < len(titled) <= 4 * asking or _fills(document, blocks))


def detect_blocks(document: Document, blocks: Sequence[Block], thing: str, *, any_title: bool = False) -> Detection:
    """What the blocks of a document say for their dialect; `thing` names one. With `any_title` any title is a question."""
    found = list(answers_in(document, blocks))
    answers = sum(each.front is not None for each in found)
    titled = [each.blocks[0] for each in found if each.title]
    asking = sum(block.asks for block in titled)
    terms = len(titled) - asking
    if not answers and not titled:
        return Detection()
    count = answers + asking
    if any_title or terms_ask(document, blocks, found):
        count += terms
    lacks = "none of them asks" if not count else f"it takes {FEWEST}" if count < FEWEST else ""
    return Detection(max(1, 3 * count + answers), _reason(thing, answers, asking, terms), lacks, marked=True)


def _reason(thing: str, answers: int, asking: int, terms: int) -> str:
    parts = (
        (answers, " with an answer to the question above", " with answers to the questions above"),
        (asking, " whose title is a question", " whose titles are questions"),
        (terms, " with another title", " with other titles"),
    )
    return ", ".join(counted(number, thing + one, f"{thing}s{many}") for number, one, many in parts if number)


def _hides_an_answer(document: Document, block: Block) -> bool:
    """Whether a block says that it hides an answer, or stands right below a heading that asks and has another title."""
    if block.hides_an_answer:
        return True
    above = next((line for line in reversed(document.lines[: block.first]) if not line.blank), None)
    return not block.asks and above is not None and above.heading is not None and is_question(above.heading.text)


def _nothing_between(document: Document, one: Block, other: Block) -> bool:
    return all(line.blank for line in document.lines[one.last + 1 : other.first])


def _fills(document: Document, blocks: Sequence[Block]) -> bool:
    """Whether at least half of a document's lines of text are in blocks."""
    marks = frozenset(number for block in blocks for number in block.marks)
    inside = {i for block in blocks for i in range(block.first, block.last + 1)}
    text = [
        i
        for i, line in enumerate(document.lines)
        if line.text.strip(" \t-*_") and not line.heading and i + 1 not in marks
    ]
    return 2 * sum(i in inside for i in text) >= len(text)
