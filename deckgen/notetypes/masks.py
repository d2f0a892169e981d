"""Numbers the cards of an image-occlusion note and writes its masks into the field that Anki reads."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from deckgen.cloze.grammar import all_clozes, parse_field
from deckgen.cloze.occlusion import write_mask
from deckgen.model import Part, RenderedNote


def number_cards(parts: Iterable[Part], known: Mapping[str, int]) -> dict[str, int]:
    """Return the number of each card, by the card's name. `known` has the numbers of earlier builds.

    A new name gets the next number that was never used. Numbers begin at 1, like those of clozes. A name that is no
    longer in the picture keeps its number.
    """
    numbers = dict(known)
    for part in parts:
        numbers.setdefault(part.card, max(numbers.values(), default=0) + 1)
    return numbers


def occlusion_field(parts: Iterable[Part], numbers: Mapping[str, int]) -> str:
    """Return the field with the masks, sorted by number. The order in which a figure names its parts does not matter.

    `oi=1` keeps the other masks in place while a card asks for one. Their labels would help to guess the answer.
    """
    ordered = sorted(parts, key=lambda part: (numbers[part.card], part.name))
    return "".join(_mask(part, numbers[part.card]) for part in ordered)


def with_masks(rendered: RenderedNote, numbers: Mapping[str, int]) -> RenderedNote:
    """Return the note with masks that have these numbers."""
    name = rendered.notetype.field("masks")
    return replace(rendered, fields={**rendered.fields, name: occlusion_field(rendered.parts, numbers)})


def known_numbers(field: str, parts: Iterable[Part]) -> dict[str, int]:
    """Return the numbers of the cards in a field with masks, by the cards' names. Masks are identified by their places.

    A number without a part at its place gets a name that no part has. So no other card can get the number.
    """
    field = field.replace("<br>", "")
    clozes = [cloze for cloze in all_clozes(parse_field(field)) if cloze.occlusion]
    numbers = {cloze.occlusion: cloze.numbers[0] for cloze in clozes}
    masks = {part.card: _mask_text(part) for part in parts}
    known = {card: numbers[mask] for card, mask in masks.items() if mask in numbers}
    return known | {f"?{number}": number for number in sorted(set(numbers.values()) - set(known.values()))}


def _mask_text(part: Part) -> str:
    """Return the place of a mask in the form of `Cloze.occlusion`."""
    (cloze,) = all_clozes(parse_field(_mask(part, 1)))
    return cloze.occlusion or ""


def _mask(part: Part, number: int) -> str:
    return write_mask(number, "rect", _measures(part) | {"oi": "1"})


def _measures(part: Part) -> dict[str, str]:
    """Return the place of a mask as Anki's editor writes it: four digits, no zero before the point."""
    names = ("left", "top", "width", "height")
    return {name: f"{getattr(part, name):.4f}".removeprefix("0") for name in names}
