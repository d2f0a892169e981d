"""Parses type.toml and finds the lines of its keys."""

from typing import Any

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.problems import Problem, Severity
from deckgen.toml_file import parse_toml

_TABLE = lazy_pattern(r"[ \t]*\[{1,2}[ \t]*([\w-]+)[ \t]*\]")
_KEY = lazy_pattern(r"[ \t]*[\"']?([\w-]+)[\"']?[ \t]*=")


class TypeFile(Struct, frozen=True):
    """A type.toml: its path as problems show it, its values, and its text."""

    file: str
    values: dict[str, Any]
    text: str

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the tables `[[table]]`. Empty if the file has none, or a value of another form."""
        rows = self.values.get(table, [])
        return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else []

    def problem(self, message: str, *, key: str = "", table: str = "", row: int = 0, hint: str = "") -> Problem:
        """Return a problem at the line of a key, or of the head of its table if the key is not set. `row` counts from 0."""
        return Problem(self.file, self._line(key, table, row), 1, Severity.ERROR, "note-type", message, hint)

    def _line(self, key: str, table: str, row: int) -> int:
        here, seen, head = "", -1, 1
        for number, line in enumerate(self.text.split("\n"), 1):
            if found := _TABLE.match(line):
                here = found[1]
                seen += here == table
                head = number if here == table and seen == row else head
            elif (found := _KEY.match(line)) and found[1] == key and here == table and (not table or seen == row):
                return number
        return head


def read_toml(text: str, file: str) -> TypeFile:
    """Parse the text of a type.toml. Raises DeckError, with the line, if the text is not TOML."""
    return TypeFile(file, parse_toml(text, file, code="note-type"), text)
