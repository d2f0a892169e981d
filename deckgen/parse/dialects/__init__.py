"""The ways of writing questions and answers that deckgen reads: one row each, in one table.

A row pairs a name with `evidence`, how many lines of a document speak for the dialect (0: none or too few), and
`read`, which yields its entries and the problems of those that are not whole. `fewest` is how many questions it is recognised by. Adding a dialect adds a row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deckgen.parse.dialects import bold, collapse, heading
from deckgen.parse.document import Document
from deckgen.parse.question import RawNote
from deckgen.problems import Problem


@dataclass(frozen=True, slots=True)
class Dialect:
    name: str
    looks: str
    evidence: Callable[[Document], int]
    read_notes: Callable[[Document], Iterator[RawNote | Problem]]
    fewest: int = 1


DIALECTS = (
    Dialect("collapse", "a heading, then +++info … +++", collapse.evidence, collapse.read_notes, 2),
    Dialect(
        "bold", "**Q01：question** on a line of its own, then the answer", bold.evidence, bold.read_notes, bold.FEWEST
    ),
    Dialect("heading", "## question, then the answer", heading.evidence, heading.read_notes),
)
