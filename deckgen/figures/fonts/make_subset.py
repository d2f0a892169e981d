"""Makes the three fonts beside this file out of Noto Sans CJK 2.004 (Debian's package fonts-noto-cjk).

    python make_subset.py NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc

Out: `DeckgenSansSC-{Regular,Bold,Italic}.otf`, the Simplified Chinese face cut down to what labels need, under a
name of its own as the Open Font License asks of modified versions. Italic is the Regular slanted, without Chinese:
formulas need it, and Noto Sans CJK has none. The same input gives the same bytes. Needs fonttools.
"""

import math
import sys
from pathlib import Path

from fontTools.pens.t2CharStringPen import T2CharStringPen  # type: ignore[import-untyped]
from fontTools.pens.transformPen import TransformPen  # type: ignore[import-untyped]
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

FAMILY = "Deckgen Sans SC"
SLANT = math.tan(math.radians(11))

# Punctuation, index digits, arrows, operators and letters that labels use besides Chinese, ASCII, Latin-1 and Greek.
SYMBOLS = "–—‘’“”†‡•…‰′″‖⁴←↑→↓↔⇐⇒⇔∀∂∃∅∆∇∈∉∋∏∑−∓√∝∞∠∣∥∧∨∩∪∫∴∵≈≠≡≤≥≪≫⊂⊃⊆⊇⊕⊖⊗⊙⊥⋯ℓ■□▲△▼▽◆◇○●★☆✓"

# Terms of the field whose characters are outside level 1 of GB 2312, which is all the Chinese that Bold has: titles
# are short, and the other 3008 characters would cost 0.7 MB.
BOLD_TERMS = "熵阈渲浏"


def gb2312(last_row: int) -> str:
    """The punctuation of GB 2312 (rows 1 and 3) and its Chinese characters from row 16 to `last_row`.

    Level 1, 3755 common characters by sound, ends with row 55; level 2, 3008 more by radical, with row 87.
    """
    cells = (bytes([0xA0 + row, 0xA0 + cell]) for row in (1, 3, *range(16, last_row + 1)) for cell in range(1, 95))
    return "".join(code.decode("gb2312", "ignore") for code in cells)


def western() -> str:
    """ASCII, Latin-1, Greek and `SYMBOLS`."""
    blocks = (range(0x20, 0x7F), range(0xA0, 0x100), range(0x391, 0x3A2), range(0x3A3, 0x3AA), range(0x3B1, 0x3CA))
    return "".join(chr(code) for block in blocks for code in block) + SYMBOLS


CHARACTERS = {
    "Regular": western() + gb2312(87),
    "Bold": western() + gb2312(55) + BOLD_TERMS,
    "Italic": western(),
}


def simplified(collection: Path) -> TTFont:
    """The proportional Simplified Chinese face of a Noto Sans CJK collection."""
    return next(face for face in TTCollection(collection).fonts if face["name"].getDebugName(1) == "Noto Sans CJK SC")


def cut(font: TTFont, characters: str) -> None:
    """Reduce `font` in place to `characters`: no hints, no vertical metrics, no alternates."""
    options = Options(
        hinting=False,
        layout_features=["kern"],
        notdef_outline=True,
        name_IDs=[0, 5, 13, 14],
        drop_tables=["vhea", "vmtx", "VORG", "BASE", "DSIG", "GSUB"],
    )
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    if absent := sorted(set(map(ord, characters)) - font.getBestCmap().keys()):
        raise SystemExit(f"the source font lacks {''.join(map(chr, absent))}")


def slant(font: TTFont) -> None:
    """Shear every outline of `font` in place to the right."""
    glyphs = font.getGlyphSet()
    charstrings = font["CFF "].cff.topDictIndex[0].CharStrings
    for name in font.getGlyphOrder():
        pen = T2CharStringPen(glyphs[name].width, glyphs)
        glyphs[name].draw(TransformPen(pen, (1, 0, SLANT, 1, 0, 0)))
        old = charstrings[name]
        new = pen.getCharString(old.private, old.globalSubrs)
        # The pen writes the whole width; a charstring holds its difference from the nominal one, or none at all.
        nominal, default = old.private.nominalWidthX, old.private.defaultWidthX
        new.program[:1] = [] if new.program[0] == default else [new.program[0] - nominal]
        old.setProgram(new.program)


def rename(font: TTFont, style: str) -> None:
    """Give `font` in place the family name of its own, in every table that holds one."""
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    full = f"{FAMILY} {style}"
    for number, text in {1: FAMILY, 2: style, 3: f"2.004;{postscript}", 4: full, 6: postscript}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName = full, FAMILY
    for number, part in enumerate(top.FDArray):
        part.FontName = f"{postscript}-{number}"
    font["OS/2"].fsSelection = {"Regular": 0x40, "Bold": 0x20, "Italic": 0x01}[style]
    font["head"].macStyle = {"Regular": 0, "Bold": 1, "Italic": 2}[style]


def make(collection: Path, style: str, out: Path) -> None:
    """Write one face to `out`."""
    font = simplified(collection)
    font.recalcTimestamp = False
    cut(font, CHARACTERS[style])
    if style == "Italic":
        slant(font)
    rename(font, style)
    font.save(out / f"DeckgenSansSC-{style}.otf")


if __name__ == "__main__":
    regular, bold = map(Path, sys.argv[1:])
    here = Path(__file__).parent
    for source, style in ((regular, "Regular"), (bold, "Bold"), (regular, "Italic")):
        make(source, style, here)
