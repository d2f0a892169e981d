"""The notes of notes/ as text, in each of their languages, by their ids, read by deckgen's own parser; clozes opened."""

import re
import sys
from functools import cache
from pathlib import Path

from deckgen.parse import parse_file
from deckgen.parse.meta import Settings

NOTES = Path(__file__).parents[1] / "notes"
FOLDERS = {"zh": NOTES, "en": NOTES / "en"}
if str(NOTES / "figures") not in sys.path:
    sys.path.insert(0, str(NOTES / "figures"))  # for the models

_CLOZE = re.compile(r"\{\{c\d+::((?:\$[^$]*\$|(?!\}\}).)*?)(?:::[^{}$]*)?\}\}", re.S)


@cache
def texts(language: str = "zh") -> dict[str, str]:
    """Question and answer of every note."""
    found = {}
    for path in sorted(FOLDERS[language].glob("*.md")):
        for note in parse_file(path, path.name, path.name, Settings()).notes:
            found[note.id] = _CLOZE.sub(r"\1", f"{note.question.source}\n{note.answer.source}")
    return found


def numbers(note: str) -> list[str]:
    """All numbers of a note as it writes them, without the signs around them."""
    return re.findall(r"\d+(?:\.\d+)?", texts()[note])


def names(note: str, *expected: str) -> None:
    """The note has each of these numbers or words, wherever it says them."""
    found = numbers(note)
    for part in expected:
        there = part in found if re.fullmatch(r"\d+(?:\.\d+)?", part) else part in texts()[note]
        assert there, f"{note} does not name {part!r}"


def code_blocks(note: str, language: str = "zh") -> list[str]:
    """The Python blocks of a note."""
    return re.findall(r"^```python\n(.*?)^```", texts(language)[note], re.M | re.S)


def run(code: str, name: str) -> dict:
    """The names that a block leaves behind."""
    space: dict = {}
    exec(compile(code, name, "exec"), space)
    return space
