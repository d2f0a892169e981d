"""Notes with clozes whose question is answered in the clear: the reason or the formula that it asks for is on every front."""

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup

from deckgen.lazy_patterns import lazy_pattern
from deckgen.lint.asking import Wanted, wanted
from deckgen.lint.fronts import HIDDEN, blanks, card_numbers, front
from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem, Severity
from deckgen.render import plain_text

_BECAUSE = lazy_pattern(
    r"因为|由于|所以|因此|因而|从而|不[^，。；]{1,8}就|\b(?:because|since|so that|therefore|otherwise|hence)\b", re.I
)
_DISPLAYED = lazy_pattern(r"\\\[(.*?)\\\]", re.S)


def answered_questions(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each question that asks why or for a formula, where no card hides the reason or a formula."""
    for item in notes:
        if item.notetype.asks_clozes and (what := _shown_on_all(item)):
            yield Problem(
                item.note.file,
                *item.note.question.place(0),
                Severity.WARNING,
                "cloze-answered",
                f"the question asks for {what}, and each card shows it",
                "hide in one cloze what the question asks for; the rest can be shown",
            )


def _shown_on_all(item: RenderedNote) -> str:
    """What the question asks for and each front shows; "" if nothing."""
    wants = wanted(plain_text(item.shown("question")))
    fronts = [front(item, number) for number in card_numbers(item)]
    if Wanted.REASON in wants and all(map(_begins_with_reason, fronts)):
        return "a reason"
    if Wanted.FORMULA in wants and not _hides_formula(item) and all(map(_shows_formula, fronts)):
        return "a formula"
    return ""


def _begins_with_reason(soup: BeautifulSoup) -> bool:
    """Whether the first paragraph gives a reason and hides nothing. What comes later may be the reason of something else."""
    first = soup.find("p")
    text = plain_text(str(first)) if first else ""
    return HIDDEN not in text and bool(_BECAUSE.search(text))


def _shows_formula(soup: BeautifulSoup) -> bool:
    """Whether an equation on lines of its own is shown whole."""
    return any("=" in tex and HIDDEN not in tex for tex in _DISPLAYED.findall(plain_text(str(soup))))


def _hides_formula(item: RenderedNote) -> bool:
    return any(blank.in_formula or r"\(" in blank.html for blank in blanks(item))


CLOZE_ANSWERED = Lint("cloze-answered", answered_questions)
