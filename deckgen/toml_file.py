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
        message, line, column = reason_and_place(error, text)
        raise DeckError.at(file, f"is not TOML: {message}", code=code, line=line, column=column) from error
    except ValueError as error:
        raise DeckError.at(file, "has a number with too many digits", code=code) from error
    if wrong := excess(values, children_of):
        raise DeckError.at(file, wrong, code=code)
    if has_long_number(values):
        raise DeckError.at(file, "has a number with too many digits", code=code)
    return values


def reason_and_place(error: tomllib.TOMLDecodeError, text: str) -> tuple[str, int, int]:
    """Return the message of an error without its place, and the line and the column in the text, which begin with 1.

    If the end of the text is the place, the line is the last one that is not blank, and the column is 1.
    """
    reason, _, place = str(error).rpartition(" (at ")
    found = re.fullmatch(r"line (\d+), column (\d+)\)", place)
    return (reason, int(found[1]), int(found[2])) if found else (reason, text.rstrip().count("\n") + 1, 1)
