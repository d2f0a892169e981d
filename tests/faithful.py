"""Renders all cards of a deck twice: by deckgen's templates, as the preview does, and by Anki's engine. Finds the differences."""

import re
from pathlib import Path
from unicodedata import normalize

from anki.collection import Collection
from engine import Card, cards, collection, import_package

from anki.sound import SoundOrVideoTag  # isort: skip - anki's modules import one another; the collection comes first

from deckgen.preview.live import LiveDeck

_TYPED = re.compile(r"\[\[type:((?:cloze:|nc:)*)([^\]]*)\]\]")
_PLAYED = re.compile(r"\[anki:play:([qa]):(\d+)\]")
# A hint is a link with a script, where deckgen shows a foldable element: its pages run no scripts of cards.
_HINT = re.compile(
    r'\n<a class=hint href="#"\nonclick="this\.style\.display=\'none\';\ndocument\.getElementById\(\'hint\w+\'\)\.style\.display=\'block\';\n'
    r'return false;" draggable=false>\n(.*?)</a>\n<div id="hint\w+" class=hint style="display: none">(.*?)</div>\n',
    re.S,
)
_HIDDEN = re.compile(r' data-cloze="[^"]*"')

Sides = tuple[str, str]


def shown_by_deckgen(deck: Path, pictures: Path) -> list[Sides]:
    """Return the sides of all cards, in the order of notes and cards. Only frozen pictures are shown."""
    live = LiveDeck(deck, pictures, execute=False)
    snapshot = live.refresh()
    live.close()
    assert not snapshot.failed, snapshot.problems
    # Anki normalises what it imports.
    return [
        tuple(normalize("NFC", _without_attributes(side)) for side in (card.front, card.back))
        for key in snapshot.notes
        for card in snapshot.cards(key)
    ]


def shown_by_engine(package: Path, folder: Path) -> list[tuple[str, Sides]]:
    """Return a name and the sides of all cards, in the order of notes and cards, as the desktop's reviewer shows them."""
    with collection(folder) as col:
        import_package(col, package)
        return [(f"{card.note().fields[0][:60]!r}, card {card.ord + 1}", _sides(col, card)) for card in cards(col)]


def differences(deck: Path, package: Path, folder: Path) -> tuple[int, list[str]]:
    """Return how many cards a deck has, and a message for each side that differs. `folder` is for temporary files."""
    ours, engine = shown_by_deckgen(deck, folder / "pictures"), shown_by_engine(package, folder / "learner")
    assert len(ours) == len(engine)
    return len(ours), [
        f"{name}, {side}\n  deckgen: {mine}\n  engine:  {theirs}"
        for (name, pair), own in zip(engine, ours)
        for side, mine, theirs in zip(("front", "back"), own, pair)
        if mine != theirs
    ]


def _sides(col: Collection, card: Card) -> Sides:
    output = card.render_output(browser=False)
    sounds = {"q": output.question_av_tags, "a": output.answer_av_tags}
    front, back = _with_boxes(col, card, output.question_text, output.answer_text)
    return _without_marks(front, sounds), _without_marks(back, sounds)


def _with_boxes(col: Collection, card: Card, question: str, answer: str) -> Sides:
    """Put in place of the engine's boxes for typed answers what the desktop's reviewer does, when nothing was typed."""
    box = _TYPED.search(question)
    expected = card.note()[box[2]] if box else ""
    if box and "cloze:" in box[1]:
        expected = col.extract_cloze_for_typing(expected, card.ord + 1)
    if not expected:
        return _TYPED.sub("", question), _TYPED.sub("", answer)
    rule = "<hr id=answer>"
    compared = f"<div>{col.compare_answer(expected, '')}</div>"
    compared = (rule if rule in answer else "") + compared
    return (
        _TYPED.sub("<center>\n<input>\n</center>", question),
        _TYPED.sub(lambda _: compared, answer.replace(rule, "")),
    )


def _without_marks(html: str, sounds: dict[str, list[object]]) -> str:
    """Put the sounds back in place of the engine's marks. Remove hidden texts of clozes, which only scripts of templates read."""

    def sound(mark: re.Match[str]) -> str:
        tag = sounds[mark[1]][int(mark[2])]
        return f"[sound:{tag.filename}]" if isinstance(tag, SoundOrVideoTag) else ""

    html = _HIDDEN.sub("", _PLAYED.sub(sound, html))
    return _HINT.sub(r'<details class="hint"><summary>\1</summary>\2</details>', html)


def _without_attributes(html: str) -> str:
    """Remove the attributes of the box and of the comparison of typed answers: quotes, font, and a name for screen readers."""
    html = re.sub(r'<input type="text" id="typeans"[^>]*>', "<input>", html)
    return re.sub(r'<div style="[^"]*"><code id="typeans">', "<div><code id=typeans>", html)
