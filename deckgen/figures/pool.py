"""Runs tasks on an executor: any of `concurrent.futures`, or worker processes of our own."""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor

from deckgen.figures.worker import Drawing, Failure, Task, compute

Outcome = Drawing | Failure
LOST = "figure-lost"


def run(tasks: Sequence[Task], executor: Executor | None) -> list[Outcome]:
    """The outcome of each task, in order. A worker that dies costs only the figure that killed it."""
    if executor is not None:
        return collect(tasks, executor)
    outcomes = in_processes(tasks)
    # A dead worker takes with it all that its pool was doing: give each of those a process of its own.
    return [
        in_processes([task])[0] if isinstance(outcome, Failure) and outcome.code == LOST and len(tasks) > 1 else outcome
        for task, outcome in zip(tasks, outcomes, strict=True)
    ]


def in_processes(tasks: Sequence[Task]) -> list[Outcome]:
    """Outcomes from new processes, at most one a processor.

    One figure gets a process too: the author's code and what it does to matplotlib stay out of this one.
    """
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    workers = min(len(tasks), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, multiprocessing.get_context(method)) as executor:
        return collect(tasks, executor)


def collect(tasks: Sequence[Task], executor: Executor) -> list[Outcome]:
    futures = [submit(task, executor) for task in tasks]
    return [outcome(task, future) for task, future in zip(tasks, futures, strict=True)]


def submit(task: Task, executor: Executor) -> Future:
    """The task's future; one that has failed already where the executor no longer takes tasks."""
    try:
        return executor.submit(compute, task)
    except BrokenExecutor as error:
        future: Future = Future()
        future.set_exception(error)
        return future


def outcome(task: Task, future: Future) -> Outcome:
    """What the task gave. The exception of a future is the executor's own: figures fail by value."""
    if error := future.exception():
        message = f"figure {task.request}: its worker ended before it was done: {type(error).__name__}"
        return Failure(message, LOST, "it was killed, ran out of memory, or crashed in a library")
    return future.result()
