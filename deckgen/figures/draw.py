"""Draws a matplotlib figure in the house style and encodes it as WebP. Imports matplotlib, so only workers import this."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import matplotlib
from cycler import cycler
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from deckgen.figures import style
from deckgen.figures.key import font_files
from deckgen.figures.lint import readability_problems
from deckgen.figures.text_recorder import RecordingCanvas
from deckgen.problems import FigureError

MAX_BYTES = 120 * 1024
WIDTH_PIXELS = round(style.WIDTH * style.DPI)


class LoggedWarningHandler(logging.Handler):
    """Raises FigureError for a warning that matplotlib only logs: it replaced a font or a symbol."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raise the warning as a FigureError."""
        raise FigureError(record.getMessage(), code="figure-text", hint=font_hint())


@contextmanager
def house_style() -> Iterator[None]:
    """Use the house style and none of the user's settings in the block. Warnings of matplotlib become FigureError or UserWarning."""
    register_fonts()
    handler = LoggedWarningHandler(logging.WARNING)
    log = logging.getLogger("matplotlib")
    log.addHandler(handler)
    try:
        with matplotlib.rc_context(), warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(style.RC)  # type: ignore[arg-type]
            matplotlib.rcParams["axes.prop_cycle"] = cycler(color=[style.BLUE, style.ORANGE, style.GREEN])
            yield
    finally:
        log.removeHandler(handler)


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Register the house fonts with matplotlib, once per process."""
    for path in font_files():
        font_manager.fontManager.addfont(path)


def render_webp(figure: Figure) -> bytes:
    """Return the picture as lossless WebP, 780 px wide, transparent. Raises FigureError if it breaks a rule for pictures."""
    check_fonts(figure)
    canvas = RecordingCanvas(figure)
    try:
        canvas.draw()
    except UserWarning as warning:
        raise FigureError(str(warning), code="figure-text", hint=font_hint()) from None
    width, height = canvas.get_width_height()
    if width != WIDTH_PIXELS:
        hint = f"Figure(figsize=({style.WIDTH}, height)) without a dpi of its own"
        raise FigureError(f"the picture is {width} px wide, not {WIDTH_PIXELS}", code="figure-size", hint=hint)
    picture = encode(Image.frombuffer("RGBA", (width, height), canvas.buffer_rgba()))  # type: ignore[no-untyped-call]
    if found := readability_problems(figure, canvas):
        raise FigureError("; ".join(found), code="figure-look", hint="the rules are in docs/figures.md")
    return picture


def encode(image: Image.Image) -> bytes:
    """Return the image as lossless WebP. The colour of fully transparent pixels is lost.

    Raises FigureError if it is larger than `MAX_BYTES` bytes.
    """
    # Method 6 takes ten times as long and makes the file one percent smaller.
    out = BytesIO()
    image.save(out, "WEBP", lossless=True, quality=100, method=4)
    if out.tell() > MAX_BYTES:
        message = f"the picture takes {out.tell() / 1024:.0f} KiB, more than {MAX_BYTES // 1024}"
        raise FigureError(message, code="figure-size", hint="draw fewer points, or less noise")
    return out.getvalue()


def check_fonts(figure: Figure) -> None:
    """Raise FigureError for a text in another font: other machines may not have that font."""
    house = set(font_files())
    for text in figure.findobj(Text):
        if text.get_usetex() or Path(font_manager.findfont(text.get_fontproperties())) not in house:
            message = f"the text {text.get_text()!r} is not set in the house font"
            raise FigureError(message, code="figure-text", hint="leave the font family as it is")


def font_hint() -> str:
    """Return the hint that lists the characters of the house font."""
    return (
        f"{style.FAMILY} has GB 2312 (in bold, its common characters only), ASCII, Latin-1, Greek and common symbols; "
        "write other symbols in TeX between dollar signs, and Chinese outside of them"
    )
