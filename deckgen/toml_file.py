"""Parse the text of a TOML file."""

import re
import tomllib
from typing import Any

from deckgen.nesting import children_of, excess, has_long_number
from deckgen.problems import DeckError


def parse_toml(text: str, file: str, *, code: str) -> dict[str, Any]:
    """Return the values. Raises DeckError with the problem code `code`, at the place of the error, if the text is not TOML."""
    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise DeckError.at(file, "is nested too deeply", code=code) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (max(text.count("\n"), 1), 1)
        message = str(error).partition(" (at ")[0]
        raise DeckError.at(file, f"is not TOML: {message}", code=code, line=line, column=column) from error
    except ValueError as error:
        raise DeckError.at(file, "has a number with too many digits", code=code) from error
    if wrong := excess(values, children_of):
        raise DeckError.at(file, wrong, code=code)
    if has_long_number(values):
        raise DeckError.at(file, "has a number with too many digits", code=code)
    return values
