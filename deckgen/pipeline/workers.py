"""Runs the tasks of many note files on all processors of this machine, or on a cluster."""

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from itertools import chain, repeat
from typing import Self

from deckgen.cache import code_versions
from deckgen.figures.cluster import open_cluster
from deckgen.pictures import Progress
from deckgen.pipeline.file_task import FileResult, FileTask, run_task
from deckgen.problems import DeckError

BYTES = 400_000
"""A further process pays from so many bytes of notes on, about 600 notes. It takes half a second to start."""
_SHARES = 4
"""A process gets so many times fewer tasks than its equal part of those that are waiting, so that all processes end at about the same time."""
_START_CODE = (
    "import sys; sys.path[:] = sys.argv[1:]; from deckgen.process import prepare_process; prepare_process()"
    "; from deckgen.pipeline.workers import serve; serve()"
)


def run_tasks(tasks: Sequence[FileTask], progress: Progress, scheduler: str = "") -> list[FileResult]:
    """Return the results of tasks in their order.

    Many tasks run in several processes, or on the Dask cluster at `scheduler` if there is one. Raises DeckError if the cluster cannot be used.
    """
    results: dict[int, FileResult] = {}
    progress("reading", 0, len(tasks))
    processes = min(len(tasks), sum(len(task.content) for task in tasks) // BYTES + 1)
    for index, result in (
        _on_cluster(tasks, scheduler) if scheduler and processes > 1 else _on_this_machine(tasks, processes)
    ):
        results[index] = result
        progress("reading", len(results), len(tasks))
    return [results[index] for index in range(len(tasks))]


def _on_cluster(tasks: Sequence[FileTask], scheduler: str) -> Iterator[tuple[int, FileResult]]:
    with open_cluster(scheduler) as executor:
        futures = {executor.submit(run_task, task): n for n, task in enumerate(tasks)}
        for future in as_completed(futures):
            # A lost worker is no reason to stop.
            result = run_task(tasks[futures[future]]) if future.exception() else future.result()
            if result.versions != code_versions():
                raise DeckError.at(
                    scheduler,
                    "a worker has another version of deckgen or of its libraries",
                    code="figure-scheduler",
                    hint="install the same versions on every worker",
                )
            yield futures[future], result


def _on_this_machine(tasks: Sequence[FileTask], processes: int) -> Iterator[tuple[int, FileResult]]:
    """Yield the index and the result of each task, of up to `processes` processes.

    This process is one of them. It also repeats the tasks of processes that are lost.
    """
    others = min(os.cpu_count() or 1, processes) - 1
    waiting = _Waiting(tasks)
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(max(others, 1)))
        started = [stack.enter_context(_Process()) for _ in range(others)]
        answers = [threads.submit(process.run_all, waiting, _SHARES * (others + 1)) for process in started]
        while taken := waiting.take():
            for index, task in taken:
                yield index, run_task(task)
        for index, result in chain.from_iterable(answer.result() for answer in answers):
            yield index, result or run_task(tasks[index])


class _Waiting:
    """The tasks that nobody has taken, with their indices. Several threads may take them."""

    def __init__(self, tasks: Sequence[FileTask]):
        self._tasks = deque(enumerate(tasks))
        self._turn = threading.Lock()

    def take(self, shares: int = 0) -> list[tuple[int, FileTask]]:
        """Take one task, or one of so many equal `shares` of the tasks if that is more. Empty if no task is waiting."""
        with self._turn:
            count = max(len(self._tasks) // shares if shares else 0, 1)
            return [self._tasks.popleft() for _ in range(min(count, len(self._tasks)))]


class _Process:
    """A process that runs some tasks at a time. At the end of the block it is killed."""

    def __init__(self) -> None:
        path = [entry for entry in sys.path if entry]
        command = [sys.executable, "-P", "-c", _START_CODE, *path]
        # In a session of its own, Ctrl+C at a terminal does not reach it: it would print a traceback before it is killed.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def run_all(self, waiting: _Waiting, shares: int) -> list[tuple[int, FileResult | None]]:
        """Run tasks until none is waiting, and return the indices and results. If the process is lost, the last results are None.

        It takes one of so many `shares` of the tasks that are waiting, because this thread may wait for the others after each answer.
        """
        results: list[tuple[int, FileResult | None]] = []
        while taken := waiting.take(shares):
            answers = self._run([task for _, task in taken])
            results += [(index, answer) for (index, _), answer in zip(taken, answers or repeat(None))]
            if answers is None:
                break
        return results

    def _run(self, tasks: list[FileTask]) -> list[FileResult] | None:
        assert self._process.stdin and self._process.stdout  # both are pipes
        try:
            pickle.dump(tasks, self._process.stdin)
            self._process.stdin.flush()
            results: list[FileResult] = pickle.load(self._process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return None
        return results


def serve() -> None:
    """Run the tasks from standard input until it ends, and write the results to standard output.

    If deckgen is killed, its end of the pipes is closed at any point. This process ends then without a message.
    """
    with suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        while tasks := _received():
            pickle.dump([run_task(task) for task in tasks], answers)
            answers.flush()


def _received() -> list[FileTask]:
    """The next tasks of standard input. Empty if it has ended, also in the middle of tasks."""
    try:
        tasks: list[FileTask] = pickle.load(sys.stdin.buffer)
    except (EOFError, pickle.UnpicklingError):
        return []
    return tasks
