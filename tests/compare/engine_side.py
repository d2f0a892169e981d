"""What Anki's engine says about a collection of the comparison."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection
from engine import cards, import_package
from entries import CODE, FORMULA


@dataclass(frozen=True)
class State:
    """A collection: note id → its fields and time of change, and the cards that were answered, with their notes."""

    notes: dict[int, tuple[str, int]]
    answered: dict[int, int]


def state_of(path: Path) -> State:
    """Read a collection that no program has open."""
    col = Collection(str(path))
    try:
        notes = {note.id: ("\x1f".join(note.fields), note.mod) for note in map(col.get_note, col.find_notes(""))}
        return State(notes, {card.nid: card.reps for card in cards(col) if card.reps})
    finally:
        col.close()


def import_into(path: Path, package: Path) -> None:
    """Import a package with the defaults of Anki's dialog."""
    col = Collection(str(path))
    try:
        import_package(col, package)
    finally:
        col.close()


def answer_all(path: Path) -> None:
    """Answer each card once."""
    col = Collection(str(path))
    try:
        for deck in col.decks.all_names_and_ids():
            col.decks.set_current(deck.id)
            while card := col.sched.getCard():
                if card.reps:
                    break
                col.sched.answerCard(card, 4)
    finally:
        col.close()


def code_is_right(path: Path) -> bool:
    """Whether a card shows the line of code as it was written."""
    return any(CODE in shown for shown in _answers(path))


def formula_in_cloze(path: Path) -> str:
    """How the cloze with a formula is shown: right, cut (the formula or the cloze ends early), or missing."""
    shown = [text for text in _answers(path) if "The quotient is" in text]
    if not shown:
        return "missing"
    # TeX ignores spaces and comments between braces, which some tools write so that the cloze does not end.
    whole = re.sub(r"\s", "", f"The quotient is \\({FORMULA}\\) of two numbers.")
    return "right" if any(whole in re.sub(r"\s|<!--.*?-->", "", text) for text in shown) else "cut"


def _answers(path: Path) -> list[str]:
    """The text of the answer of each card, as the engine renders it."""
    col = Collection(str(path))
    try:
        return [_text(card.answer()) for card in cards(col)]
    finally:
        col.close()


def _text(page: str) -> str:
    """The text of HTML. Styles and scripts are left out. A comment in a formula stays: MathJax ignores it."""
    page = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"[ \t\n]+", " ", html.unescape(re.sub(r"<(?!!--)[^>]*>", "", page)))
