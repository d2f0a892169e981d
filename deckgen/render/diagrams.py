"""Diagrams in notes: a ```` ```mermaid ```` or ```` ```dot ```` fence becomes an image if its picture is there."""

from msgspec.structs import replace

from deckgen.model import Note, Text
from deckgen.problems import Problem
from deckgen.render.references import Found, Lookup, Missing
from deckgen.scan.diagrams import Diagram, find_diagrams

_NAMES = {"mermaid": "Mermaid", "graphviz": "Graphviz"}


def with_diagrams(note: Note, text: Text, lookup: Lookup) -> tuple[Text, list[Problem]]:
    """The text with an image in place of each diagram, and every other line where it was.

    A diagram without a picture stays as code, with a problem at its place.
    """
    problems: list[Problem] = []
    parts: list[str] = []
    pos = 0
    for diagram in find_diagrams(text.source):
        found = lookup(diagram.ref)
        if isinstance(found, Found):
            parts += [text.source[pos : diagram.start], _image(diagram, text.source)]
            pos = diagram.end
        elif isinstance(found, Missing):
            line, column = text.place(diagram.start)
            problems.append(Problem(note.file, line, column, *found.problem))
    return replace(text, source="".join([*parts, text.source[pos:]])) if parts else text, problems


def _image(diagram: Diagram, source: str) -> str:
    """The image, and as many empty lines as the fence had more."""
    lines = source[diagram.start : diagram.end].split("\n")
    prefix = source[source.rfind("\n", 0, diagram.start) + 1 : diagram.start]
    image = f"![{_NAMES[diagram.language]} diagram]({diagram.ref})"
    return image + f"\n{prefix.rstrip()}" * (len(lines) - 1)
