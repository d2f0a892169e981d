"""A fixture that renders a Markdown text as the answer of a note."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from deckgen.model import Media, Note, Text
from deckgen.problems import FigureError, Problem
from deckgen.render import Renderer, RenderOptions

Render = Callable[..., tuple[str, list[Problem]]]


def no_figure(ref: str) -> Media:
    raise FigureError(f"no figure {ref}", code="figure-unknown")


@pytest.fixture
def render(tmp_path) -> Render:
    """Return a function from Markdown to the field HTML and the problems. The first line is line 1 of `n.md`."""

    def run(markdown: str, kind: str = "basic", macros: dict[str, str] | None = None, mathml: bool = False):
        note = Note("n.md", "n.md", kind, "heading", Text("?", 1), Text(markdown, 1))
        options = RenderOptions("", tuple((macros or {}).items()), mathml)
        rendered, problems = Renderer(tmp_path, no_figure, options).render(note)
        return rendered.fields["Text" if kind == "cloze" else "Back"], problems

    return run
