"""What a deck decides about the rendering of its notes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """`base_url` is the address that relative links start from (empty: relative links lose their target).

    `macros` are pairs of a name and its TeX. With `unsafe`, fields keep all HTML of the notes, also code. With `mathml`, formulas become MathML in each note in which all of them can be converted.
    """

    base_url: str = ""
    macros: tuple[tuple[str, str], ...] = ()
    mathml: bool = False
    unsafe: bool = False
