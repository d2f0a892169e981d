"""What a lint is: a rule about notes that are correct and could be better."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from deckgen.model import RenderedNote
from deckgen.problems import Problem


@dataclass(frozen=True, slots=True)
class Lint:
    """`name` is the code of its problems. `find` yields them for all notes of a deck. Decks that choose no lints get those that are `usual`."""

    name: str
    find: Callable[[Sequence[RenderedNote]], Iterator[Problem]]
    usual: bool = False
