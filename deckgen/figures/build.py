"""From references in notes to pictures: what the pipeline calls."""

from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path

from deckgen.figures.cache import Cache
from deckgen.figures.discover import discover
from deckgen.figures.key import key
from deckgen.figures.pool import run
from deckgen.figures.request import Request, resolve
from deckgen.figures.sources import Sources
from deckgen.figures.worker import Failure, Task
from deckgen.model import Media
from deckgen.problems import FigureError


class Figures:
    """The figures of a deck: `directory` holds their code and may not exist, `cache` the pictures.

    The code is read once, when this is made. DeckError, at file:line:column, for figures not declared as they must be.
    """

    def __init__(self, directory: Path, cache: Path):
        self._sources = Sources(directory)
        self._declarations = discover(self._sources)
        self._cache = Cache(cache)

    def request(self, ref: str) -> Request:
        """The request that a reference like `figure:NAME?d=64&n=50` stands for. FigureError if it stands for none."""
        return resolve(ref, self._declarations)

    def compute(
        self, requests: Iterable[Request], executor: Executor | None = None
    ) -> dict[Request, Media | FigureError]:
        """A picture, or why there is none, for each of the requests that `request` gave.

        Only what the cache lacks is computed, by `executor` or else by worker processes. Failures are not cached.
        """
        tasks = [self._task(request) for request in dict.fromkeys(requests)]
        try:
            keys = {task: key(task.request, task.modules) for task in tasks}
        except FigureError as error:
            return {task.request: error for task in tasks}
        found = {task: self._cache.find(keys[task], task.request.name) for task in tasks}
        missing = [task for task in tasks if found[task] is None]
        for task, outcome in zip(missing, run(missing, executor) if missing else (), strict=True):
            failed = isinstance(outcome, Failure)
            found[task] = outcome.error() if failed else self._cache.store(keys[task], task.request.name, outcome)
        return {task.request: found[task] for task in tasks}

    def _task(self, request: Request) -> Task:
        module = self._declarations[request.name].module
        return Task(request, module, self._sources.closure(module))
