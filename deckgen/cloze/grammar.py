"""Parse the clozes of a field as Anki's engine does (Anki 26.09, rslib/src/cloze.rs: `tokenize`, `parse_text_with_clozes`)."""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from deckgen.lazy_patterns import lazy_pattern

OPENING = r"\{\{c,*[0-9][0-9,]*::"
"""A regular expression for the opening mark of a cloze. One of its numbers must also be small enough for the engine."""
OCCLUSION = "image-occlusion:"
"""The text of an image-occlusion mask begins with this."""
MAX_DEPTH = 10
"""The greatest depth of nested clozes. The engine drops an opening mark inside the tenth; its closing mark closes the tenth."""
MAX_CARDS = 500
"""The greatest number of cards of a cloze note (rslib/src/notetype/cardgen.rs, `new_cards_required_cloze`)."""
# The engine stores numbers in 16 bits.
_MAX_NUMBER = 2**16 - 1
_TOKEN = lazy_pattern(rf"{OPENING}|\}}\}}")


class Cloze(Struct, frozen=True):
    """A cloze that is closed.

    `start` is the offset of its opening mark in the field. `numbers` are sorted and different; 0 may be one of them.
    `nodes` are its texts and the clozes inside it, without the hint. `hint` is None if there is no hint.
    """

    start: int
    numbers: tuple[int, ...]
    nodes: tuple["Node", ...]
    hint: str | None

    @property
    def occlusion(self) -> str | None:
        """The text after `image-occlusion:` in an image-occlusion mask, or None if this is no mask."""
        first = self.nodes[0] if self.nodes else None
        return first.removeprefix(OCCLUSION) if isinstance(first, str) and first.startswith(OCCLUSION) else None


Node = str | Cloze


class _Open(Struct):
    """A cloze that is not closed yet. The one without numbers is the field itself."""

    start: int = 0
    numbers: tuple[int, ...] = ()
    nodes: list[Node] = field(default_factory=list)
    hint: str | None = None

    def add_text(self, text: str) -> None:
        """Add a text. In a cloze its first `::` begins a hint. A later text with a hint replaces the hint."""
        if self.numbers and "::" in text and not text.startswith(OCCLUSION):
            text, _, self.hint = text.partition("::")
        self.nodes.append(text)

    def close(self) -> Cloze:
        return Cloze(self.start, self.numbers, tuple(self.nodes), self.hint)


def parse_field(html: str) -> tuple[Node, ...]:
    """Return the texts and clozes of a field in their order. A cloze that is never closed is dropped with its content."""
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
    """Yield the clozes in `nodes`, also nested ones, in the order of their opening marks."""
    for node in nodes:
        if isinstance(node, Cloze):
            yield node
            yield from all_clozes(node.nodes)


def cloze_numbers(html: str) -> frozenset[int]:
    """Return the numbers of a field's clozes, also of nested ones, without 0, which makes no card. `{{c1,3::…}}` has two."""
    return frozenset(number for cloze in all_clozes(parse_field(html)) for number in cloze.numbers if number)


def card_ordinal(number: int) -> int:
    """Return the 0-based ordinal of the card that the engine makes for a cloze number of 1 or more.

    All numbers from 500 on make the last card, which asks only for number 500. If a note is added in Anki with several such
    numbers, the engine makes several cards with this ordinal. An imported note has one card with it, and gets no more.
    """
    return min(number, MAX_CARDS) - 1


def _tokens(html: str) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """Yield offset, text and numbers of each token. Only an opening mark has numbers. `}}` is a closing mark."""
    end = 0
    for match in _TOKEN.finditer(html):
        numbers = _numbers(match[0][3:-2]) if match[0] != "}}" else ()
        if match[0] != "}}" and not numbers:
            # The engine cannot read a number here, so this is text.
            continue
        if end < match.start():
            yield end, html[end : match.start()], ()
        yield match.start(), match[0], numbers
        end = match.end()
    if end < len(html):
        yield end, html[end:], ()


def _numbers(written: str) -> tuple[int, ...]:
    """Return the numbers in a list with commas, sorted, without those that are too large for the engine."""
    digits = (part.lstrip("0") or "0" for part in written.split(",") if part)
    # Python refuses to convert a number with thousands of digits.
    return tuple(sorted({int(part) for part in digits if len(part) <= 5 and int(part) <= _MAX_NUMBER}))
