"""Runs tasks on an executor: any of `concurrent.futures`."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from deckgen.figures.isolate import Crew, isolated, join
from deckgen.figures.task import Failure, Outcome, Task


@contextmanager
def processes() -> Iterator[Executor]:
    """Processes on this machine, one a processor: a thread each that hands it figures."""
    crew = Crew()
    executor = ThreadPoolExecutor(os.cpu_count() or 1, initializer=join, initargs=(crew,))
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        crew.dismiss()
        executor.shutdown()


def run(tasks: Sequence[Task], executor: Executor) -> Iterator[tuple[Task, Outcome]]:
    """Each task with its outcome, as soon as there is one. A worker that dies costs only what it was doing."""
    futures = {submit(task, executor): task for task in tasks}
    for future in as_completed(futures):
        yield futures[future], outcome(futures[future], future)


def submit(task: Task, executor: Executor) -> Future:
    """The task's future; one that has failed already where the executor no longer takes tasks."""
    try:
        return executor.submit(isolated, task)
    except BrokenExecutor as error:
        future: Future = Future()
        future.set_exception(error)
        return future


def outcome(task: Task, future: Future) -> Outcome:
    """What the task gave. The exception of a future is the executor's own: figures fail by value."""
    try:
        error = future.exception()
    except CancelledError as cancelled:
        error = cancelled
    if error is None:
        return future.result()
    message = f"figure {task.request}: its worker was lost: {type(error).__name__}: {error}".rstrip(": ")
    return Failure(
        message, "figure-lost", "it was killed or ran out of memory, or does not have this version of deckgen"
    )
