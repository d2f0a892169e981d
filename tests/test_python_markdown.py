"""Extensions are found by the names of their modules, and are those that Python-Markdown finds."""

import subprocess
import sys
from typing import Any

import markdown

from deckgen.render.extensions import EXTENSIONS
from deckgen.render.python_markdown import Markdown


def processors(made: markdown.Markdown) -> list[list[tuple[str, float, str]]]:
    """Return the names, priorities and classes of all processors."""
    tables: list[Any] = [made.preprocessors, made.inlinePatterns, made.treeprocessors, made.postprocessors]
    return [
        [(each.name, each.priority, str(type(table[each.name]))) for each in table._priority]
        for table in (*tables, made.parser.blockprocessors)
    ]


def test_the_extensions_are_those_of_python_markdown() -> None:
    ours, usual = (
        kind(extensions=[*EXTENSIONS], extension_configs=EXTENSIONS) for kind in (Markdown, markdown.Markdown)
    )
    assert processors(ours) == processors(usual) != processors(markdown.Markdown())


def test_the_metadata_of_packages_is_not_read() -> None:
    code = "import sys; from deckgen.render.extensions import new_markdown; new_markdown(); print('importlib.metadata' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
