"""The data that is sent to the process that draws a figure, and the data that it returns."""

from msgspec import Struct

from deckgen.figures.key import Dependency
from deckgen.figures.request import Request
from deckgen.figures.sources import DataFile, Module
from deckgen.model import Part
from deckgen.problems import FigureError


class Task(Struct, frozen=True):
    """A figure to compute: the request, the module that declares it, the code of all that it imports, and its data.

    Code and data are part of the task. So the code that runs is the code in the key, on every machine. `others` are the
    modules of the deck that the figure does not import. `libraries` are the names of other imported modules.
    `environment` holds the versions that the machine must have. `seconds` is the time limit.
    """

    request: Request
    module: str
    modules: tuple[Module, ...]
    data: tuple[DataFile, ...]
    others: frozenset[str]
    libraries: frozenset[str]
    environment: tuple[Dependency, ...]
    seconds: float


class Drawing(Struct, frozen=True):
    """The result of a task: the picture in WebP, its size in pixels, and the parts that the figure names."""

    picture: bytes
    width: int
    height: int
    parts: tuple[Part, ...]


class Failure(Struct, frozen=True):
    """Why a task gave no picture. It holds what a `FigureError` holds, in a form that can be pickled."""

    message: str
    code: str
    hint: str = ""

    def to_error(self) -> FigureError:
        """Return the failure as an exception."""
        return FigureError(self.message, code=self.code, hint=self.hint)


Outcome = Drawing | Failure
