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
from deckgen.figures.environment import environment
from deckgen.figures.key import Dependency
from deckgen.figures.reasons import NAMES
from deckgen.figures.steady import STEADY
from deckgen.figures.task import Failure, Outcome, Task
from deckgen.problems import FigureError

SERVE = "import sys; sys.path[:] = sys.argv[1:]; from deckgen.figures.child import serve; serve()"


class Child:
    """A process that computes figures, one after the other. EOFError where it does not start."""

    def __init__(self) -> None:
        path = [entry for entry in sys.path if entry]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", SERVE, *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **STEADY},
            start_new_session=True,
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


class Crew:
    """The children of one executor, or of one process of an executor that is elsewhere. Its methods are for any thread."""

    def __init__(self) -> None:
        self._children: set[Child] = set()
        self._idle: list[Child] = []

    def ask(self, task: Task) -> Outcome:
        """The outcome of the task. Children that live are kept for the next one."""
        try:
            child = self._idle_or_new()
        except EOFError:
            hint = "what it said stands above"
            return Failure(f"figure {task.request}: no worker process could be started", "figure-lost", hint)
        outcome = child.ask(task)
        if child.alive:
            self._idle.append(child)
        else:
            self._children.discard(child)
            child.close()
        return outcome

    def _idle_or_new(self) -> Child:
        try:
            return self._idle.pop()
        except IndexError:
            child = Child()
            self._children.add(child)
            return child

    def dismiss(self) -> None:
        """End all children, whatever they are doing."""
        for child in [*self._children]:
            child.kill()
        while self._idle:
            child = self._idle.pop()
            self._children.discard(child)
            child.close()


_here = threading.local()
_common = Crew()
atexit.register(_common.dismiss)


def join(crew: Crew) -> None:
    """Let this thread compute figures with the children of `crew`."""
    _here.crew = crew


def isolated(task: Task) -> Outcome:
    """The outcome of the task, computed in a child process of this machine. A Failure where this is not the right one."""
    where = socket.gethostname()
    try:
        difference = unlike(task.environment, environment(task.libraries))
    except FigureError as error:
        return Failure(f"figure {task.request}: on {where}: {error}", error.code, error.hint)
    if difference:
        hint = "install the same versions on every worker"
        return Failure(f"figure {task.request}: the worker on {where} {difference}", "figure-versions", hint)
    return getattr(_here, "crew", _common).ask(task)


def unlike(wanted: tuple[Dependency, ...], found: tuple[Dependency, ...]) -> str:
    """The first thing in this machine's environment that is not as wanted, in words; nothing where all are."""
    here = {(each.kind, each.name): each.value for each in found}
    for each in wanted:
        value = here.get((each.kind, each.name))
        if value != each.value:
            if each.kind == "library":
                return f"has {each.name} {value or '(none)'}, and the deck is built with {each.value}"
            return f"has another {NAMES[each.kind].format(each.name)} than the deck is built with"
    return ""
