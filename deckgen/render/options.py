"""What a deck decides about the rendering of its notes."""

from pathlib import Path

from msgspec import Struct


class RenderOptions(Struct, frozen=True):
    """`base_url` is the address that relative links start from (empty: relative links lose their target).

    `macros` are pairs of a name and its TeX. With `mathml`, formulas become MathML in each note in which all of them can be converted.
    `media` are the folders that media may be in, besides the deck's. With `unsafe`, fields keep all HTML of the notes, also code.
    """

    base_url: str = ""
    macros: tuple[tuple[str, str], ...] = ()
    mathml: bool = False
    media: tuple[Path, ...] = ()
    unsafe: bool = False
