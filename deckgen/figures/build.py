"""From references in notes to pictures: what the pipeline calls."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from deckgen.figures.discover import discover
from deckgen.figures.environment import environment, versions
from deckgen.figures.frozen import FOLDER, Damaged, Frozen
from deckgen.figures.key import Dependency, dependencies, digest, key
from deckgen.figures.manifest import Manifest, by_kind, shortened
from deckgen.figures.pool import processes, run
from deckgen.figures.reasons import reasons
from deckgen.figures.request import Request, resolve
from deckgen.figures.sources import DataFile, Module, Sources, foreign_names
from deckgen.figures.task import Drawing, Failure, Task
from deckgen.model import Media
from deckgen.problems import FigureError, Problem, Severity

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
    """The figures of a deck: `directory` holds their code and may not exist, `frozen` the pictures that are kept.

    `frozen` is `directory`/frozen where it is not given. `workers` opens the executor that computes what is not frozen: processes
    of this machine, or a cluster. With `refresh` nothing is frozen that was not computed since this was made; where `execute` is
    false, nothing is computed and no code of the deck runs. The code is read once, when this is made.
    DeckError, at file:line:column, for figures not declared as they must be.
    """

    def __init__(
        self,
        directory: Path,
        frozen: Path | None = None,
        workers: Workers = processes,
        *,
        refresh: bool = False,
        execute: bool = True,
    ):
        self._sources = Sources(directory)
        self._declarations = discover(self._sources)
        self._frozen = Frozen(frozen or directory / FOLDER)
        self._workers = workers
        self._refresh = refresh
        self._execute = execute
        self._recipes: dict[Request, Recipe] = {}
        self._why: dict[Request, tuple[str, ...]] = {}
        self._damaged: dict[Request, Damaged] = {}

    @property
    def declared(self) -> tuple[Request, ...]:
        """A request with the defaults for each figure there is, by name."""
        return tuple(resolve(f"figure:{name}", self._declarations) for name in sorted(self._declarations))

    @property
    def folder(self) -> Path:
        """Where the pictures are kept."""
        return self._frozen.directory

    def place(self, request: Request) -> str:
        """Where the figure is declared, as file:line."""
        declaration = self._declarations[request.name]
        module = next(
            module for module in self._sources.closure(declaration.module) if module.name == declaration.module
        )
        return f"{module.path}:{declaration.line}"

    def request(self, ref: str) -> Request:
        """The request that a reference like `figure:NAME?d=64&n=50` stands for. FigureError if it stands for none."""
        return resolve(ref, self._declarations)

    def frozen(self, request: Request) -> Media:
        """The picture that is kept for a request. FigureError where there is none, or a damaged one."""
        recipe = self._recipe(request)
        try:
            found = self._frozen.find(recipe.key, request.name)
        except Damaged as error:
            self._damaged[request] = error
            raise FigureError(
                f"figure {request}: {error.path}: {error}",
                code="figure-damaged",
                hint="git restore it, or let deckgen build compute it again",
            ) from None
        if found is None:
            raise FigureError(
                f"figure {request} has no frozen picture: {', '.join(self._reasons(request))}",
                code="figure-missing",
                hint="deckgen build computes it and keeps it; commit it with the notes",
            )
        return found

    def compute(
        self, requests: Iterable[Request], executor: Executor | None = None
    ) -> dict[Request, Media | FigureError]:
        """A picture, or why there is none, for each of the requests that `request` gave.

        Only what is not frozen is computed, by `executor` or else by the workers, and kept as soon as it is there. Failures are not kept.
        """
        found = {request: self._ready(request) for request in dict.fromkeys(requests)}
        missing = [request for request, each in found.items() if each is None]
        # Read before anything is kept: what this run computes is no reason for what else it computes.
        why = {request: ("refreshed",) if self._refresh else self._reasons(request) for request in missing}
        for request, outcome in self.draw(missing, executor):
            found[request] = outcome if isinstance(outcome, FigureError) else self._kept(request, outcome)
            if not isinstance(outcome, FigureError):
                self._why[request] = why[request]
        return found

    def draw(
        self, requests: Iterable[Request], executor: Executor | None = None
    ) -> Iterator[tuple[Request, Drawing | FigureError]]:
        """Compute each of the requests, whether it is frozen or not, and keep nothing. As they get ready."""
        tasks: list[Task] = []
        for request in dict.fromkeys(requests):
            try:
                tasks.append(self._task(self._recipe(request)))
            except FigureError as error:
                message = f"figure {request} must be computed ({', '.join(self._reasons(request))}), and {error}"
                yield request, FigureError(message, code=error.code, hint=error.hint)
        if tasks:
            with nullcontext(executor) if executor else self._workers() as workers:
                for task, outcome in run(tasks, workers):
                    yield task.request, outcome.error() if isinstance(outcome, Failure) else outcome

    def why(self, request: Request) -> tuple[str, ...]:
        """Why the picture of a request was computed since this was made: what had changed, in words. Nothing where it was frozen."""
        return self._why.get(request, ())

    @property
    def problems(self) -> list[Problem]:
        """What was wrong with frozen pictures and has been made good by computing them again."""
        return [
            Problem(
                str(error.path),
                0,
                0,
                Severity.WARNING,
                "figure-damaged",
                f"{error}; it was computed again",
                "commit what git shows as changed",
            )
            for request, error in self._damaged.items()
            if request in self._why
        ]

    def unused(self, used: Iterable[Request]) -> dict[str, list[Path]]:
        """The files of frozen pictures that are of none of the used requests, by the name that the files of a picture share."""
        return self._frozen.unused((self._recipe(request).key, request.name) for request in used)

    def _ready(self, request: Request) -> Media | FigureError | None:
        """What needs no computing: the frozen picture, or, where nothing may be computed, why there is none."""
        if self._refresh and request not in self._why:
            return None
        try:
            return self.frozen(request)
        except FigureError as error:
            return None if self._execute else error

    def _recipe(self, request: Request) -> Recipe:
        if request not in self._recipes:
            declaration = self._declarations[request.name]
            modules = self._sources.closure(declaration.module)
            data = tuple(map(self._sources.data, declaration.data))
            self._recipes[request] = Recipe(request, modules, data, dependencies(request, modules, data))
        return self._recipes[request]

    def _reasons(self, request: Request) -> tuple[str, ...]:
        return reasons(shortened(self._recipe(request).dependencies), self._history.get(request.name, ()))

    @cached_property
    def _history(self) -> dict[str, list[tuple[Dependency, ...]]]:
        """What the pictures that were there at first depend on, by figure, the latest first."""
        found: dict[str, list[tuple[Dependency, ...]]] = {}
        for manifest in self._frozen.manifests():
            found.setdefault(manifest.figure, []).append(manifest.dependencies)
        return found

    def _kept(self, request: Request, drawing: Drawing) -> Media:
        recipe = self._recipe(request)
        made = versions(environment(foreign_names(recipe.modules)))
        return self._frozen.keep(
            Manifest(
                request.name,
                dict(request.parameters),
                recipe.key,
                digest(drawing.picture),
                len(drawing.picture),
                drawing.width,
                drawing.height,
                drawing.parts,
                by_kind(recipe.dependencies),
                made,
            ),
            drawing.picture,
        )

    def _task(self, recipe: Recipe) -> Task:
        declaration = self._declarations[recipe.request.name]
        libraries = frozenset(foreign_names(recipe.modules))
        others = self._sources.names() - {module.name for module in recipe.modules}
        return Task(
            recipe.request,
            declaration.module,
            recipe.modules,
            recipe.data,
            others,
            libraries,
            environment(libraries),
            declaration.seconds,
        )
