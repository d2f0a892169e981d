"""What a dialect is: a way of writing questions and answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deckgen.parse.document import Document
from deckgen.parse.question import RawNote
from deckgen.problems import Problem


@dataclass(frozen=True, slots=True)
class Dialect:
    """`looks` describes the dialect in a hint. `evidence` counts the lines of a document that are written in it (0: none or too few).

    `read_notes` yields the questions with their answers, and problems for those that are not complete. A file is recognised as this dialect
    from `fewest` questions on.
    """

    name: str
    looks: str
    evidence: Callable[[Document], int]
    read_notes: Callable[[Document], Iterator[RawNote | Problem]]
    fewest: int = 1
