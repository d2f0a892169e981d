"""Change a line of deck.toml. All other lines stay as the author wrote them."""

import tomllib
from pathlib import Path
from typing import Any

from deckgen.problems import DeckError
from deckgen.project import FILE

_MARK = "# deck.lock, beside this file, remembers the notes of this deck: commit it too.", "lock = true"


def toml_values(text: str) -> dict[str, Any]:
    """Return the values of a TOML text. Raises TOMLDecodeError if it is not TOML."""
    return tomllib.loads(text.removeprefix("\ufeff"))


def with_lock_mark(root: Path) -> str:
    """Return the text of a folder's deck.toml with the line `lock = true` added.

    Raises DeckError if there is no place for the line.
    """
    path = root / FILE
    text = path.read_bytes().decode()
    wanted = {**toml_values(text), "lock": True}
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    mark = "".join(line + end for line in _MARK)
    # The line goes below the id. If that changes other values, it goes to the first place where it changes none.
    ids = [n for n, line in enumerate(lines, 1) if line.lstrip("\ufeff \t").startswith(("id", '"id"', "'id'"))]
    for n in (*ids, *range(len(lines) + 1)):
        above = "".join(lines[:n])
        changed = f"{above}{end if above and not above.endswith(end) else ''}{mark}{''.join(lines[n:])}"
        if _has_values(changed, wanted):
            return changed
    raise DeckError.at(
        str(path), "there is no place for a line lock = true", code="deck-toml", hint="write it on a line of its own"
    )


def _has_values(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return toml_values(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
