"""Clozes as Anki's engine reads them in a field's HTML (rslib/src/cloze.rs, Anki 26.09: `tokenize`, `parse_text_with_clozes`)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

OPENING = r"\{\{c,*[0-9][0-9,]*::"
"""A regular expression for what opens a cloze. The engine also wants a number that it can read among the digits."""
OCCLUSION = "image-occlusion:"
"""What the text of a mask of image occlusion begins with."""
MAX_DEPTH = 10
"""How deep clozes nest. An opening mark inside the tenth is dropped, and its closing mark closes the tenth."""
MAX_CARDS = 500
"""How many cards the clozes of a note make at most (rslib/src/notetype/cardgen.rs, `new_cards_required_cloze`)."""
# Numbers have 16 bits in the engine.
_MAX_NUMBER = 2**16 - 1
_TOKEN = re.compile(rf"{OPENING}|\}}\}}")


@dataclass(frozen=True, slots=True)
class Cloze:
    """A cloze that is closed.

    `start` is the offset of its opening mark in the field. `numbers` are ascending, each once; 0 may be among them.
    `nodes` are its text and the clozes inside it, without the hint. `hint` is None where it has none.
    """

    start: int
    numbers: tuple[int, ...]
    nodes: tuple["Node", ...]
    hint: str | None

    @property
    def occlusion(self) -> str | None:
        """What follows `image-occlusion:` in a mask of image occlusion; None for another cloze."""
        first = self.nodes[0] if self.nodes else None
        return first.removeprefix(OCCLUSION) if isinstance(first, str) and first.startswith(OCCLUSION) else None


Node = str | Cloze


@dataclass(slots=True)
class _Open:
    """A cloze that is not closed yet. The field itself is one without numbers."""

    start: int = 0
    numbers: tuple[int, ...] = ()
    nodes: list[Node] = field(default_factory=list)
    hint: str | None = None

    def add_text(self, text: str) -> None:
        """Add a text. In a cloze the first `::` begins a hint; of several texts the last one's hint counts."""
        if self.numbers and "::" in text and not text.startswith(OCCLUSION):
            text, _, self.hint = text.partition("::")
        self.nodes.append(text)

    def close(self) -> Cloze:
        return Cloze(self.start, self.numbers, tuple(self.nodes), self.hint)


def parse_field(html: str) -> tuple[Node, ...]:
    """Read a field into texts and clozes, in their order. A cloze that is never closed is lost with all that it holds."""
    stack = [_Open()]
    for start, text, numbers in _tokens(html):
        if numbers:
            if len(stack) <= MAX_DEPTH:
                stack.append(_Open(start, numbers))
        elif text == "}}" and len(stack) > 1:
            closed = stack.pop().close()
            stack[-1].nodes.append(closed)
        else:
            stack[-1].add_text(text)
    return tuple(stack[0].nodes)


def all_clozes(nodes: Iterable[Node]) -> Iterator[Cloze]:
    """Yield the clozes among `nodes`, nested ones too, in the order in which they open."""
    for node in nodes:
        if isinstance(node, Cloze):
            yield node
            yield from all_clozes(node.nodes)


def cloze_numbers(html: str) -> frozenset[int]:
    """Return the numbers of a field's clozes, nested ones too; `{{c1,3::…}}` has two. Number 0 makes no card."""
    return frozenset(number for cloze in all_clozes(parse_field(html)) for number in cloze.numbers if number)


def card_ordinal(number: int) -> int:
    """Return the 0-based ordinal of the card that the engine makes for a cloze number of 1 or more.

    All numbers from 500 on make the last card, which asks for number 500 alone. (Of a new note with several such numbers the
    engine makes several cards of this ordinal. A note that is imported has one, and then gets no more.)
    """
    return min(number, MAX_CARDS) - 1


def _tokens(html: str) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """Yield offset, text and numbers of each token: an opening mark has numbers, `}}` is a closing mark, all else is text."""
    end = 0
    for match in _TOKEN.finditer(html):
        numbers = _numbers(match[0][3:-2]) if match[0] != "}}" else ()
        if match[0] != "}}" and not numbers:
            # Part of the text around it.
            continue
        if end < match.start():
            yield end, html[end : match.start()], ()
        yield match.start(), match[0], numbers
        end = match.end()
    if end < len(html):
        yield end, html[end:], ()


def _numbers(written: str) -> tuple[int, ...]:
    """Read numbers with commas between them, and leave out those that are too large."""
    digits = (part.lstrip("0") or "0" for part in written.split(",") if part)
    # A number of thousands of digits is not worth reading, and Python refuses to.
    return tuple(sorted({int(part) for part in digits if len(part) <= 5 and int(part) <= _MAX_NUMBER}))
