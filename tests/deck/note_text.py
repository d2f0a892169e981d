"""The notes of the deck in each of its languages, by their ids: what they say, and what their code blocks define."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from deckgen.model import Note
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings

NOTES = Path(__file__).parents[2] / "notes"
FOLDERS = {"zh": NOTES, "en": NOTES / "en"}

_CLOZE = re.compile(r"\{\{c\d+::((?:\$[^$]*\$|(?!\}\}).)*?)(?:::[^{}$]*)?\}\}", re.S)


@cache
def notes(language: str = "zh") -> Mapping[str, Note]:
    """Every note by its id, in the order of the deck."""
    files = sorted(FOLDERS[language].glob("*.md"))
    found = [note for path in files for note in parse_file(path, path.name, path.name, Settings()).notes]
    assert all(note.id for note in found), "a note without an id"
    return MappingProxyType({str(note.id): note for note in found})


@cache
def texts(language: str = "zh") -> Mapping[str, str]:
    """Question and answer of every note by its id, without its sources; clozes are opened."""
    opened = {id: f"{note.question.source}\n{note.answer.source}" for id, note in notes(language).items()}
    return MappingProxyType({id: _CLOZE.sub(r"\1", text) for id, text in opened.items()})


def sources(note: str, language: str = "zh") -> str:
    """The line of sources of a note, without its first word; empty if there is none."""
    found = notes(language)[note].source
    return found.source if found else ""


def blocks(note: str, language: str = "zh") -> list[str]:
    """The note's Python code blocks."""
    return re.findall(r"^```python\n(.*?)^```", texts(language)[note], re.S | re.M)


def run(note: str, language: str = "zh") -> dict:
    """The names that the note's code defines, after it has run."""
    names: dict = {}
    for block in blocks(note, language):
        exec(compile(block, note, "exec"), names)
    return names
