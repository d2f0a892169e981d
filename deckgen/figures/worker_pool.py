"""Worker processes and pools of them. Each worker computes figures on the machine that started it."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress

from deckgen.figures.change_reasons import DEPENDENCY_NAMES
from deckgen.figures.drawing_process import GRACE_SECONDS, receive, send
from deckgen.figures.environment import environment
from deckgen.figures.fixed_settings import FIXED_ENVIRONMENT
from deckgen.figures.key import Dependency
from deckgen.figures.task import Failure, Outcome, Task
from deckgen.problems import FigureError

START_CODE = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from deckgen.figures.drawing_process import run_drawing_process; run_drawing_process()"
)


class WorkerProcess:
    """A process that computes one figure at a time. The constructor raises EOFError if it does not start."""

    def __init__(self) -> None:
        path = [entry for entry in sys.path if entry]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", START_CODE, *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **FIXED_ENVIRONMENT},
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout  # both are pipes
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        receive(self._stdout)

    def run(self, task: Task) -> Outcome:
        """Compute the task and return its outcome. It is a Failure if the process ends before it answers."""
        # The process itself enforces the time limit. The timer kills a process that is suspended or cannot do so.
        timer = threading.Timer(task.seconds + 3 * GRACE_SECONDS, self.kill)
        timer.start()
        try:
            send(self._stdin, task)
            outcome: Outcome = receive(self._stdout)
            return outcome
        except (EOFError, BrokenPipeError):
            self.kill()
            message = f"figure {task.request}: its worker ended before the figure was done"
            return Failure(message, "figure-lost", "it was killed or exceeded its time limit")
        finally:
            timer.cancel()

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill the process and its children. If it has ended already, a child may still compute a figure."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Kill the process and close the pipes to it."""
        self.kill()
        self._stdin.close()
        self._stdout.close()


class WorkerPool:
    """The worker processes of one executor, or of one remote process of an executor. The methods are thread-safe."""

    def __init__(self) -> None:
        self._workers: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []

    def run(self, task: Task) -> Outcome:
        """Compute the task and return its outcome. A worker that is still alive is reused for the next task."""
        try:
            worker = self._idle_or_new_worker()
        except EOFError:
            hint = "see its output above"
            return Failure(f"figure {task.request}: no worker process could be started", "figure-lost", hint)
        outcome = worker.run(task)
        if worker.alive:
            self._idle.append(worker)
        else:
            self._workers.discard(worker)
            worker.close()
        return outcome

    def _idle_or_new_worker(self) -> WorkerProcess:
        try:
            return self._idle.pop()
        except IndexError:
            worker = WorkerProcess()
            self._workers.add(worker)
            return worker

    def shutdown(self) -> None:
        """Kill all workers, also while they compute."""
        for worker in [*self._workers]:
            worker.kill()
        while self._idle:
            worker = self._idle.pop()
            self._workers.discard(worker)
            worker.close()


_thread = threading.local()
_default_pool = WorkerPool()
atexit.register(_default_pool.shutdown)


def use_pool(pool: WorkerPool) -> None:
    """Make this thread compute figures with the workers of `pool`."""
    _thread.pool = pool


def run_on_this_machine(task: Task) -> Outcome:
    """Compute the task in a worker process on this machine. The outcome is a Failure if the versions here differ."""
    host = socket.gethostname()
    try:
        difference = version_mismatch(task.environment, environment(task.libraries))
    except FigureError as error:
        return Failure(f"figure {task.request}: on {host}: {error}", error.code, error.hint)
    if difference:
        hint = "install the same versions on every worker"
        return Failure(f"figure {task.request}: the worker on {host} {difference}", "figure-versions", hint)
    pool: WorkerPool = getattr(_thread, "pool", _default_pool)
    return pool.run(task)


def version_mismatch(wanted: tuple[Dependency, ...], found: tuple[Dependency, ...]) -> str:
    """Describe the first difference of this machine's environment from the wanted one. Empty if there is none."""
    here = {(each.kind, each.name): each.value for each in found}
    for each in wanted:
        value = here.get((each.kind, each.name))
        if value != each.value:
            if each.kind == "library":
                return f"has {each.name} {value or '(none)'}, but the deck is built with {each.value}"
            return f"has another {DEPENDENCY_NAMES[each.kind].format(each.name)} than the deck is built with"
    return ""
