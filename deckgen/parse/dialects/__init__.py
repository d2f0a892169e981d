"""The ways of writing questions and answers that deckgen reads: one module each, which defines one row, a `Dialect`.

A new module in this folder is a new dialect; nothing else names it.
"""

from deckgen.parse.dialect import Dialect
from deckgen.tables import rows_of

DIALECTS = rows_of(__name__, __path__, Dialect)
BY_NAME = {dialect.name: dialect for dialect in DIALECTS}

__all__ = ["BY_NAME", "DIALECTS", "Dialect"]
