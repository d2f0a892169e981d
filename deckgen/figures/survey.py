"""Lists the figures of a deck: where each is used, its size, why it was computed, and whether it can be reproduced."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from deckgen.figures.build import Figures
from deckgen.figures.request import Request
from deckgen.figures.task import Drawing
from deckgen.model import Media
from deckgen.problems import FigureError, Problem, Severity

Use = tuple[str, str]
"""A reference, and the place of its note as file:line."""


class FigureRow(Struct, frozen=True):
    """A picture: its request, the places that use it (file:line), its bytes, its frozen file, and why it was computed.

    If it was computed again, `difference` says how it compares. `again` is the new picture, or None if the bytes are the same.
    """

    request: Request
    places: tuple[str, ...]
    picture: bytes
    file: Path | None
    reasons: tuple[str, ...] = ()
    again: bytes | None = None
    difference: str = ""

    def __str__(self) -> str:
        used = ", ".join(self.places) or "not used"
        state = self.difference or (f"computed: {', '.join(self.reasons)}" if self.reasons else "frozen")
        return f"{self.request}: {len(self.picture)} bytes, {used}; {state}"

    def json(self) -> dict[str, Any]:
        """Return the row as an object for `deckgen figures --json`."""
        again = {"again": self.difference} if self.difference else {}
        return {
            "figure": self.request.name,
            "parameters": dict(self.request.parameters),
            "used": list(self.places),
            "why": list(self.reasons),
            "bytes": len(self.picture),
            "file": str(self.file) if self.file else None,
            **again,
        }


class Survey(Struct, frozen=True):
    """The rows of all figures and the problems, both sorted."""

    rows: tuple[FigureRow, ...]
    problems: tuple[Problem, ...]


class Uses(Struct, frozen=True):
    """The requests of a deck with the places that use them. A figure that no note uses has a request with its defaults."""

    places: dict[Request, list[str]]
    problems: tuple[Problem, ...]

    def problems_at(self, request: Request, error: FigureError, figures: Figures) -> list[Problem]:
        """Return the error at each note that uses the picture, or else at the declaration of the figure."""
        return [figure_problem(place, error) for place in self.places[request] or [figures.declaration_place(request)]]


def survey(figures: Figures, uses: Iterable[Use]) -> Survey:
    """Return all figures, sorted by name. Pictures that are not frozen are computed, and frozen if a note uses them.

    A figure that gives no picture is a problem at its note, or else at its declaration.
    """
    found = find_uses(figures, uses)
    pictures: dict[Request, Media | Drawing | FigureError] = {}
    pictures |= figures.compute(request for request in sorted_requests(found) if found.places[request])
    pictures |= figures.draw(request for request in sorted_requests(found) if not found.places[request])
    rows: list[FigureRow] = []
    problems = [*found.problems, *figures.problems]
    for request in sorted_requests(found):
        match pictures[request]:
            case FigureError() as error:
                problems += found.problems_at(request, error, figures)
            case Media(path=path):
                rows.append(
                    FigureRow(request, tuple(found.places[request]), path.read_bytes(), path, figures.reasons(request))
                )
            case Drawing(picture=picture):
                rows.append(FigureRow(request, (), picture, None, ("not kept",)))
    return Survey(tuple(rows), tuple(sorted(problems)))


def recheck(figures: Figures, uses: Iterable[Use], *, others: bool = True) -> Survey:
    """Compute all used pictures again and compare them with the frozen ones. With `others`, also compute unused figures.

    Nothing is written. It is a problem if a picture differs, is not frozen, or fails its check.
    """
    found = find_uses(figures, uses, others=others)
    drawn = dict(figures.draw(sorted_requests(found)))
    rows: list[FigureRow] = []
    problems = [*found.problems]
    for request in sorted_requests(found):
        try:
            if isinstance(outcome := drawn[request], FigureError):
                raise outcome
            row, error = compare_with_frozen(figures, request, tuple(found.places[request]), outcome)
            rows.append(row)
            if error:
                raise error
        except FigureError as error:
            problems += found.problems_at(request, error, figures)
    return Survey(tuple(rows), tuple(sorted(problems)))


def compare_with_frozen(
    figures: Figures, request: Request, places: tuple[str, ...], drawing: Drawing
) -> tuple[FigureRow, FigureError | None]:
    """Return the row of a figure that was computed again, and the error if it differs.

    Raises FigureError if there is no frozen picture.
    """
    from deckgen.figures.compare import compare_pictures  # imports numpy and Pillow

    if not places:
        return FigureRow(request, (), drawing.picture, None, difference="computed without an error"), None
    media = figures.frozen(request)
    frozen = media.path.read_bytes()
    found = compare_pictures(frozen, media.parts, drawing.picture, drawing.parts)
    row = FigureRow(
        request,
        places,
        frozen,
        media.path,
        again=None if frozen == drawing.picture else drawing.picture,
        difference=str(found),
    )
    if found.alike:
        return row, None
    hint = "restore the picture with git, or, if the new picture is right, run deckgen build --refresh"
    return row, FigureError(
        f"figure {request} differs from its frozen picture: {found}", code="figure-differs", hint=hint
    )


def find_uses(figures: Figures, uses: Iterable[Use], *, others: bool = True) -> Uses:
    """Return the requests of all references, and with `others` those of unused figures. A wrong reference is a problem."""
    places: dict[Request, list[str]] = {}
    problems: list[Problem] = []
    for ref, place in uses:
        try:
            places.setdefault(figures.request(ref), []).append(place)
        except FigureError as error:
            problems.append(figure_problem(place, error))
    used = {request.name for request in places}
    spare: dict[Request, list[str]] = {
        request: [] for request in figures.declared if others and request.name not in used
    }
    return Uses(places | spare, tuple(problems))


def sorted_requests(uses: Uses) -> list[Request]:
    """Return all requests, sorted by name and parameters."""
    return sorted(uses.places, key=str)


def figure_problem(place: str, error: FigureError) -> Problem:
    """Return the error as a problem at `place` (file:line)."""
    file, _, line = place.rpartition(":")
    return Problem(file, int(line), 1, Severity.ERROR, error.code, str(error), error.hint)
