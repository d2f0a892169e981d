"""The masks of an image-occlusion note: which card asks for which part, and the field that Anki reads them from."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

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
    return "".join(write_mask(numbers[part.card], "rect", _measures(part) | {"oi": "1"}) for part in ordered)


def masked(rendered: RenderedNote, numbers: Mapping[str, int]) -> RenderedNote:
    """The note with its cards numbered so."""
    return replace(rendered, fields={**rendered.fields, "Occlusion": occlusion_field(rendered.parts, numbers)})


def _measures(part: Part) -> dict[str, str]:
    """As Anki's own editor writes them: four digits, no zero before the point."""
    names = ("left", "top", "width", "height")
    return {name: f"{getattr(part, name):.4f}".removeprefix("0") for name in names}
