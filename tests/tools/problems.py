"""Writes docs/problems.md from the table of problem codes."""

from pathlib import Path

from deckgen.explain import areas
from deckgen.explain.markdown import page

PAGE = Path(__file__).parents[2] / "docs" / "problems.md"

if __name__ == "__main__":
    PAGE.write_text(page(areas()), "utf-8")
