"""Computes a figure in a child process of this machine, wherever that is."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress

from deckgen.figures.child import GRACE, receive, send
from deckgen.figures.key import Part, environment
from deckgen.figures.reasons import NAMES
from deckgen.figures.task import Failure, Outcome, Task
from deckgen.problems import FigureError

SERVE = "import sys; sys.path[:] = sys.argv[1:]; from deckgen.figures.child import serve; serve()"
# Sums in another order give other last digits, and sets in another order other pictures.
STEADY = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


class Child:
    """A process that computes figures, one after the other. EOFError where it does not start."""

    def __init__(self) -> None:
        path = [entry for entry in sys.path if entry]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", SERVE, *path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, **STEADY}, start_new_session=True,
        )
        receive(self._process.stdout)

    def ask(self, task: Task) -> Outcome:
        """The outcome of the task; a Failure where the process does not live to tell."""
        # The child stops what is late by itself. This is for one that has been stopped or that cannot.
        last = threading.Timer(task.seconds + 3 * GRACE, self.kill)
        last.start()
        try:
            send(self._process.stdin, task)
            return receive(self._process.stdout)
        except (EOFError, BrokenPipeError):
            self.kill()
            message = f"figure {task.request}: its worker ended before it was done"
            return Failure(message, "figure-lost", "it was killed, or hung beyond its time limit")
        finally:
            last.cancel()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process and what it started: one that has ended already may have left a figure at work."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.kill()
        self._process.stdin.close()
        self._process.stdout.close()


_children: set[Child] = set()
_idle: list[Child] = []


def isolated(task: Task) -> Outcome:
    """The outcome of the task. Children that live are kept for the next one."""
    try:
        if difference := unlike(task.environment, environment(task.libraries)):
            hint = "install the same versions on every worker"
            return Failure(f"figure {task.request}: the worker on {socket.gethostname()} {difference}", "figure-versions", hint)
        child = idle_or_new()
    except FigureError as error:
        return Failure(f"figure {task.request}: on {socket.gethostname()}: {error}", error.code, error.hint)
    except EOFError:
        return Failure(f"figure {task.request}: no worker process could be started", "figure-lost", "its own message stands above")
    outcome = child.ask(task)
    if child.alive:
        _idle.append(child)
    else:
        _children.discard(child)
        child.close()
    return outcome


def idle_or_new() -> Child:
    try:
        return _idle.pop()
    except IndexError:
        child = Child()
        _children.add(child)
        return child


def unlike(wanted: tuple[Part, ...], found: tuple[Part, ...]) -> str:
    """The first part of this machine's environment that is not as wanted, in words; nothing where all are."""
    here = {(part.kind, part.name): part.value for part in found}
    for part in wanted:
        value = here.get((part.kind, part.name))
        if value != part.value:
            if part.kind == "library":
                return f"has {part.name} {value or '(none)'}, and the deck is built with {part.value}"
            return f"has another {NAMES[part.kind].format(part.name)} than the deck is built with"
    return ""


def dismiss() -> None:
    """End all children, whatever they are doing."""
    for child in [*_children]:
        child.kill()
    while _idle:
        child = _idle.pop()
        _children.discard(child)
        child.close()


atexit.register(dismiss)
