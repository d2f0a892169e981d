"""Tests the characters and the names of the vendored fonts."""

import pytest
from fontTools.ttLib import TTFont

from deckgen.figures.key import font_files
from deckgen.figures.style import FAMILY

STYLES = {path.stem.partition("-")[2]: path for path in font_files()}
LABELS = "ABCxyz 0123456789 +−×÷·=≠≈≤≥∞∈→←↑↓√∑∏∂∇±°%‰…‖|[]{}()<>/\\_^~αβγδεθλμπσφωΔΣΩ，。：；（）《》、“”？！—"


def level(first: int, last: int) -> str:
    """The Chinese characters in these rows of GB 2312."""
    cells = (bytes([0xA0 + row, 0xA0 + cell]) for row in range(first, last + 1) for cell in range(1, 95))
    return "".join(code.decode("gb2312", "ignore") for code in cells)


@pytest.mark.parametrize(
    ("style", "characters", "count"),
    [
        ("Regular", level(16, 87), 6763),
        ("Bold", level(16, 55), 3755),
        ("Regular", LABELS, len(LABELS)),
        ("Bold", LABELS + "熵", len(LABELS) + 1),
        ("Italic", "abcXYZαβθπσ", 11),
    ],
)
def test_a_font_has_the_characters_of_labels(style: str, characters: str, count: int) -> None:
    assert len(characters) == count
    mapped = TTFont(STYLES[style]).getBestCmap()
    assert not [each for each in characters if ord(each) not in mapped]


@pytest.mark.parametrize("style", ["Bold", "Italic", "Regular"])
def test_a_font_has_its_own_name(style: str) -> None:
    font = TTFont(STYLES[style])
    names = [font["name"].getDebugName(number) for number in (1, 2, 4, 6)]
    assert names == [FAMILY, style, f"{FAMILY} {style}", f"DeckgenSansSC-{style}"]
    top = font["CFF "].cff
    inside = [*top.fontNames, top[0].FamilyName, top[0].FullName, *(part.FontName for part in top[0].FDArray)]
    assert not [name for name in inside if "Noto" in name or "Source" in name]


def test_the_italic_font_has_the_widths_of_the_regular_font() -> None:
    upright, slanted = TTFont(STYLES["Regular"]), TTFont(STYLES["Italic"])
    for letter in "dkpxWα":
        widths = {font.getGlyphSet()[font.getBestCmap()[ord(letter)]].width for font in (upright, slanted)}
        assert len(widths) == 1
        assert slanted["hmtx"][slanted.getBestCmap()[ord(letter)]][0] in widths


def test_the_licence_is_in_the_folder_of_the_fonts() -> None:
    text = (STYLES["Regular"].parent / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text and "Copyright 2014-2021 Adobe" in text
    assert "PERMISSION & CONDITIONS" in text and "TERMINATION" in text
