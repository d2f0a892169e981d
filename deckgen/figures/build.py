"""From references in notes to pictures: what the pipeline calls."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from deckgen.figures.cache import Cache, Manifest
from deckgen.figures.discover import discover
from deckgen.figures.key import Dependency, dependencies, digest, environment, key
from deckgen.figures.pool import processes, run
from deckgen.figures.reasons import reasons
from deckgen.figures.request import Request, resolve
from deckgen.figures.sources import DataFile, Module, Sources, foreign_names
from deckgen.figures.task import Failure, Outcome, Task
from deckgen.model import Media
from deckgen.problems import FigureError

Workers = Callable[[], AbstractContextManager[Executor]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that the picture of a request is made of."""

    request: Request
    modules: tuple[Module, ...]
    data: tuple[DataFile, ...]
    dependencies: tuple[Dependency, ...]

    @property
    def key(self) -> str:
        return key(self.dependencies)


class Figures:
    """The figures of a deck: `directory` holds their code and may not exist, `cache` the pictures.

    `workers` opens the executor that computes what the cache lacks: processes of this machine, or a cluster. With
    `refresh` the cache lacks all that was not computed since this was made. The code is read once, when this is made.
    DeckError, at file:line:column, for figures not declared as they must be.
    """

    def __init__(self, directory: Path, cache: Path, workers: Workers = processes, *, refresh: bool = False):
        self._sources = Sources(directory)
        self._declarations = discover(self._sources)
        self._cache = Cache(cache)
        self._workers = workers
        self._refresh = refresh
        self._fresh: set[str] = set()

    @property
    def declared(self) -> tuple[Request, ...]:
        """A request with the defaults for each figure there is, by name."""
        return tuple(resolve(f"figure:{name}", self._declarations) for name in sorted(self._declarations))

    def place(self, request: Request) -> str:
        """Where the figure is declared, as file:line."""
        declaration = self._declarations[request.name]
        module = next(module for module in self._sources.closure(declaration.module) if module.name == declaration.module)
        return f"{module.path}:{declaration.line}"

    def request(self, ref: str) -> Request:
        """The request that a reference like `figure:NAME?d=64&n=50` stands for. FigureError if it stands for none."""
        return resolve(ref, self._declarations)

    def compute(
        self, requests: Iterable[Request], executor: Executor | None = None
    ) -> dict[Request, Media | FigureError]:
        """A picture, or why there is none, for each of the requests that `request` gave.

        Only what the cache lacks is computed, by `executor` or else by the workers. Failures are not cached.
        """
        requests = tuple(dict.fromkeys(requests))
        try:
            recipes = [self._recipe(request) for request in requests]
        except FigureError as error:
            return dict.fromkeys(requests, error)
        found: dict[Request, Media | FigureError | None] = {recipe.request: self._cached(recipe) for recipe in recipes}
        missing = [recipe for recipe in recipes if found[recipe.request] is None]
        if missing:
            with nullcontext(executor) if executor else self._workers() as workers:
                outcomes = run([self._task(recipe) for recipe in missing], workers)
            found |= {recipe.request: self._kept(recipe, outcome) for recipe, outcome in zip(missing, outcomes, strict=True)}
        return found

    def why(self, request: Request) -> tuple[str, ...]:
        """Why the picture of a request was last computed: what had changed, in words. There must be one."""
        return self._cache.manifest(self._recipe(request).key).why

    def _recipe(self, request: Request) -> Recipe:
        declaration = self._declarations[request.name]
        modules = self._sources.closure(declaration.module)
        data = tuple(map(self._sources.data, declaration.data))
        return Recipe(request, modules, data, dependencies(request, modules, data))

    def _cached(self, recipe: Recipe) -> Media | None:
        stale = self._refresh and recipe.key not in self._fresh
        return None if stale else self._cache.find(recipe.key, recipe.request.name)

    def _kept(self, recipe: Recipe, outcome: Outcome) -> Media | FigureError:
        if isinstance(outcome, Failure):
            return outcome.error()
        self._fresh.add(recipe.key)
        why = ("refreshed",) if self._refresh else reasons(recipe.dependencies, self._cache.history(recipe.request.name))
        manifest = Manifest(recipe.dependencies, why, digest(outcome.picture), outcome.parts)
        return self._cache.store(recipe.key, recipe.request.name, outcome.picture, manifest)

    def _task(self, recipe: Recipe) -> Task:
        declaration = self._declarations[recipe.request.name]
        libraries = frozenset(foreign_names(recipe.modules))
        others = self._sources.names() - {module.name for module in recipe.modules}
        return Task(recipe.request, declaration.module, recipe.modules, recipe.data, others, libraries,
                    environment(libraries), declaration.seconds)
