"""Writes the workflows of the decks in notes/ and notes/en/. They are those of deckgen init, but use the deckgen of this repository."""

from collections.abc import Iterator
from pathlib import Path

from deckgen.init.repository import Tools, place_of, workflows
from deckgen.sources import read_project

ROOT = Path(__file__).parents[2]
DECKS = ("notes", "notes/en")
TOOLS = Tools("3.13", 'make .venv/test.stamp && echo "$PWD/.venv/bin" >> "$GITHUB_PATH"', "constraints-test.txt")


def own_workflows() -> dict[Path, str]:
    """Path → text. The page of the repository is that of the last deck."""
    return {ROOT / path: text for deck in DECKS for path, text in _workflows(ROOT / deck)}


def _workflows(deck: Path) -> Iterator[tuple[str, str]]:
    """The workflows of a deck. Those of a translation also look at pull requests that touch its original alone."""
    project = read_project(deck)
    place = place_of(deck)
    for path, text in workflows(place, project.slug, TOOLS).items():
        original = place_of(project.original or deck)
        yield path, text.replace(f'paths: ["{place.folder}/**"', f'paths: ["{original.folder}/**"')


if __name__ == "__main__":
    for path, text in own_workflows().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
