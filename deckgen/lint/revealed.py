"""Clozes whose text can be read elsewhere on the front of the same card."""

import re
from collections.abc import Iterator, Sequence

from deckgen.cloze.grammar import Cloze
from deckgen.lazy_patterns import lazy_pattern
from deckgen.lint.fronts import Blank, blanks, cloze_place, front
from deckgen.lint.normalize import normalized_text, split_words
from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem, Severity
from deckgen.render import plain_text

_SHOWN = 60
# A hint that offers a choice names the answer on purpose.
_CHOICE = lazy_pattern(r"还是|或|[、,，/|]|\b(?:or|vs)\b")
# Single letters, numbers and orders of growth have many meanings: a second one on the card need not be the answer.
_MIN_WEIGHT = 1.5
_SCRIPTS = lazy_pattern(r"[_^]\s*(?:\{[^{}]*\}|\\[A-Za-z]+|[^\\\s])")
_GROWTH = lazy_pattern(r"(?:\\\()?\s*(?:o|\\Theta|\\Omega|\\mathcal\s*\{?O\}?)\s*\(.*\)\s*(?:\\\))?", re.S | re.I)


def revealed_clozes(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each cloze whose text is also in the question, in the visible text of the answer, or in its own hint."""
    for item in notes:
        if item.notetype.asks_clozes:
            yield from _revealed(item)


def _revealed(item: RenderedNote) -> Iterator[Problem]:
    shown: dict[int, list[tuple[str, list[str]]]] = {}
    for blank in blanks(item):
        text = normalized_text(blank.marked)
        if not is_distinctive(text):
            continue
        if blank.number not in shown:
            shown[blank.number] = _visible_texts(item, blank.number)
        if where := _revealing_place(_folded_words(text), blank.cloze, shown[blank.number]):
            yield _problem(item, blank, where)


def _revealing_place(answer: list[str], cloze: Cloze, shown: list[tuple[str, list[str]]]) -> str | None:
    """The name of the first place that has the answer."""
    hint = _folded_words(normalized_text(cloze.hint or ""))
    if _contains(answer, hint):
        # The text beside the cloze may repeat the words of a choice.
        return None if _CHOICE.search(cloze.hint or "") and answer != hint else "in its own hint"
    return next((name for name, said in shown if _contains(answer, said)), None)


def _visible_texts(item: RenderedNote, number: int) -> list[tuple[str, list[str]]]:
    """What can be read on the front of card `number`: the name of each place, and its words."""
    return [
        ("in the question", _folded_words(normalized_text(item.shown("question")))),
        ("in the clear", _folded_words(normalized_text(str(front(item, number))))),
    ]


def _folded_words(text: str) -> list[str]:
    return [word.casefold() for word in split_words(text)]


def is_distinctive(text: str) -> bool:
    """Whether a text is long enough to be recognised: two Chinese characters, three letters, two symbols of a formula."""
    return not _GROWTH.fullmatch(text) and sum(map(_weight, split_words(_SCRIPTS.sub("", text)))) >= _MIN_WEIGHT


def _weight(word: str) -> float:
    """Numbers, marks and indices weigh 0; a Chinese character or a symbol as much as two letters of a word."""
    if word.startswith("\\"):
        return float(word != r"\frac")
    letters = sum(letter.isalpha() or letter == "√" for letter in word)
    return letters if letters < 2 else letters / 2


def _contains(answer: list[str], said: list[str]) -> bool:
    width = len(answer)
    return any(said[i : i + width] == answer for i in range(len(said) - width + 1))


def _problem(item: RenderedNote, blank: Blank, where: str) -> Problem:
    text = plain_text(blank.html)
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
    return Problem(
        item.note.file,
        *cloze_place(item.note, blank.index),
        Severity.WARNING,
        "cloze-revealed",
        f"the cloze gives its answer away: {text} stands {where}",
        "reword one of the two, or give both one number",
    )


CLOZE_REVEALED = Lint("cloze-revealed", revealed_clozes, usual=True)
