"""Definitions that stand anywhere in a file and serve all of it: link targets, footnotes, abbreviations.

A note is rendered by itself, so it is handed those that it refers to, and those behind the last answer are no part of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from deckgen.model import Text
from deckgen.parse.document import Document

_DEFINITION = re.compile(r" {0,3}(\[\^[^\]\n]+\]|\*?\[[^\]\n^][^\]\n]*\]):[ \t]*\S")
_CONTINUED = re.compile(r"(?: {4}|\t)[ \t]*\S")


@dataclass(frozen=True, slots=True)
class Definition:
    """The lines (1-based, both included) of a definition, and what refers to it: a text, matched without case."""

    first: int
    last: int
    label: str
    text: str


def definitions(document: Document) -> tuple[Definition, ...]:
    """All definitions of a file, in order."""
    return tuple(_definitions(document))


def _definitions(document: Document) -> Iterator[Definition]:
    if "]:" not in document.source:
        return
    lines = document.lines
    for i, line in enumerate(lines):
        match = _DEFINITION.match(line.text) if line.open else None
        if match is None:
            continue
        last = i
        while match[1].startswith("[^") and last + 1 < len(lines) and _CONTINUED.match(lines[last + 1].text):
            last += 1
        label = match[1].strip("*[]") if match[1].startswith("*") else match[1]
        yield Definition(i + 1, last + 1, label.lower(), "\n".join(each.text for each in lines[i : last + 1]))


def without_definitions(text: Text, known: tuple[Definition, ...]) -> Text:
    """A text without the definitions at its end."""
    lines = text.source.split("\n")
    count = len(lines)
    taken = {number for each in known for number in range(each.first, each.last + 1)}
    while lines and (not lines[-1].strip() or text.line + len(lines) - 1 in taken):
        lines.pop()
    return text if len(lines) == count else replace(text, source="\n".join(lines))


def definitions_for(text: Text, known: tuple[Definition, ...]) -> str:
    """The source of those definitions that a text refers to and does not hold."""
    if not known:
        return ""
    source = text.source.lower()
    last = text.line + text.source.count("\n")
    return "\n\n".join(each.text for each in known if each.label in source and not text.line <= each.first <= last)
