"""Notes of the deck in notes/, in each of its languages, by their ids: their text, and the functions that their code blocks define."""

import re
import sys
from functools import cache
from pathlib import Path

NOTES = Path(__file__).parents[2] / "notes"
FOLDERS = {"zh": NOTES, "en": NOTES / "en"}
if str(NOTES / "figures") not in sys.path:
    sys.path.insert(0, str(NOTES / "figures"))  # for `import models`


@cache
def texts(language: str = "zh") -> dict[str, str]:
    """The Markdown of every note by its id, heading included."""
    found = {}
    for path in sorted(FOLDERS[language].glob("*.md")):
        for part in re.split(r"(?m)^(?=### )", path.read_text("utf-8"))[1:]:
            if name := re.search(r"\{#([\w-]+)", part.splitlines()[0]):
                found[name[1]] = part
    return found


def numbers(note: str) -> set[str]:
    """Every number in the note's answer, as it is written there: digits with a point, or with thousands as they stand."""
    body = texts()[note].split("\n来源：")[0]
    return set(re.findall(r"\d+(?:\.\d+)?", body))


def blocks(note: str, language: str = "zh") -> list[str]:
    """The note's Python code blocks."""
    return re.findall(r"^```python\n(.*?)^```", texts(language)[note], re.S | re.M)


def run(note: str, language: str = "zh") -> dict:
    """The names that the note's code defines, after it has run."""
    names: dict = {}
    for block in blocks(note, language):
        exec(compile(block, note, "exec"), names)
    return names
