"""Cards that hide only a number, where the question asks for something else."""

from collections.abc import Iterator, Sequence

from deckgen.lint.asking import Wanted, wanted
from deckgen.lint.fronts import Blank, blanks, card_numbers, cloze_place
from deckgen.lint.numbers import only_number
from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem, Severity
from deckgen.render import plain_text


def example_clozes(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at the first cloze of each card that hides only numbers, if the question has no word that asks for a quantity."""
    for item in notes:
        if item.notetype.asks_clozes and _asks_no_quantity(plain_text(item.shown("question"))):
            found = list(blanks(item))
            for card in card_numbers(item):
                own = [blank for blank in found if blank.number == card]
                if own and all(only_number(plain_text(blank.html)) for blank in own):
                    yield _problem(item, own[0])


def _asks_no_quantity(question: str) -> bool:
    wants = wanted(question)
    return bool(wants) and Wanted.QUANTITY not in wants


def _problem(item: RenderedNote, blank: Blank) -> Problem:
    return Problem(
        item.note.file,
        *cloze_place(item.note, blank.index),
        Severity.WARNING,
        "cloze-example",
        f"card {blank.number} hides only a number ({plain_text(blank.html)}), and the question asks for none",
        "hide what the question asks for, and show the number as an example",
    )


CLOZE_EXAMPLE = Lint("cloze-example", example_clozes)
