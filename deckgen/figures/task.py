"""What travels to where a figure is drawn, and back."""

from dataclasses import dataclass

from deckgen.figures.key import Dependency
from deckgen.figures.request import Request
from deckgen.figures.sources import DataFile, Module
from deckgen.model import Part
from deckgen.problems import FigureError


@dataclass(frozen=True, slots=True)
class Task:
    """A figure to compute: the request, the module that declares it, the code of everything it imports, and its data.

    Code and data travel, so that what runs is what the key was made of, on this machine or another. `others` are
    the modules of the deck that the figure does not import, `libraries` the names of those from elsewhere,
    `environment` what the machine that computes it must have, `seconds` the time limit.
    """

    request: Request
    module: str
    modules: tuple[Module, ...]
    data: tuple[DataFile, ...]
    others: frozenset[str]
    libraries: frozenset[str]
    environment: tuple[Dependency, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a task gave: the bytes of the picture, its size in pixels, and the parts that the figure names in it."""

    picture: bytes
    width: int
    height: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task gave no picture; what `FigureError` holds, in a form that travels between processes."""

    message: str
    code: str
    hint: str = ""

    def error(self) -> FigureError:
        return FigureError(self.message, code=self.code, hint=self.hint)


Outcome = Drawing | Failure
