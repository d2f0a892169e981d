"""Typed answers: what Anki's desktop reviewer shows in place of the engine's marks `[[type:Field]]` (qt/aqt/reviewer.py)."""

import re
from collections.abc import Mapping
from html import escape

from deckgen.cards.text import html_to_text
from deckgen.cloze.show import typed_answer
from deckgen.lazy_patterns import lazy_pattern

_BOX = lazy_pattern(r"\[\[type:(.+?)\]\]")
_RULE = "<hr id=answer>"
_LINE_BREAKS = lazy_pattern(r"(?:\n|<br\s?/?>|</?div>)+", re.I)
_SOUND = lazy_pattern(r"\[sound:[^\]]*\]")
# The reviewer writes the font of the field. Packages of deckgen have Anki's default.
_FONT = "font-family: 'Arial'; font-size: 20px"


def fill_boxes(question: str, answer: str, fields: Mapping[str, str], ordinal: int) -> tuple[str, str]:
    """Return both sides with a text box in the question, and the expected answer in its place in the answer.

    As in the reviewer, the first box of the question counts, and the line before the answer moves above the comparison. The
    learner has typed nothing. `fields` are by name, `ordinal` is the 0-based number of the card.
    """
    box = _BOX.search(question)
    expected = _expected(box[1], fields, ordinal) if box else ""
    if not expected:
        return _BOX.sub("", question), _BOX.sub("", answer)
    field = f'<center>\n<input type="text" id="typeans" aria-label="Answer" style="{_FONT}" disabled>\n</center>'
    rule = _RULE if _RULE in answer else ""
    compared = f'{rule}<div style="{_FONT}"><code id="typeans">{_plain(expected)}</code></div>'
    return _BOX.sub(lambda _: field, question), _BOX.sub(lambda _: compared, answer.replace(_RULE, ""))


def _expected(mark: str, fields: Mapping[str, str], ordinal: int) -> str:
    """Return the HTML that the learner should type. `mark` is the name of a field, after `cloze:` or `nc:` if it has these filters."""
    *filters, name = mark.split(":")
    html = fields.get(name, "")
    return typed_answer(html, ordinal + 1) if "cloze" in filters else html


def _plain(html: str) -> str:
    """Return the text of a field as the engine compares it, as HTML."""
    return escape(html_to_text(_LINE_BREAKS.sub(" ", _SOUND.sub("", html))).strip())
