"""Paragraphs of an answer that fill a field of their own: `Hint: …`, for the note types of a deck that have such fields."""

import re
from collections.abc import Iterator, Mapping

from deckgen.model import NoteType, Text
from deckgen.scan import scan


def labels_of(notetype: NoteType) -> dict[str, str]:
    """Label → the name of the field that its paragraphs fill."""
    return {label: each.name for each in notetype.fields for label in each.labels}


def without_labelled(answer: Text, labels: Mapping[str, str]) -> tuple[Text, tuple[tuple[str, Text], ...]]:
    """The answer without the paragraphs that begin with a label, and these, each with the name of its field.

    Empty lines stay in their place, so that all places in the answer stay true.
    """
    if not labels:
        return answer, ()
    spans = list(_labelled(answer.source, labels))
    source = answer.source
    for start, end, _, _ in reversed(spans):
        source = source[:start] + "\n" * source.count("\n", start, end) + source[end:]
    skipped = len(source) - len(source.lstrip("\n"))
    line, column = answer.place(0) if not skipped else (answer.line + skipped, answer.indent + 1)
    taken = tuple(
        (name, Text(answer.source[body:end].rstrip(), *answer.place(body), answer.indent))
        for _, end, body, name in spans
    )
    return Text(source.strip("\n"), line, column, answer.indent), taken


def _labelled(source: str, labels: Mapping[str, str]) -> Iterator[tuple[int, int, int, str]]:
    """Start and end of each labelled paragraph, where its text begins after the label, and its field.

    A paragraph begins after an empty line, or after another that is labelled, and ends before the next.
    """
    names = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    opening = re.compile(rf" {{0,3}}(?:\*\*)?({names})(?:\*\*)?[ \t]*[：:](?:\*\*)?[ \t]*")
    found = scan(source)
    opened: tuple[int, int, str] | None = None
    free, start = True, 0
    for line in source.splitlines(keepends=True):
        match = opening.match(line) if free and found.covering(start) is None else None
        if opened and (match or not line.strip()):
            yield opened[0], start - 1, opened[1], opened[2]
            opened = None
        if match:
            opened = (start, start + match.end(), labels[match[1]])
        free = opened is not None or not line.strip()
        start += len(line)
    if opened:
        yield opened[0], len(source), opened[1], opened[2]
