"""Clozes as Anki's cards show them: the asked ones hidden or marked, the others as text (rslib/src/cloze.rs, Anki 26.09).

One difference: the engine also puts what a question hides into an attribute `data-cloze`, for scripts of templates. Here it is
left out, for nothing of it is shown.
"""

from collections.abc import Iterator

from deckgen.cloze.grammar import Cloze, Node, all_clozes, parse_field
from deckgen.cloze.mathjax import strip_tags_in_mathjax
from deckgen.cloze.occlusion import mask_attributes


def show_field(html: str, number: int, *, question: bool) -> str:
    """Return what `{{cloze:Field}}` shows of a field on card `number` (from 1), in the question or the answer.

    Empty where no cloze of the field has that number.
    """
    return strip_tags_in_mathjax(reveal(html, number, question=question))


def reveal(html: str, number: int, *, question: bool) -> str:
    """Return the field with the clozes of `number` hidden (question) or marked (answer), tags in formulas kept.

    Empty where no cloze of the field has that number.
    """
    nodes = parse_field(html)
    if not any(_is_asked(node, number) for node in nodes):
        return ""
    return "".join(_show(node, number, question) for node in nodes)


def show_answer(cloze: Cloze) -> str:
    """Return the HTML that a cloze hides, with the clozes inside it shown."""
    return "".join(_show(node, 0, question=False) for node in cloze.nodes)


def show_only(html: str, number: int, *, question: bool) -> str:
    """Return what `{{cloze-only:Field}}` shows: the hints (question) or the texts (answer) of the clozes of `number`."""
    return ", ".join(_only(html, number, question))


def typed_answer(html: str, number: int) -> str:
    """Return what `{{type:cloze:Field}}` asks to type: the texts of the clozes of `number`, or one where all are the same."""
    texts = list(_only(html, number, question=False))
    return texts[0] if len(set(texts)) == 1 else ", ".join(texts)


def _only(html: str, number: int, question: bool) -> Iterator[str]:
    asked = (cloze for cloze in all_clozes(parse_field(html)) if number in cloze.numbers)
    return (_hint(cloze) if question else _text(cloze) for cloze in asked)


def _text(node: Node) -> str:
    return node if isinstance(node, str) else "".join(map(_text, node.nodes))


def _hint(cloze: Cloze) -> str:
    return "..." if cloze.hint is None else cloze.hint


def _is_asked(node: Node, number: int) -> bool:
    """Whether a card asks for a cloze or for one inside it. The engine does not look into masks of image occlusion."""
    if isinstance(node, str):
        return False
    return number in node.numbers or (node.occlusion is None and any(_is_asked(inner, number) for inner in node.nodes))


def _show(node: Node, number: int, question: bool) -> str:
    if isinstance(node, str):
        return node
    ordinal = ",".join(map(str, node.numbers))
    active = number in node.numbers
    if node.occlusion is not None:
        return f'<div class="{_mask_class(node, active, question)}" data-ordinal="{ordinal}" {mask_attributes(node.occlusion)}></div>'
    if active and question:
        return f'<span class="cloze" data-ordinal="{ordinal}">[{_hint(node)}]</span>'
    inner = "".join(_show(item, number, question) for item in node.nodes)
    return f'<span class="{"cloze" if active else "cloze-inactive"}" data-ordinal="{ordinal}">{inner}</span>'


def _mask_class(mask: Cloze, active: bool, question: bool) -> str:
    """The class of a mask's element. A mask of number 0 is on every card of its note."""
    if 0 in mask.numbers or (active and question):
        return "cloze"
    return "cloze-highlight" if active else "cloze-inactive"
