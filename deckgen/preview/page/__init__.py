"""The files of the page, and MathJax for it."""

from importlib.metadata import distribution
from pathlib import Path

PAGE = Path(__file__).parent
FILES = ("index.html", "preview.css", "preview.js", "card.css", "card.js")
"""The files that stand at the root of a site."""


def mathjax_folder() -> Path:
    """The folder with MathJax 3.2.2, the version that Anki's clients have."""
    return Path(str(distribution("sphinx-mathjax-offline").locate_file("sphinx-mathjax-offline/static/mathjax")))
