"""Writes the workflows of the deck in notes/. They are those of deckgen init, but use the deckgen of this repository."""

from pathlib import Path

from deckgen.init.repository import Tools, place_of, workflows
from deckgen.sources import read_project

ROOT = Path(__file__).parents[2]
TOOLS = Tools("3.13", 'make .venv/test.stamp && echo "$PWD/.venv/bin" >> "$GITHUB_PATH"', "constraints-test.txt")


def own_workflows() -> dict[Path, str]:
    """Path → text."""
    deck = ROOT / "notes"
    made = workflows(place_of(deck), read_project(deck).slug, TOOLS)
    return {ROOT / path: text for path, text in made.items()}


if __name__ == "__main__":
    for path, text in own_workflows().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
