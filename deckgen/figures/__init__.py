"""Figures that code next to the notes draws: declared with `@figure`, checked, drawn in the house style, frozen.

Importing this package does not import numpy or matplotlib. A build in which every figure is frozen does not either.
"""

from deckgen.figures.build import Figures
from deckgen.figures.data import data_path
from deckgen.figures.declare import figure
from deckgen.figures.parts import part
from deckgen.figures.request import Request

__all__ = ["Figures", "Request", "data_path", "figure", "part"]
