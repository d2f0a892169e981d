"""Turns references in notes into pictures. The pipeline calls this module."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from deckgen.figures.change_reasons import change_reasons
from deckgen.figures.discover import discover
from deckgen.figures.environment import environment, library_versions
from deckgen.figures.frozen import FOLDER_NAME, DamagedPicture, FrozenPictures
from deckgen.figures.key import Dependency, digest, picture_dependencies, picture_key
from deckgen.figures.manifest import Manifest, digests_by_kind, shorten_digests
from deckgen.figures.request import Request, resolve_reference
from deckgen.figures.sources import DataFile, Module, Sources, foreign_names
from deckgen.figures.task import Drawing, Failure, Task
from deckgen.model import Media
from deckgen.problems import FigureError, Problem, Severity

Workers = Callable[[], AbstractContextManager[Executor]]


class PictureInputs(Struct, frozen=True):
    """Everything that the picture of a request is made from."""

    request: Request
    modules: tuple[Module, ...]
    data: tuple[DataFile, ...]
    dependencies: tuple[Dependency, ...]

    @property
    def key(self) -> str:
        """The key of the picture, 64 hex digits."""
        return picture_key(self.dependencies)


class Figures:
    """The figures of a deck. `directory` holds their code and need not exist. `frozen` holds the frozen pictures.

    `frozen` is `directory`/frozen by default. `workers` opens the executor that computes pictures that are not frozen, of
    processes on this machine by default. With `refresh`, frozen pictures from before this object was made are not used.
    If `execute` is false, nothing is computed and no code of the deck runs. The code is read once, by the constructor.
    Raises DeckError, with file, line and column, if a figure is declared wrongly.
    """

    def __init__(
        self,
        directory: Path,
        frozen: Path | None = None,
        workers: Workers | None = None,
        *,
        refresh: bool = False,
        execute: bool = True,
    ):
        self._sources = Sources(directory)
        self._declarations = discover(self._sources)
        self._frozen = FrozenPictures(frozen or directory / FOLDER_NAME)
        self._workers = workers
        self._refresh = refresh
        self._execute = execute
        self._inputs_by_request: dict[Request, PictureInputs] = {}
        self._reasons_by_request: dict[Request, tuple[str, ...]] = {}
        self._damaged: dict[Request, DamagedPicture] = {}

    @property
    def declared(self) -> tuple[Request, ...]:
        """One request with the default parameters for each figure, sorted by name."""
        return tuple(resolve_reference(f"figure:{name}", self._declarations) for name in sorted(self._declarations))

    @property
    def folder(self) -> Path:
        """The folder of the frozen pictures."""
        return self._frozen.directory

    def declaration_place(self, request: Request) -> str:
        """Return where the figure is declared, as file:line."""
        declaration = self._declarations[request.name]
        module = next(
            module for module in self._sources.closure(declaration.module) if module.name == declaration.module
        )
        return f"{module.path}:{declaration.line}"

    def request(self, ref: str) -> Request:
        """Return the request for a reference such as `figure:NAME?d=64&n=50`. Raises FigureError if the reference is wrong."""
        return resolve_reference(ref, self._declarations)

    def frozen(self, request: Request) -> Media:
        """Return the frozen picture of a request. Raises FigureError if there is none or it is damaged."""
        inputs = self._inputs(request)
        try:
            found = self._frozen.find(inputs.key, request.name)
        except DamagedPicture as error:
            self._damaged[request] = error
            raise FigureError(
                f"figure {request}: {error.path}: {error}",
                code="figure-damaged",
                hint="restore it with git, or run deckgen build to compute it again",
            ) from None
        if found is None:
            raise FigureError(
                f"figure {request} has no frozen picture: {', '.join(self._change_reasons(request))}",
                code="figure-missing",
                hint="deckgen build computes and freezes it; commit it with the notes",
            )
        return found

    def compute(
        self, requests: Iterable[Request], executor: Executor | None = None
    ) -> dict[Request, Media | FigureError]:
        """Return a picture or a FigureError for each request.

        Only pictures that are not frozen are computed, by `executor` or else by the workers. Each is frozen as soon as
        it is computed. Failures are not stored.
        """
        found: dict[Request, Media | FigureError] = {}
        missing: list[Request] = []
        wanted = [*dict.fromkeys(requests)]
        for request in wanted:
            available = self._available(request)
            if available is None:
                missing.append(request)
            else:
                found[request] = available
        # Read before anything is frozen: a picture of this run must not count as an older picture of its figure.
        why = {request: ("refreshed",) if self._refresh else self._change_reasons(request) for request in missing}
        for request, outcome in self.draw(missing, executor):
            found[request] = outcome if isinstance(outcome, FigureError) else self._freeze(request, outcome)
            if not isinstance(outcome, FigureError):
                self._reasons_by_request[request] = why[request]
        return {request: found[request] for request in wanted}

    def draw(
        self, requests: Iterable[Request], executor: Executor | None = None
    ) -> Iterator[tuple[Request, Drawing | FigureError]]:
        """Compute each request, frozen or not, and yield the results as they are ready. Nothing is stored."""
        tasks: list[Task] = []
        for request in dict.fromkeys(requests):
            try:
                tasks.append(self._task(self._inputs(request)))
            except FigureError as error:
                message = f"figure {request} must be computed ({', '.join(self._change_reasons(request))}), and {error}"
                yield request, FigureError(message, code=error.code, hint=error.hint)
        if tasks:
            # To import this takes longer than a build of frozen pictures.
            from deckgen.figures.local_workers import local_workers, run_tasks

            with nullcontext(executor) if executor else (self._workers or local_workers)() as workers:
                for task, outcome in run_tasks(tasks, workers):
                    yield task.request, outcome.to_error() if isinstance(outcome, Failure) else outcome

    def reasons(self, request: Request) -> tuple[str, ...]:
        """Return why the picture of a request was computed: the changes in words. Empty if it was not computed."""
        return self._reasons_by_request.get(request, ())

    @property
    def problems(self) -> list[Problem]:
        """Warnings about frozen pictures that were damaged and have been computed again."""
        return [
            Problem(
                str(error.path),
                0,
                0,
                Severity.WARNING,
                "figure-damaged",
                f"{error}; it was computed again",
                "commit the changed files",
            )
            for request, error in self._damaged.items()
            if request in self._reasons_by_request
        ]

    def unused(self, used: Iterable[Request]) -> dict[str, list[Path]]:
        """Return the files of frozen pictures that no request in `used` needs, by the stem that the files share."""
        return self._frozen.unused((self._inputs(request).key, request.name) for request in used)

    def _available(self, request: Request) -> Media | FigureError | None:
        """Return the frozen picture, or the error if nothing may be computed. None if the picture must be computed."""
        if self._refresh and request not in self._reasons_by_request:
            return None
        try:
            return self.frozen(request)
        except FigureError as error:
            return None if self._execute else error

    def _inputs(self, request: Request) -> PictureInputs:
        if request not in self._inputs_by_request:
            declaration = self._declarations[request.name]
            modules = self._sources.closure(declaration.module)
            data = tuple(map(self._sources.data, declaration.data))
            self._inputs_by_request[request] = PictureInputs(
                request, modules, data, picture_dependencies(request, modules, data)
            )
        return self._inputs_by_request[request]

    def _change_reasons(self, request: Request) -> tuple[str, ...]:
        return change_reasons(shorten_digests(self._inputs(request).dependencies), self._history.get(request.name, ()))

    @cached_property
    def _history(self) -> dict[str, list[tuple[Dependency, ...]]]:
        """The dependencies of the frozen pictures, by figure, the latest first. Read once."""
        found: dict[str, list[tuple[Dependency, ...]]] = {}
        for manifest in self._frozen.manifests():
            found.setdefault(manifest.figure, []).append(manifest.dependencies)
        return found

    def _freeze(self, request: Request, drawing: Drawing) -> Media:
        inputs = self._inputs(request)
        made = library_versions(environment(foreign_names(inputs.modules)))
        return self._frozen.write(
            Manifest(
                request.name,
                dict(request.parameters),
                inputs.key,
                digest(drawing.picture),
                len(drawing.picture),
                drawing.width,
                drawing.height,
                drawing.parts,
                digests_by_kind(inputs.dependencies),
                made,
            ),
            drawing.picture,
        )

    def _task(self, inputs: PictureInputs) -> Task:
        declaration = self._declarations[inputs.request.name]
        libraries = frozenset(foreign_names(inputs.modules))
        others = self._sources.names() - {module.name for module in inputs.modules}
        return Task(
            inputs.request,
            declaration.module,
            inputs.modules,
            inputs.data,
            others,
            libraries,
            environment(libraries),
            declaration.seconds,
        )
