"""Group the edits of two sides into chunks, and merge each chunk."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from deckgen.merge.edits import Edit, edits, without_chance_matches
from deckgen.merge.words import separates, words

Apart = Callable[[Edit, Edit, Sequence[str]], bool]
"""Whether two edits can be made independently of each other. The third argument is the unchanged text between them."""


class Chunk(Struct, frozen=True):
    """A stretch of the base, and what each of the two sides made of it."""

    base: str
    ours: str
    theirs: str

    @property
    def is_conflict(self) -> bool:
        """Whether both sides changed it, and not in the same way."""
        return self.ours != self.theirs and self.base not in (self.ours, self.theirs)

    @property
    def merged(self) -> str:
        """The text of the side that changed it. Of a conflict, our text."""
        return self.theirs if self.ours == self.base else self.ours


class Merge(Struct, frozen=True):
    """A merge as chunks. Joined, the texts of each side give that side again. So nothing of a side is lost."""

    chunks: tuple[Chunk, ...]

    @property
    def has_conflict(self) -> bool:
        return any(chunk.is_conflict for chunk in self.chunks)

    @property
    def ours(self) -> str:
        """The merged text, with our side of each conflict."""
        return "".join(chunk.merged for chunk in self.chunks)

    @property
    def theirs(self) -> str:
        """The merged text, with their side of each conflict. Without a conflict it is equal to `ours`."""
        return "".join(chunk.theirs if chunk.is_conflict else chunk.merged for chunk in self.chunks)


def merge(base: str, ours: str, theirs: str) -> Merge:
    """Merge two versions of a text, both made from `base`, word by word.

    As with lines in git, two changes side by side are a conflict: between changes of different sides there must be an unchanged word or an
    unchanged line end. Words that both sides have by chance, in a sentence that is new otherwise, do not count.
    """
    tokens = words(base)
    mine, others = (without_chance_matches(tokens, edits(tokens, words(side))) for side in (ours, theirs))
    return _merge(tokens, mine, others, _apart)


def merge_touching(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Merge:
    """Merge two versions of a sequence of tokens, both made from `base`. Changes may touch.

    It is a conflict only if both sides change the same tokens, or insert something at the same place. The caller must
    check the result, because a merge of changes side by side may be wrong.
    """
    return _merge(base, edits(base, ours), edits(base, theirs), _not_overlapping)


def _apart(earlier: Edit, later: Edit, between: Sequence[str]) -> bool:
    return any(map(separates, between))


def _not_overlapping(earlier: Edit, later: Edit, between: Sequence[str]) -> bool:
    return later.start >= earlier.end and (later.end > earlier.start)


def _merge(base: Sequence[str], ours: Sequence[Edit], theirs: Sequence[Edit], apart: Apart) -> Merge:
    chunks, at = [], 0
    for start, end, mine, others in _groups(base, ours, theirs, apart):
        unchanged = "".join(base[at:start])
        chunks += [Chunk(unchanged, unchanged, unchanged)] if unchanged else []
        old = "".join(base[start:end])
        chunks.append(Chunk(old, _applied(base, start, end, mine), _applied(base, start, end, others)))
        at = end
    rest = "".join(base[at:])
    return Merge((*chunks, *([Chunk(rest, rest, rest)] if rest else [])))


def _groups(
    base: Sequence[str], ours: Sequence[Edit], theirs: Sequence[Edit], apart: Apart
) -> Iterator[tuple[int, int, list[Edit], list[Edit]]]:
    """Yield the edits that belong together: the start and the end in the base, our edits and their edits."""
    group: tuple[list[Edit], list[Edit]] = ([], [])
    whole: Edit | None = None
    for edit, side in sorted([*((edit, 0) for edit in ours), *((edit, 1) for edit in theirs)]):
        if whole is not None and apart(whole, edit, base[whole.end : edit.start]):
            yield whole.start, whole.end, *group
            group, whole = ([], []), None
        whole = Edit(whole.start, max(whole.end, edit.end), ()) if whole else edit
        group[side].append(edit)
    if whole is not None:
        yield whole.start, whole.end, *group


def _applied(base: Sequence[str], start: int, end: int, made: Sequence[Edit]) -> str:
    """The base from `start` to `end` with the edits of one side."""
    pieces: list[str] = []
    for edit in made:
        pieces += [*base[start : edit.start], *edit.new]
        start = edit.end
    return "".join([*pieces, *base[start:end]])
