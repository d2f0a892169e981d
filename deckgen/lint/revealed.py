"""Clozes that give their answer away: the asked text can be read elsewhere on the front of the same card."""

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup

from deckgen.cloze.grammar import Cloze, all_clozes, parse_field
from deckgen.cloze.show import reveal, show_answer
from deckgen.cloze.source import find_cloze_openings
from deckgen.lint.normalize import normalized_text, split_words
from deckgen.lint.row import Lint
from deckgen.model import Note, RenderedNote
from deckgen.problems import Problem, Severity
from deckgen.render import plain_text
from deckgen.scan import scan

_HIDDEN_CLOZE = "\x02\x03"
_SHOWN = 60
# A hint that offers alternatives names the answer among them on purpose.
_CHOICE = re.compile(r"还是|或|[、,，/|]|\b(?:or|vs)\b")
# What is answered by few signs, numbers or orders of growth stands everywhere in another meaning.
_MIN_WEIGHT = 1.5
_SCRIPTS = re.compile(r"[_^]\s*(?:\{[^{}]*\}|\\[A-Za-z]+|[^\\\s])")
_GROWTH = re.compile(r"(?:\\\()?\s*(?:o|\\Theta|\\Omega|\\mathcal\s*\{?O\}?)\s*\(.*\)\s*(?:\\\))?", re.S | re.I)


def revealed_clozes(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each cloze whose text stands in the clear in the title, in the text around it or in its own hint."""
    for item in notes:
        if item.notetype.asks_clozes:
            yield from _revealed(item)


def _revealed(item: RenderedNote) -> Iterator[Problem]:
    field = item.shown("answer")
    shown: dict[int, list[tuple[str, list[str]]]] = {}
    for n, cloze in enumerate(all_clozes(parse_field(field))):
        html = show_answer(cloze)
        text = normalized_text(rf"\({html}\)" if _in_formula(field, cloze.start) else html)
        if not is_distinctive(text):
            continue
        number = min(cloze.numbers)
        if number not in shown:
            shown[number] = _visible_texts(item, number)
        if where := _revealing_place(_folded_words(text), cloze, shown[number]):
            yield _problem(item.note, n, plain_text(html), where)


def _revealing_place(answer: list[str], cloze: Cloze, shown: list[tuple[str, list[str]]]) -> str | None:
    """The name of the first place that holds the answer."""
    hint = _folded_words(normalized_text(cloze.hint or ""))
    if _contains(answer, hint):
        # Of several alternatives the text around may speak as well.
        return None if _CHOICE.search(cloze.hint or "") and answer != hint else "in its own hint"
    return next((name for name, said in shown if _contains(answer, said)), None)


def _visible_texts(item: RenderedNote, number: int) -> list[tuple[str, list[str]]]:
    """What can be read on the front of the card of that number, by the name of its place."""
    soup = BeautifulSoup(reveal(item.shown("answer"), number, question=True), "html.parser")
    for hidden in soup.find_all("span", class_="cloze"):
        hidden.replace_with(_HIDDEN_CLOZE)
    return [
        ("in the question", _folded_words(normalized_text(item.shown("question")))),
        ("in the clear", _folded_words(normalized_text(str(soup)))),
    ]


def _in_formula(field: str, at: int) -> bool:
    return any(
        field.rfind(opening, 0, at) > field.rfind(closing, 0, at)
        for opening, closing in ((r"\(", r"\)"), (r"\[", r"\]"))
    )


def _folded_words(text: str) -> list[str]:
    return [word.casefold() for word in split_words(text)]


def is_distinctive(text: str) -> bool:
    """Whether a text says enough to be recognised: two Chinese signs, three letters, two symbols of a formula."""
    return not _GROWTH.fullmatch(text) and sum(map(_weight, split_words(_SCRIPTS.sub("", text)))) >= _MIN_WEIGHT


def _weight(word: str) -> float:
    """A number, a mark and an index say nothing; a Chinese sign or a symbol as much as two letters of a word."""
    if word.startswith("\\"):
        return float(word != r"\frac")
    letters = sum(letter.isalpha() or letter == "√" for letter in word)
    return letters if letters < 2 else letters / 2


def _contains(answer: list[str], said: list[str]) -> bool:
    width = len(answer)
    return any(said[i : i + width] == answer for i in range(len(said) - width + 1))


def _problem(note: Note, n: int, text: str, where: str) -> Problem:
    """The problem at the place of the note's cloze number `n` in reading order."""
    source = note.answer.source
    found = scan(source)
    opens = [offset for offset in find_cloze_openings(source) if not found.is_code(offset)]
    place = note.answer.place(opens[n]) if n < len(opens) else note.question.place(0)
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
    return Problem(
        note.file,
        *place,
        Severity.WARNING,
        "cloze-revealed",
        f"the cloze gives its answer away: {text} stands {where}",
        "reword one of the two, or give both one number",
    )


CLOZE_REVEALED = Lint("cloze-revealed", revealed_clozes, usual=True)
