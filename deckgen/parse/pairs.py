"""Openers and closers of blocks: which belong together, and which are alone."""

from collections.abc import Iterable

from msgspec import Struct

from deckgen.parse.document import Document

_NO_HEADING = 7


class Sign(Struct, frozen=True):
    """An opener or a closer from offset `start` to `end`."""

    start: int
    end: int
    closes: bool


def paired(document: Document, signs: Iterable[Sign]) -> tuple[list[tuple[Sign, Sign]], list[Sign]]:
    """Openers with their closers, and the signs that are alone. An opener that is never closed holds no other blocks.

    A closer belongs to the last opener that is open, where no heading between them stands as high as the one above the opener: the
    block would reach into another section.
    """
    pairs: list[tuple[Sign, Sign]] = []
    opened: list[Sign] = []
    alone: list[Sign] = []
    for sign in signs:
        if not sign.closes:
            opened.append(sign)
        elif opened and (not _holds_blocks(pairs, opened[-1]) or not _leaves_section(document, opened[-1], sign)):
            pairs.append((opened.pop(), sign))
        else:
            alone.append(sign)
    return pairs, sorted([*opened, *alone], key=lambda sign: sign.start)


def _holds_blocks(pairs: list[tuple[Sign, Sign]], opener: Sign) -> bool:
    return bool(pairs) and pairs[-1][0].start > opener.start


def _leaves_section(document: Document, opener: Sign, closer: Sign) -> bool:
    """Whether a heading between two signs stands as high as the one above the first."""
    first = document.headings_from(document.line_at(opener.start))
    last = document.headings_from(document.line_at(closer.start))
    level = document.headings[first - 1][1].level if first else _NO_HEADING - 1
    return any(heading.level <= level for _, heading in document.headings[first:last])
