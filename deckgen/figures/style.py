"""The house style of all figures, and the names that figure code may use.

The colours have a contrast of at least 4.5 on white and, inverted for night mode, on Anki's dark card. They differ for
every kind of colour vision. Still add a label, a marker or a dash to each colour.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN = "#2150D8", "#B25900", "#17825E"
PURPLE = "#9540BF"
INK, MUTED, GRID = "#1b1f24", "#5f6b76", "#a8b0b8"
DIVERGING, SEQUENTIAL = "RdBu_r", "Blues"

# Points. A figure is 4 inches wide and shown about 390 px wide on a phone, so 8.5 pt become 11.5 px.
TEXT, TITLE, TICK, SMALL, FORMULA = 11, 12, 9.5, 8.5, 12.5

WIDTH = 4.0  # inches
DPI = 195
FAMILY = "Deckgen Sans SC"

RC: dict[str, Any] = {
    "figure.figsize": (WIDTH, 3.0),
    "figure.dpi": DPI,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "font.family": "sans-serif",
    "font.sans-serif": [FAMILY],
    "font.enable_last_resort": False,
    "font.size": TEXT,
    "axes.titlesize": TITLE,
    "axes.titleweight": "bold",
    "axes.titlepad": 7,
    "axes.labelsize": TEXT,
    "axes.labelpad": 3,
    "xtick.labelsize": TICK,
    "ytick.labelsize": TICK,
    "legend.fontsize": TICK,
    "legend.frameon": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "hatch.linewidth": 0.8,
    "image.interpolation": "nearest",
    "image.cmap": SEQUENTIAL,
    # Letters and digits of formulas use the house font. It has no roots, sums and brackets: those come from STIX Sans.
    "mathtext.fontset": "custom",
    "mathtext.rm": FAMILY,
    "mathtext.sf": FAMILY,
    "mathtext.it": f"{FAMILY}:italic",
    "mathtext.bf": f"{FAMILY}:bold",
    "mathtext.bfit": f"{FAMILY}:bold",
    "mathtext.cal": "cmsy10",
    "mathtext.tt": "DejaVu Sans Mono",
    "mathtext.fallback": "stixsans",
}


def canvas(height: float) -> "Figure":
    """Return an empty figure of the house width, `height` inches high. Its axes are laid out without overlap."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), layout="constrained")
