"""Renders the sides of a card from templates and fields. The rules are Anki's (rslib, template.rs and template_filters.rs)."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct

from deckgen.cards.parts import Part, Replacement, Section, TemplateError, parse_template
from deckgen.cards.text import html_to_text
from deckgen.cards.typed import fill_boxes
from deckgen.cloze.show import show_field, show_only
from deckgen.lazy_patterns import lazy_pattern

_BLANK = lazy_pattern(r"(?:\s|</?(?:br|div)\s?/?>)*", re.I)
# Packages come from anywhere, so the time must grow only with the length of the text: no part may be searched once for each opening mark.
_SOUND = lazy_pattern(
    r"\[sound:(?:(?!\[sound:)[^\]])*+\]|\[anki:tts(?:(?!\[anki:tts)[^\]])*+\](?:(?!\[anki:tts).)*?\[/anki:tts\]", re.S
)
# A base without a reading is matched too, so that it is searched once.
_RUBY = lazy_pattern(r" ?([^ >\[]++)(?:\[([^\[\]\n]+)\])?")


class CardSide(Struct, frozen=True):
    """Which side is rendered: the 0-based ordinal of its card, and whether it is the question.

    `front` is the HTML of the question, for `{{FrontSide}}`.
    """

    ordinal: int
    question: bool
    front: str = ""


def render(
    front: str, back: str, fields: Mapping[str, str], ordinal: int, special: Mapping[str, str]
) -> tuple[str, str]:
    """Return the HTML of question and answer of a card.

    `front` and `back` are the templates, `fields` the HTML of the fields by name. `special` holds the values that Anki
    fills itself: Tags, Type, Deck, Subdeck, Card, CardFlag. Raises TemplateError if Anki would show an error on the card.
    """
    known = {**special, **fields}
    question = render_side(front, known, CardSide(ordinal, question=True))
    answer = render_side(back, known, CardSide(ordinal, question=False, front=_SOUND.sub("", question)))
    return fill_boxes(question, answer, fields, ordinal)


def render_side(template: str, fields: Mapping[str, str], side: CardSide) -> str:
    """Return the HTML of one side, with the engine's marks for typed answers. Raises TemplateError if Anki would show an error."""
    return "".join(_render_part(part, fields, side) for part in parse_template(template))


def _render_part(part: Part, fields: Mapping[str, str], side: CardSide) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Replacement):
        return _render_field(part, fields, side)
    inside = [_render_part(child, fields, side) for child in part.children]
    return "".join(inside) if _condition_holds(part, fields, side) != part.negated else ""


def is_blank(html: str) -> bool:
    """Whether Anki treats a field as empty: it holds only white space and line breaks."""
    return _BLANK.fullmatch(html) is not None


def _condition_holds(section: Section, fields: Mapping[str, str], side: CardSide) -> bool:
    name = section.name
    if re.fullmatch("c[0-9]+", name) and name not in fields:
        return name == f"c{side.ordinal + 1}"
    if name not in fields:
        raise TemplateError(f"there is no field {name}", section.offset)
    return not is_blank(fields[name])


def _render_field(replacement: Replacement, fields: Mapping[str, str], side: CardSide) -> str:
    filters, name = replacement.filters, replacement.name
    if name == "FrontSide" and name not in fields:
        return side.front
    if name not in fields:
        raise TemplateError(f"there is no field {name}", replacement.offset)
    html = fields[name]
    if "type" in filters:
        return f"[[type:{':'.join((*filters[filters.index('type') + 1 :], name))}]]"
    for filter_ in reversed(filters):
        html = _FILTERS.get(filter_.split()[0], _whole_field)(html, name, side)
    return html


def _text(html: str, name: str, side: CardSide) -> str:
    # As the engine does it: `&lt;b&gt;` becomes an element.
    return html_to_text(html)


def _hint(html: str, name: str, side: CardSide) -> str:
    return "" if is_blank(html) else f'<details class="hint"><summary>{name}</summary>{html}</details>'


def _cloze(html: str, name: str, side: CardSide) -> str:
    return show_field(html, side.ordinal + 1, question=side.question)


def _cloze_only(html: str, name: str, side: CardSide) -> str:
    return show_only(html, side.ordinal + 1, question=side.question)


def _ruby(replacement: str, html: str, name: str, side: CardSide) -> str:
    """Replace furigana, which is written `base[reading]`. A sound in brackets is not furigana."""
    return _RUBY.sub(
        lambda m: m.expand(replacement) if m[2] and not m[2].startswith("sound:") else m[0], html.replace("&nbsp;", " ")
    )


def _whole_field(html: str, name: str, side: CardSide) -> str:
    return html


def _no_text(html: str, name: str, side: CardSide) -> str:
    return ""


# Other filters belong to add-ons. They show the field unchanged.
_FILTERS: dict[str, Callable[[str, str, CardSide], str]] = {
    "text": _text,
    "hint": _hint,
    "cloze": _cloze,
    "cloze-only": _cloze_only,
    "tts": _no_text,
    "furigana": partial(_ruby, r"<ruby><rb>\1</rb><rt>\2</rt></ruby>"),
    "kanji": partial(_ruby, r"\1"),
    "kana": partial(_ruby, r"\2"),
}
