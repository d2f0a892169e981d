"""The progress of long work, on a terminal only."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deckgen.cli.terminal import console, shows_progress

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from deckgen.pictures import Progress

_DELAY = 1.0  # seconds before the display appears


@contextmanager
def progress(what: str = "working") -> Iterator["Progress"]:
    """Yield the function that shows progress: a line on a terminal, elsewhere nothing.

    The line appears if the block takes longer than a second. `what` is what it shows until the function is called.
    """
    if not shows_progress():
        yield lambda what, done, total: None
        return
    display = _Display(what)
    try:
        yield display.update
    finally:
        display.stop()


class _Display:
    """A line with a spinner, a bar and the time. A timer draws it, so that it also appears during work that reports nothing."""

    def __init__(self, what: str) -> None:
        self._lock = threading.Lock()
        self._state: tuple[str, int, int] = (what, 0, 0)
        self._bar: RichProgress | None = None
        self._stopped = False
        self._timer = threading.Timer(_DELAY, self._start)
        self._timer.daemon = True
        self._timer.start()

    def update(self, what: str, done: int, total: int) -> None:
        """Show that `done` of `total` items of `what` are done."""
        with self._lock:
            self._state = (what, done, total)
            if self._bar is not None:
                self._show(self._bar)

    def stop(self) -> None:
        """Remove the line."""
        self._timer.cancel()
        with self._lock:
            self._stopped = True
            if self._bar is not None:
                self._bar.stop()

    def _start(self) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._stopped:
                return
            # Results go to standard output, which may be a file: the display must not catch them.
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TimeElapsedColumn(),
                console=console(stderr=True),
                transient=True,
                redirect_stdout=False,
            )
            self._bar.add_task("", total=None)
            self._show(self._bar)
            self._bar.start()

    def _show(self, bar: "RichProgress") -> None:
        what, done, total = self._state
        bar.update(bar.task_ids[0], description=what, completed=done, total=total or None)
