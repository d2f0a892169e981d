"""Computes one figure from the code in its task. The author's code runs only here."""

import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deckgen.figures.data import provide_data
from deckgen.figures.declare import DeclaredFigure
from deckgen.figures.fixed_settings import seed_random_numbers
from deckgen.figures.guard import ForbiddenAccess, Guard, guard_access
from deckgen.figures.importing import importable
from deckgen.figures.parts import collect_marks, part_masks
from deckgen.figures.sources import Module
from deckgen.figures.task import Drawing, Failure, Outcome, Task
from deckgen.problems import FigureError


class TimeLimitExceeded(BaseException):
    """A figure exceeds its time limit. It is no `Exception`, so that the code of the figure does not catch it."""


def compute(task: Task) -> Outcome:
    """Return the picture or the failure of a task. Call it in a process that does nothing else."""
    from deckgen.figures.draw import house_style

    seed_random_numbers()
    with (
        TemporaryDirectory() as folder,
        importable(task.modules, task.others),
        house_style(),
        provide_data(Path(folder), task.data),
    ):
        code = Path(next(module.path for module in task.modules if module.name == task.module)).parent
        try:
            with (
                guard_access(Path(folder), code, [module.path for module in task.modules]) as guard,
                time_limit(task.seconds),
            ):
                return draw_and_check(task, guard)
        except TimeLimitExceeded:
            error = time_limit_error("it", task)
        except FigureError as raised:
            error = raised
        return Failure(f"figure {task.request}: {error}", error.code, error.hint)


def draw_and_check(task: Task, guard: Guard) -> Drawing:
    """Import the module, draw the figure, run its checks, and encode it. Raises FigureError at the first failure.

    The figure is drawn before the checks. So the figure itself can reject parameters that it cannot draw.
    """
    from matplotlib.figure import Figure

    from deckgen.figures.draw import render_webp

    parameters = dict(task.request.parameters)
    module = call_author_code(task, guard, "its module", import_module, task.module)
    declared = vars(module).get(task.request.name)
    if not isinstance(declared, DeclaredFigure):
        message = f"{task.request.name} is no longer a figure after its module has run"
        raise FigureError(
            message,
            code="figure-code",
            hint="give nothing else in the module the name of the figure; a check may have the name _",
        )
    with collect_marks() as marks:
        drawn = call_author_code(task, guard, "drawing it", declared.draw, **parameters)
    for check in declared.checks:
        call_author_code(task, guard, "its check", check, **parameters)
    if not isinstance(drawn, Figure):
        message = f"it returned {type(drawn).__name__}, not a matplotlib Figure"
        raise FigureError(message, code="figure-code", hint="from matplotlib.figure import Figure")
    picture = call_author_code(task, guard, "rendering it", render_webp, drawn)
    parts = call_author_code(task, guard, "finding its parts", part_masks, marks, drawn)
    return Drawing(picture, *drawn.canvas.get_width_height(), parts)


def call_author_code(
    task: Task, guard: Guard, what: str, function: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """Call a function that runs the author's code. Raises FigureError, with the author's frames, for any exception."""
    try:
        result = function(*args, **kwargs)
    except FigureError:
        raise
    except ForbiddenAccess as error:
        raise with_frames(
            guard.refusal or FigureError(str(error), code="figure-outside"), author_frames(error, task.modules)
        ) from None
    except TimeLimitExceeded as error:
        raise with_frames(time_limit_error(what, task), author_frames(error, task.modules)) from None
    except BaseException as error:  # also SystemExit and KeyboardInterrupt: only this figure has failed
        frames = author_frames(error, task.modules)
        code, verb = ("figure-check", "failed:") if what == "its check" else ("figure-code", "raised")
        raise with_frames(
            FigureError(f"{what} {verb} {describe_exception(error, frames)}", code=code), frames
        ) from None
    if guard.refusal:  # the code of the figure caught ForbiddenAccess
        raise guard.refusal
    return result


def time_limit_error(what: str, task: Task) -> FigureError:
    """Return the error of a figure that exceeded its time limit while it did `what`."""
    hint = "compute less, or raise the limit: @figure(alt=…, timeout=…)"
    return FigureError(f"{what} took longer than {task.seconds:g} s", code="figure-timeout", hint=hint)


def with_frames(error: FigureError, frames: list[traceback.FrameSummary]) -> FigureError:
    """Return the error with the frames of its traceback below the message."""
    text = f"{error}\n{''.join(traceback.format_list(frames))}".rstrip()
    return FigureError(text, code=error.code, hint=error.hint)


def author_frames(error: BaseException, modules: Iterable[Module]) -> list[traceback.FrameSummary]:
    """Return the frames of the author's modules, outermost first."""
    paths = {module.path for module in modules}
    return [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in paths]


def describe_exception(error: BaseException, frames: list[traceback.FrameSummary]) -> str:
    """Return the exception in one line. For an `assert` without a message this is its source line."""
    message = str(
        traceback.TracebackException(type(error), error, None)
    ).strip()  # it also handles an error in str(error)
    if isinstance(error, AssertionError):
        return message or (frames[-1].line if frames else None) or "assertion failed"
    return f"{type(error).__name__}: {message}".rstrip(": ")


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitExceeded in the block after `seconds`. Does nothing on a system without SIGALRM."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise TimeLimitExceeded

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
