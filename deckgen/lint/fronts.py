"""The fronts of cloze cards: what each card hides, what can be read beside it, and where a cloze is in its file."""

from collections.abc import Iterator
from functools import lru_cache

from bs4 import BeautifulSoup
from msgspec import Struct

from deckgen.cloze.grammar import Cloze, all_clozes, cloze_numbers, parse_field
from deckgen.cloze.show import reveal, show_answer
from deckgen.cloze.source import find_cloze_openings
from deckgen.model import Note, RenderedNote
from deckgen.render.html import parse_html
from deckgen.scan import scan

HIDDEN = "\x02\x03"
"""What `front` has in place of a hidden cloze. No word and no number contains it."""


class Blank(Struct, frozen=True):
    """A cloze of a note.

    `index` counts the clozes of the answer from 0, in reading order. `number` is the card that asks for it, the first if there are several.
    `html` is the hidden text, and `in_formula` says whether it is a part of a formula.
    """

    index: int
    number: int
    cloze: Cloze
    html: str
    in_formula: bool

    @property
    def marked(self) -> str:
        """The hidden text; a part of a formula has the marks of a formula around it."""
        return rf"\({self.html}\)" if self.in_formula else self.html


def blanks(item: RenderedNote) -> Iterator[Blank]:
    """The clozes of a note in reading order, but those with the number 0 alone: no card hides them."""
    field = item.shown("answer")
    for index, cloze in enumerate(all_clozes(parse_field(field))):
        if number := next((number for number in cloze.numbers if number), 0):
            yield Blank(index, number, cloze, show_answer(cloze), _in_formula(field, cloze.start))


def card_numbers(item: RenderedNote) -> list[int]:
    """The numbers of the cards of a note with clozes, ascending."""
    return sorted(cloze_numbers(item.shown("answer")))


def front(item: RenderedNote, number: int) -> BeautifulSoup:
    """The answer as card `number` shows it on its front, with HIDDEN for each cloze that it asks for.

    Each cell of a table ends with a bar, so that the texts of two cells are not read as one.
    """
    soup = parse_html(reveal(item.shown("answer"), number, question=True))
    for hidden in soup.find_all("span", class_="cloze"):
        hidden.replace_with(HIDDEN)
    for cell in soup.find_all(["td", "th"]):
        cell.append(" |")
    return soup


def cloze_place(note: Note, index: int) -> tuple[int, int]:
    """The line and column of a cloze in its file. `index` is that of its `Blank`."""
    openings = _openings(note.answer.source)
    return note.answer.place(openings[index]) if index < len(openings) else note.question.place(0)


@lru_cache(maxsize=1)
def _openings(source: str) -> tuple[int, ...]:
    """The offsets of the clozes of an answer. It is asked for each of them."""
    found = scan(source)
    return tuple(offset for offset in find_cloze_openings(source) if not found.is_code(offset))


def _in_formula(field: str, at: int) -> bool:
    return any(
        field.rfind(opening, 0, at) > field.rfind(closing, 0, at)
        for opening, closing in ((r"\(", r"\)"), (r"\[", r"\]"))
    )
