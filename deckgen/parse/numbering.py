"""Numbers before questions: whether they count on, and a question without its number."""

from collections.abc import Sequence

from deckgen.lazy_patterns import lazy_pattern

_NUMBER = lazy_pattern(
    r"(?:<a\b[^<>]*>\s*</a>\s*)*(?:[Qq](?:uestion)?\s*|第\s*)?(?P<number>\d+(?:[.-]\d+)*)(?:\s*\\?[.、．:：)）](?!\d)\s*|\s*[题問问]\s*[：:、.]?\s*|\s+)"
)
# 1.2 is the number of a section, not of a question.
_PARTS = lazy_pattern(r"\s*\d+\s*[.-]\s*\d")
FEWEST = 4


def number_of(text: str) -> int | None:
    """The last part of the number that a text begins with: 3 of `3.`, `Q3：` and `2.3 `."""
    match = _NUMBER.match(text)
    return int(match["number"].replace("-", ".").rpartition(".")[2]) if match and match.end() < len(text) else None


def without_number(text: str) -> str:
    """A text without the number that it begins with, where it is known to count questions."""
    match = _NUMBER.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def counting(texts: Sequence[str]) -> int:
    """How many of some texts have numbers that count on: each is one more than the last, or begins at 1 again (or at 0)."""
    numbers = [number for text in texts if (number := number_of(text)) is not None and not _PARTS.match(text)]
    return sum(
        number in (0, 1, before + 1) for before, number in zip([numbers[0] - 1, *numbers] if numbers else [], numbers)
    )


def is_counted(texts: Sequence[str]) -> bool:
    """Whether most of some texts are counted."""
    count = counting(texts)
    return count >= FEWEST and 3 * count >= 2 * len(texts)
