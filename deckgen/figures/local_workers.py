"""Runs tasks on an executor of `concurrent.futures`, and opens the executor of this machine."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from deckgen.figures.task import Failure, Outcome, Task
from deckgen.figures.worker_pool import WorkerPool, run_on_this_machine, use_pool


@contextmanager
def local_workers() -> Iterator[Executor]:
    """Open an executor with one worker process per processor of this machine. A thread of its own feeds each process."""
    pool = WorkerPool()
    executor = ThreadPoolExecutor(os.cpu_count() or 1, initializer=use_pool, initargs=(pool,))
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        pool.shutdown()
        executor.shutdown()


def run_tasks(tasks: Sequence[Task], executor: Executor) -> Iterator[tuple[Task, Outcome]]:
    """Yield each task with its outcome as soon as it is done. If a worker dies, only its current task fails."""
    futures = {submit(task, executor): task for task in tasks}
    for future in as_completed(futures):
        yield futures[future], outcome_of(futures[future], future)


def submit(task: Task, executor: Executor) -> Future[Outcome]:
    """Submit the task and return its future. The future has failed if the executor no longer accepts tasks."""
    try:
        return executor.submit(run_on_this_machine, task)
    except BrokenExecutor as error:
        future: Future[Outcome] = Future()
        future.set_exception(error)
        return future


def outcome_of(task: Task, future: Future[Outcome]) -> Outcome:
    """Return the outcome of a task. An exception comes from the executor: a failed figure is a value."""
    try:
        error: BaseException | None = future.exception()
    except CancelledError as cancelled:
        error = cancelled
    if error is None:
        return future.result()
    message = f"figure {task.request}: its worker was lost: {type(error).__name__}: {error}".rstrip(": ")
    return Failure(
        message, "figure-lost", "it was killed or ran out of memory, or does not have this version of deckgen"
    )
