"""Computes one figure from the code it is handed: the only place where the author's code runs."""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import decode_source, spec_from_loader
from types import ModuleType
from typing import Any

from deckgen.figures.declare import DeclaredFigure
from deckgen.figures.parts import located, marked
from deckgen.figures.request import Request
from deckgen.figures.sources import Module
from deckgen.model import Part
from deckgen.problems import FigureError

# matplotlib's settings and `sys.modules` belong to the process: under a thread pool, figures take turns.
TURN = threading.Lock()


@dataclass(frozen=True, slots=True)
class Task:
    """A figure to compute: the request, the module that declares it, and the code of everything it imports.

    The code travels, so that what runs is what the cache key was made of, on this machine or another.
    """

    request: Request
    module: str
    modules: tuple[Module, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a task gave: the bytes of the picture, and the parts that the figure names in it."""

    picture: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task gave no picture; what `FigureError` holds, in a form that travels between processes."""

    message: str
    code: str
    hint: str = ""

    def error(self) -> FigureError:
        return FigureError(self.message, code=self.code, hint=self.hint)


def compute(task: Task) -> Drawing | Failure:
    """The picture, or why there is none. What the figure prints goes to standard error."""
    # Sums in another order give other last digits. Heeded if numpy is not loaded yet.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from deckgen.figures.draw import house_style

    with TURN, redirect_stdout(sys.stderr), importable(task.modules), house_style():
        try:
            return drawing(task)
        except FigureError as error:
            return Failure(f"figure {task.request}: {error}", error.code, error.hint)


def drawing(task: Task) -> Drawing:
    """Import, draw, check, encode. FigureError at the first that fails.

    Drawing comes before the checks, so that it is the figure that turns down parameters it has no picture for.
    """
    from matplotlib.figure import Figure

    from deckgen.figures.draw import webp

    parameters = dict(task.request.parameters)
    module = attempt(task, "figure-code", "its module raised", import_module, task.module)
    declared: DeclaredFigure = getattr(module, task.request.name)
    with marked() as marks:
        drawn = attempt(task, "figure-code", "drawing it raised", declared.draw, **parameters)
    for check in declared.checks:
        attempt(task, "figure-check", "its check failed:", check, **parameters)
    if not isinstance(drawn, Figure):
        message = f"it returned {type(drawn).__name__}, not a matplotlib Figure"
        raise FigureError(message, code="figure-code", hint="from matplotlib.figure import Figure")
    picture = attempt(task, "figure-code", "rendering it raised", webp, drawn)
    return Drawing(picture, attempt(task, "figure-part", "finding its parts raised", located, marks, drawn))


def attempt(task: Task, code: str, what: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call what runs the author's code. Whatever it raises becomes a FigureError that shows their own frames."""
    try:
        return function(*args, **kwargs)
    except FigureError:
        raise
    except (Exception, SystemExit) as error:
        frames = own_frames(error, task.modules)
        text = f"{what} {described(error, frames)}\n{''.join(traceback.format_list(frames))}".rstrip()
        raise FigureError(text, code=code) from None


def own_frames(error: BaseException, modules: Iterable[Module]) -> list[traceback.FrameSummary]:
    """The frames of the author's modules, outermost first."""
    paths = {module.path for module in modules}
    return [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in paths]


def described(error: BaseException, frames: list[traceback.FrameSummary]) -> str:
    """The exception in a line: for a bare `assert`, the line that holds it."""
    message = str(error).strip()
    if isinstance(error, AssertionError):
        return message or (frames[-1].line if frames else "assertion failed")
    return f"{type(error).__name__}: {message}".rstrip(": ")


class CodeFinder(MetaPathFinder, Loader):
    """Imports the given modules from their text, and no other. Bytecode on disk plays no part."""

    def __init__(self, modules: Iterable[Module]):
        self.modules = {module.name: module for module in modules}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in self.modules:
            return None
        module = self.modules[name]
        return spec_from_loader(name, self, origin=module.path, is_package=module.is_package)

    def exec_module(self, module: ModuleType) -> None:
        code = self.modules[module.__name__]
        module.__file__ = code.path
        # Without `optimize=0`, `python -O` would take the assertions out of the checks.
        exec(compile(code.source, code.path, "exec", dont_inherit=True, optimize=0), module.__dict__)

    def get_source(self, name: str) -> str:
        """For tracebacks on a machine without the file."""
        return decode_source(self.modules[name].source)


@contextmanager
def importable(modules: tuple[Module, ...]) -> Iterator[None]:
    """Inside, the modules can be imported by name, afresh; afterwards the process is as it was."""
    finder = CodeFinder(modules)
    before = {name: sys.modules.pop(name) for name in finder.modules if name in sys.modules}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.modules:
            sys.modules.pop(name, None)
        sys.modules.update(before)
