"""The type of a lint: a rule about notes that are correct and could be better."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from deckgen.model import RenderedNote
from deckgen.problems import Problem


class Lint(Struct, frozen=True):
    """`name` is the code of the problems. `find` yields the problems of all notes of a deck. A deck that chooses no lints gets those that are `usual`.

    A lint that compares notes has a `key`. Then `find` gets several notes that have one key. The key depends only on the note, so it can be stored.
    """

    name: str
    find: Callable[[Sequence[RenderedNote]], Iterator[Problem]]
    usual: bool = False
    key: Callable[[RenderedNote], str] | None = None
