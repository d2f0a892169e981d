"""Figures computed by code beside the notes: declared with `@figure`, checked, drawn in the house style, frozen.

Importing this package, and building when every figure is frozen, loads neither numpy nor matplotlib.
"""

from deckgen.figures.build import Figures
from deckgen.figures.data import data_path
from deckgen.figures.declare import figure
from deckgen.figures.parts import part
from deckgen.figures.request import Request

__all__ = ["Figures", "Request", "data_path", "figure", "part"]
