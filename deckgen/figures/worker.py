"""Computes one figure from the code it is handed: the only place where the author's code runs."""

import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deckgen.figures.data import data_in
from deckgen.figures.declare import DeclaredFigure
from deckgen.figures.guard import Guard, Outside, guarded
from deckgen.figures.importing import importable
from deckgen.figures.parts import located, marked
from deckgen.figures.sources import Module
from deckgen.figures.steady import seed
from deckgen.figures.task import Drawing, Failure, Outcome, Task
from deckgen.problems import FigureError


class Overtime(BaseException):
    """A figure is not done within its time limit."""


def compute(task: Task) -> Outcome:
    """The picture, or why there is none. For a process in which nothing else happens."""
    from deckgen.figures.draw import house_style

    seed()
    with (
        TemporaryDirectory() as folder,
        importable(task.modules, task.others),
        house_style(),
        data_in(Path(folder), task.data),
    ):
        code = Path(next(module.path for module in task.modules if module.name == task.module)).parent
        try:
            with (
                guarded(Path(folder), code, [module.path for module in task.modules]) as guard,
                time_limit(task.seconds),
            ):
                return drawing(task, guard)
        except Overtime:
            error = late("it", task)
        except FigureError as raised:
            error = raised
        return Failure(f"figure {task.request}: {error}", error.code, error.hint)


def drawing(task: Task, guard: Guard) -> Drawing:
    """Import, draw, check, encode. FigureError at the first that fails.

    Drawing comes before the checks, so that it is the figure that turns down parameters it has no picture for.
    """
    from matplotlib.figure import Figure

    from deckgen.figures.draw import webp

    parameters = dict(task.request.parameters)
    module = attempt(task, guard, "its module", import_module, task.module)
    declared = vars(module).get(task.request.name)
    if not isinstance(declared, DeclaredFigure):
        message = f"{task.request.name} is something else once its module has run"
        raise FigureError(message, code="figure-code", hint="a check may be called _, and nothing else like the figure")
    with marked() as marks:
        drawn = attempt(task, guard, "drawing it", declared.draw, **parameters)
    for check in declared.checks:
        attempt(task, guard, "its check", check, **parameters)
    if not isinstance(drawn, Figure):
        message = f"it returned {type(drawn).__name__}, not a matplotlib Figure"
        raise FigureError(message, code="figure-code", hint="from matplotlib.figure import Figure")
    picture = attempt(task, guard, "rendering it", webp, drawn)
    parts = attempt(task, guard, "finding its parts", located, marks, drawn)
    return Drawing(picture, *drawn.canvas.get_width_height(), parts)


def attempt(task: Task, guard: Guard, what: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call what runs the author's code. Whatever it raises becomes a FigureError that shows their own frames."""
    try:
        result = function(*args, **kwargs)
    except FigureError:
        raise
    except Outside as error:
        raise shown(guard.refusal, own_frames(error, task.modules)) from None
    except Overtime as error:
        raise shown(late(what, task), own_frames(error, task.modules)) from None
    except BaseException as error:  # also what tells a program to end: only this figure has failed
        frames = own_frames(error, task.modules)
        code, verb = ("figure-check", "failed:") if what == "its check" else ("figure-code", "raised")
        raise shown(FigureError(f"{what} {verb} {described(error, frames)}", code=code), frames) from None
    if guard.refusal:  # its code caught even that
        raise guard.refusal
    return result


def late(what: str, task: Task) -> FigureError:
    hint = "compute less, or raise the limit: @figure(alt=…, timeout=…)"
    return FigureError(f"{what} took longer than {task.seconds:g} s", code="figure-timeout", hint=hint)


def shown(error: FigureError, frames: list[traceback.FrameSummary]) -> FigureError:
    """The error with the frames that led to it."""
    text = f"{error}\n{''.join(traceback.format_list(frames))}".rstrip()
    return FigureError(text, code=error.code, hint=error.hint)


def own_frames(error: BaseException, modules: Iterable[Module]) -> list[traceback.FrameSummary]:
    """The frames of the author's modules, outermost first."""
    paths = {module.path for module in modules}
    return [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in paths]


def described(error: BaseException, frames: list[traceback.FrameSummary]) -> str:
    """The exception in a line: for a bare `assert`, the line that holds it."""
    message = str(traceback.TracebackException(type(error), error, None)).strip()  # where str(error) raises, it says so
    if isinstance(error, AssertionError):
        return message or (frames[-1].line if frames else "assertion failed")
    return f"{type(error).__name__}: {message}".rstrip(": ")


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Inside, Overtime is raised after so many seconds, where the system has such an alarm."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise Overtime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
