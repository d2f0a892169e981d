"""Show clozes as Anki's cards do: hidden in the question, marked in the answer (rslib/src/cloze.rs, Anki 26.09).

The engine also writes the hidden text into an attribute `data-cloze`, for scripts of templates. It is left out here, because
cards do not show it.
"""

from collections.abc import Iterator

from deckgen.cloze.grammar import Cloze, Node, all_clozes, parse_field
from deckgen.cloze.mathjax import strip_tags_in_mathjax
from deckgen.cloze.occlusion import mask_attributes


def show_field(html: str, number: int, *, question: bool) -> str:
    """Return what `{{cloze:Field}}` shows of a field on card `number` (from 1), in the question or the answer.

    It is empty if no cloze of the field has the number.
    """
    return strip_tags_in_mathjax(reveal(html, number, question=question))


def reveal(html: str, number: int, *, question: bool) -> str:
    """Return the field with the clozes of `number` hidden (question) or marked (answer). Tags in formulas stay.

    It is empty if no cloze of the field has the number.
    """
    nodes = parse_field(html)
    if not any(_is_asked(node, number) for node in nodes):
        return ""
    return "".join(_show(node, number, question) for node in nodes)


def show_answer(cloze: Cloze) -> str:
    """Return the HTML that a cloze hides. The clozes inside it are shown."""
    return "".join(_show(node, 0, question=False) for node in cloze.nodes)


def show_only(html: str, number: int, *, question: bool) -> str:
    """Return what `{{cloze-only:Field}}` shows: the hints (question) or the texts (answer) of the clozes of `number`."""
    return ", ".join(_only(html, number, question))


def typed_answer(html: str, number: int) -> str:
    """Return the expected input of `{{type:cloze:Field}}`: the texts of the clozes of `number`, or one if they are equal."""
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
    """Whether card `number` asks for a cloze or for one inside it. The engine ignores clozes inside image-occlusion masks."""
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
    """Return the class of a mask's element. A mask with number 0 is on every card of its note."""
    if 0 in mask.numbers or (active and question):
        return "cloze"
    return "cloze-highlight" if active else "cloze-inactive"
