"""Pictures for the preview: frozen ones at once, the others as soon as they are computed, with a placeholder until then."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec.structs import replace

from deckgen.figures import Figures, Request
from deckgen.model import Media, Part
from deckgen.problems import FigureError
from deckgen.project import Project

_PAGE = Path(__file__).parent / "page"
COMPUTING = Media("deckgen-computing.svg", _PAGE / "computing.svg", "", (Part("", None, 0, 0, 1, 1),), True)
"""What stands for a picture that is being computed."""


class LiveFigures:
    """The pictures of a deck. Those that are computed here go to `folder`, not into the deck: only a build freezes.

    `on_change` is called, in another thread, each time a picture is there or has failed. If `execute` is false, no code of
    the deck runs. Raises DeckError if a figure is declared wrongly.
    """

    def __init__(self, project: Project, folder: Path, on_change: Callable[[], None], *, execute: bool):
        self._frozen = Figures(project.figures_code, project.frozen, execute=False)
        self._own = Figures(project.figures_code, folder)
        self._execute = execute
        self._on_change = on_change
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "figures")
        self._failed: dict[Request, FigureError] = {}
        self._running: set[Request] = set()

    @property
    def computing(self) -> int:
        """How many pictures are being computed."""
        return len(self._running)

    def picture(self, ref: str) -> Media:
        """The picture of a reference, or COMPUTING. Raises FigureError if the reference is wrong or its picture failed."""
        request = self._frozen.request(ref)
        picture = self._ready(request)
        return replace(picture or COMPUTING, alt=request.alt)

    def close(self) -> None:
        """Compute nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ready(self, request: Request) -> Media | None:
        for figures in (self._frozen, self._own):
            try:
                return figures.frozen(request)
            except FigureError as error:
                missing = error
        if request in self._failed:
            raise self._failed[request]
        if not self._execute:
            raise missing
        with self._lock:
            if request not in self._running:
                self._running.add(request)
                self._pool.submit(self._compute, request)
        return None

    def _compute(self, request: Request) -> None:
        outcome = self._own.compute([request])[request]
        with self._lock:
            self._running.discard(request)
            if isinstance(outcome, FigureError):
                self._failed[request] = outcome
        self._on_change()
