"""The masks of an image-occlusion note: which card asks for which part, and the field that Anki reads them from."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from deckgen.cloze.grammar import all_clozes, parse_field
from deckgen.cloze.occlusion import write_mask
from deckgen.model import Part, RenderedNote


def numbered(parts: Iterable[Part], known: Mapping[str, int]) -> dict[str, int]:
    """The number of each card by its name: those `known`, and for every new name the next number that was never used.

    Numbers count from 1, as those of clozes do. A name that is no longer in the picture keeps its number for itself.
    """
    numbers = dict(known)
    for part in parts:
        numbers.setdefault(part.card, max(numbers.values(), default=0) + 1)
    return numbers


def occlusion_field(parts: Iterable[Part], numbers: Mapping[str, int]) -> str:
    """One line a mask, by number: the order in which a figure names its parts says nothing.

    `oi=1` leaves the other masks in place while a card asks for one: their labels would help to guess it.
    """
    ordered = sorted(parts, key=lambda part: (numbers[part.card], part.name))
    return "".join(_mask(part, numbers[part.card]) for part in ordered)


def masked(rendered: RenderedNote, numbers: Mapping[str, int]) -> RenderedNote:
    """The note with its cards numbered so."""
    name = rendered.notetype.field("masks")
    return replace(rendered, fields={**rendered.fields, name: occlusion_field(rendered.parts, numbers)})


def known_numbers(field: str, parts: Iterable[Part]) -> dict[str, int]:
    """The numbers that a field gives the cards of a picture, by the cards' names: a mask is known by where it lies.

    A number whose mask lies nowhere now keeps itself, under a name that no part has, so that it is never given to another.
    """
    field = field.replace("<br>", "")
    clozes = [cloze for cloze in all_clozes(parse_field(field)) if cloze.occlusion]
    numbers = {cloze.occlusion: cloze.numbers[0] for cloze in clozes}
    masks = {part.card: _mask_text(part) for part in parts}
    known = {card: numbers[mask] for card, mask in masks.items() if mask in numbers}
    return known | {f"?{number}": number for number in sorted(set(numbers.values()) - set(known.values()))}


def _mask_text(part: Part) -> str:
    """What a mask says of its place, as `Cloze.occlusion` has it."""
    (cloze,) = all_clozes(parse_field(_mask(part, 1)))
    return cloze.occlusion or ""


def _mask(part: Part, number: int) -> str:
    return write_mask(number, "rect", _measures(part) | {"oi": "1"})


def _measures(part: Part) -> dict[str, str]:
    """As Anki's own editor writes them: four digits, no zero before the point."""
    names = ("left", "top", "width", "height")
    return {name: f"{getattr(part, name):.4f}".removeprefix("0") for name in names}
