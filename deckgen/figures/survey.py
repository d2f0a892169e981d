"""The figures of a deck in a list: where each is used, how large it is, why it was computed, and whether it comes out alike again."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckgen.figures.build import Figures
from deckgen.figures.request import Request
from deckgen.figures.task import Drawing
from deckgen.model import Media
from deckgen.problems import FigureError, Problem, Severity

Use = tuple[str, str]
"""A reference, and where the note stands that holds it, as file:line."""


@dataclass(frozen=True, slots=True)
class Row:
    """A picture: the request, where notes use it (file:line each), its bytes, its file where it is frozen, why it was computed.

    Where it was computed again, `again` is the picture that came out, unless it was the same, and `difference` what was found.
    """

    request: Request
    places: tuple[str, ...]
    picture: bytes
    file: Path | None
    why: tuple[str, ...] = ()
    again: bytes | None = None
    difference: str = ""

    def __str__(self) -> str:
        used = ", ".join(self.places) or "not used"
        state = self.difference or (f"computed: {', '.join(self.why)}" if self.why else "frozen")
        return f"{self.request}: {len(self.picture)} bytes, {used}; {state}"

    def json(self) -> dict:
        again = {"again": self.difference} if self.difference else {}
        return {
            "figure": self.request.name,
            "parameters": dict(self.request.parameters),
            "used": list(self.places),
            "why": list(self.why),
            "bytes": len(self.picture),
            "file": str(self.file) if self.file else None,
            **again,
        }


@dataclass(frozen=True, slots=True)
class Survey:
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Uses:
    """The requests of a deck, each with the places that use it; of a figure that none uses the one with its defaults."""

    places: dict[Request, list[str]]
    problems: tuple[Problem, ...]

    def at(self, request: Request, error: FigureError, figures: Figures) -> list[Problem]:
        """The error at each note that uses the picture, or where the figure is declared."""
        return [problem(place, error) for place in self.places[request] or [figures.place(request)]]


def survey(figures: Figures, uses: Iterable[Use]) -> Survey:
    """All figures by name. What is not frozen is computed: kept where a note uses it, else only shown.

    What gives no picture is a problem at its note, or where it is declared.
    """
    found = requested(figures, uses)
    pictures: dict[Request, Media | Drawing | FigureError] = {}
    pictures |= figures.compute(request for request in ordered(found) if found.places[request])
    pictures |= figures.draw(request for request in ordered(found) if not found.places[request])
    rows: list[Row] = []
    problems = [*found.problems, *figures.problems]
    for request in ordered(found):
        match pictures[request]:
            case FigureError() as error:
                problems += found.at(request, error, figures)
            case Media(path=path):
                rows.append(Row(request, tuple(found.places[request]), path.read_bytes(), path, figures.why(request)))
            case Drawing(picture=picture):
                rows.append(Row(request, (), picture, None, ("not kept",)))
    return Survey(tuple(rows), tuple(sorted(problems)))


def recheck(figures: Figures, uses: Iterable[Use], *, others: bool = True) -> Survey:
    """Compute what is used again, and compare it with the frozen pictures; with `others` compute what is not used as well.

    Nothing is written. A picture that does not come out alike, is not frozen, or fails its check is a problem.
    """
    found = requested(figures, uses, others=others)
    drawn = dict(figures.draw(ordered(found)))
    rows: list[Row] = []
    problems = [*found.problems]
    for request in ordered(found):
        try:
            if isinstance(outcome := drawn[request], FigureError):
                raise outcome
            row, error = compared(figures, request, tuple(found.places[request]), outcome)
            rows.append(row)
            if error:
                raise error
        except FigureError as error:
            problems += found.at(request, error, figures)
    return Survey(tuple(rows), tuple(sorted(problems)))


def compared(
    figures: Figures, request: Request, places: tuple[str, ...], drawing: Drawing
) -> tuple[Row, FigureError | None]:
    """The row of a figure that was computed again, with what is wrong. FigureError where there is no frozen picture to compare with."""
    from deckgen.figures.compare import difference  # numpy and Pillow

    if not places:
        return Row(request, (), drawing.picture, None, difference="computed without a fault"), None
    media = figures.frozen(request)
    frozen = media.path.read_bytes()
    found = difference(frozen, media.parts, drawing.picture, drawing.parts)
    row = Row(
        request,
        places,
        frozen,
        media.path,
        again=None if frozen == drawing.picture else drawing.picture,
        difference=str(found),
    )
    if found.alike:
        return row, None
    hint = "git restore the picture, or, if this is how it should look now, deckgen build --refresh"
    return row, FigureError(
        f"figure {request} does not come out like its frozen picture: {found}", code="figure-differs", hint=hint
    )


def requested(figures: Figures, uses: Iterable[Use], *, others: bool = True) -> Uses:
    places: dict[Request, list[str]] = {}
    problems: list[Problem] = []
    for ref, place in uses:
        try:
            places.setdefault(figures.request(ref), []).append(place)
        except FigureError as error:
            problems.append(problem(place, error))
    used = {request.name for request in places}
    spare: dict[Request, list[str]] = {
        request: [] for request in figures.declared if others and request.name not in used
    }
    return Uses(places | spare, tuple(problems))


def ordered(uses: Uses) -> list[Request]:
    return sorted(uses.places, key=str)


def problem(place: str, error: FigureError) -> Problem:
    file, _, line = place.rpartition(":")
    return Problem(file, int(line), 1, Severity.ERROR, error.code, str(error), error.hint)
