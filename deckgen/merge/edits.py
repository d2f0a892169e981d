"""The edits that make one side of a merge from the base."""

from collections.abc import Sequence

from msgspec import Struct
from rapidfuzz.distance import LCSseq


class Edit(Struct, frozen=True, order=True):
    """The tokens of the base from index `start` to `end` (not included) became `new`. If both are equal, `new` is inserted there."""

    start: int
    end: int
    new: tuple[str, ...]


def edits(base: Sequence[str], side: Sequence[str]) -> list[Edit]:
    """Return the edits from the base to a side, in the order of the base. Between two edits is at least one unchanged token."""
    found: list[Edit] = []
    for code in LCSseq.opcodes(base, side):
        if code.tag == "equal":
            continue
        new = tuple(side[code.dest_start : code.dest_end])
        if found and found[-1].end == code.src_start:
            # rapidfuzz has an insertion and a removal at one place as two operations.
            last = found.pop()
            found.append(Edit(last.start, code.src_end, (*last.new, *new)))
        else:
            found.append(Edit(code.src_start, code.src_end, new))
    return found


def without_chance_matches(base: Sequence[str], found: Sequence[Edit]) -> list[Edit]:
    """Join neighbouring edits if the unchanged text between them is not longer than each of the two.

    Two sentences always have some words in common. Without this rule, two new versions of a sentence would be mixed.
    """
    joined: list[Edit] = []
    for edit in found:
        joined.append(edit)
        while len(joined) > 1 and _by_chance(base, joined[-2], joined[-1]):
            later, earlier = joined.pop(), joined.pop()
            between = tuple(base[earlier.end : later.start])
            joined.append(Edit(earlier.start, later.end, (*earlier.new, *between, *later.new)))
    return joined


def _by_chance(base: Sequence[str], earlier: Edit, later: Edit) -> bool:
    between = sum(map(len, base[earlier.end : later.start]))
    return between <= min(_size(base, earlier), _size(base, later))


def _size(base: Sequence[str], edit: Edit) -> int:
    """The characters that an edit removes or inserts, whichever are more."""
    return max(sum(map(len, base[edit.start : edit.end])), sum(map(len, edit.new)))
