"""The files of the page, and MathJax for it."""

from importlib.metadata import distribution
from pathlib import Path

from deckgen.notetypes import SCRIPT

PAGE = Path(__file__).parent
_OWN = ("index.html", "preview.css", "list.js", "preview.js", "card.css", "card.js")
FILES = {**{name: PAGE / name for name in _OWN}, "note.js": SCRIPT}
"""The files at the root of the page, by their names there. `note.js` is the script in deckgen's own templates."""


def mathjax_folder() -> Path:
    """The folder with MathJax 3.2.2, the version that Anki's clients have."""
    return Path(str(distribution("sphinx-mathjax-offline").locate_file("sphinx-mathjax-offline/static/mathjax")))
