"""The notes of the deck in each of its languages, by their ids: what they say, and what their code blocks define."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from deckgen.parse import parse_file
from deckgen.parse.meta import Settings

NOTES = Path(__file__).parents[2] / "notes"
FOLDERS = {"zh": NOTES, "en": NOTES / "en"}

_CLOZE = re.compile(r"\{\{c\d+::((?:\$[^$]*\$|(?!\}\}).)*?)(?:::[^{}$]*)?\}\}", re.S)


@cache
def texts(language: str = "zh") -> Mapping[str, str]:
    """Question, answer and line of sources of every note by its id, in the order of the deck; clozes are opened."""
    found: dict[str, str] = {}
    for path in sorted(FOLDERS[language].glob("*.md")):
        for note in parse_file(path, path.name, path.name, Settings()).notes:
            assert note.id, f"{path.name}:{note.line}: a note without an id"
            parts = [part.source for part in (note.question, note.answer, note.source) if part]
            found[note.id] = _CLOZE.sub(r"\1", "\n".join(parts))
    return MappingProxyType(found)


def blocks(note: str, language: str = "zh") -> list[str]:
    """The note's Python code blocks."""
    return re.findall(r"^```python\n(.*?)^```", texts(language)[note], re.S | re.M)


def run(note: str, language: str = "zh") -> dict:
    """The names that the note's code defines, after it has run."""
    names: dict = {}
    for block in blocks(note, language):
        exec(compile(block, note, "exec"), names)
    return names
