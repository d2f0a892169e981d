"""The figures of a deck in a list: where each is used, why it was last computed, how large it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from deckgen.figures.build import Figures
from deckgen.figures.request import Request
from deckgen.model import Media
from deckgen.problems import FigureError, Problem, Severity


@dataclass(frozen=True, slots=True)
class Row:
    """A picture: the request, where notes use it (file:line each), why it was last computed, where it is, its bytes."""

    request: Request
    places: tuple[str, ...]
    why: tuple[str, ...]
    media: Media
    size: int

    def __str__(self) -> str:
        used = ", ".join(self.places) or "not used"
        return f"{self.request}: {self.size} bytes, {used}; last computed: {', '.join(self.why)}"

    def json(self) -> dict:
        return {"figure": self.request.name, "parameters": dict(self.request.parameters), "used": list(self.places),
                "why": list(self.why), "bytes": self.size, "file": str(self.media.path)}


@dataclass(frozen=True, slots=True)
class Survey:
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def survey(figures: Figures, uses: Iterable[tuple[str, str]]) -> Survey:
    """All figures by name. `uses`: references, each with the place of the note that holds it.

    A figure that no note uses is computed with its defaults. What gives no picture is a problem at its note, or where
    it is declared.
    """
    places: dict[Request, list[str]] = {}
    problems: list[Problem] = []
    for ref, place in uses:
        try:
            places.setdefault(figures.request(ref), []).append(place)
        except FigureError as error:
            problems.append(problem(place, error))
    used = {request.name for request in places}
    places |= {request: [] for request in figures.declared if request.name not in used}
    rows: list[Row] = []
    for request, found in figures.compute(sorted(places, key=str)).items():
        if isinstance(found, FigureError):
            problems += [problem(place, found) for place in places[request] or [figures.place(request)]]
        else:
            rows.append(Row(request, tuple(places[request]), figures.why(request), found, found.path.stat().st_size))
    return Survey(tuple(rows), tuple(sorted(problems)))


def problem(place: str, error: FigureError) -> Problem:
    file, _, line = place.rpartition(":")
    return Problem(file, int(line), 1, Severity.ERROR, error.code, str(error), error.hint)
