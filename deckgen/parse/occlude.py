"""`![alt](figure:name "caption"){.occlude}` in an answer: which note occludes a picture, and what may not stand with it."""

from collections.abc import Iterator

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, Text
from deckgen.parse.document import Document
from deckgen.problems import Problem
from deckgen.scan import scan
from deckgen.scan.syntax import IMAGE

# An attribute list with the class in it, and the picture it stands behind.
_OCCLUDE = lazy_pattern(rf"(?P<image>{IMAGE})?\{{:?(?:[^{{}}\n]*\s)?\.occlude(?=[\s}}])[^{{}}\n]*\}}")


class Occlusion(Struct, frozen=True):
    """A place where an answer says `.occlude`: the offset of its picture and what that loads.

    Where no picture stands before it, the target is empty, and the offset that of the attribute list.
    """

    offset: int
    target: str


def find_occlusions(answer: Text) -> list[Occlusion]:
    """What the answer occludes, outside code and comments."""
    if ".occlude" not in answer.source:
        return []
    found = scan(answer.source)
    return [
        Occlusion(match.start(), match["target"] or "")
        for match in _OCCLUDE.finditer(answer.source)
        if not found.is_code(match.end() - 1)
    ]


def occlusion_problems(document: Document, note: Note, has_cloze: bool) -> Iterator[Problem]:
    """What is wrong with the `.occlude` of an image-occlusion note; `has_cloze` says whether its answer holds clozes."""
    first, *more = find_occlusions(note.answer)
    for each in (first, *more):
        if each.target and not each.target.startswith("figure:"):
            yield _at(
                document,
                note,
                each,
                f"{each.target} is not a figure",
                "occlude-figure",
                "only a figure names its parts",
            )
    for each in more:
        yield _at(
            document,
            note,
            each,
            "the note occludes another picture already",
            "occlude-twice",
            "make it a note of its own",
        )
    if has_cloze:
        yield _at(
            document,
            note,
            first,
            "a note cannot occlude a picture and have clozes",
            "occlude-cloze",
            "make two notes of it",
        )


def _at(document: Document, note: Note, place: Occlusion, message: str, code: str, hint: str) -> Problem:
    line, column = note.answer.place(place.offset)
    return document.problem(line, message, code=code, column=column, hint=hint)
