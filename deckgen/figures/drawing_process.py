"""The process that draws figures. It imports the drawing libraries once and forks for each figure.

The fork keeps figures apart: no figure sees what another has changed, and a crash or a hang ends one figure only.
"""

import faulthandler
import os
import pickle
import re
import signal
import sys
import traceback
from tempfile import TemporaryFile
from typing import IO, Any

from deckgen.figures.task import Failure, Outcome, Task
from deckgen.figures.worker import compute

# Seconds after its time limit at which a figure is killed if the alarm did not stop it.
GRACE_SECONDS = 1.0
READY = "ready"
STACK_FRAME = re.compile(r'  File "(.+)", line \d+ in .+')


def send(stream: IO[bytes], value: Any) -> None:
    """Write a pickled value to the stream, after its length in 8 bytes."""
    data = pickle.dumps(value)
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read the next value from the stream. Raises EOFError if the other side has closed it."""
    head = stream.read(8)
    data = stream.read(int.from_bytes(head, "big"))
    if len(head) < 8 or len(data) < int.from_bytes(head, "big"):
        raise EOFError
    return pickle.loads(data)


def run_drawing_process() -> None:
    """Compute the tasks from standard input until it ends. What figures print goes to standard error."""
    import deckgen.figures.draw  # noqa: F401

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        send(answers, READY)
        while True:
            task = receive(sys.stdin.buffer)
            send(answers, run_in_child(task, answers) if hasattr(os, "fork") else compute(task))
    except EOFError:
        return
    except BrokenPipeError:  # the parent was killed; a normal exit would fail to flush the rest and report it
        os._exit(1)


def run_in_child(task: Task, answers: IO[bytes]) -> Outcome:
    """Compute the task in a child process and return its outcome. The child closes its copy of `answers`."""
    with TemporaryFile() as result, TemporaryFile() as stack:
        child = os.fork()
        if not child:
            answers.close()
            run_and_exit(task, result, stack)
        _, status = os.waitpid(child, 0)
        result.seek(0)
        stack.seek(0)
        # With status 0, the answer is complete, or empty if the figure itself ended the process.
        answer = b"" if status else result.read()
        return (
            pickle.loads(answer)
            if answer
            else failure_of_lost_process(task, os.waitstatus_to_exitcode(status), stack.read().decode())
        )


def run_and_exit(task: Task, result: IO[bytes], stack: IO[bytes]) -> None:
    """Compute the task and end this process. After a crash, or a hang that the alarm cannot stop, `stack` has the stack."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    faulthandler.enable(stack)
    faulthandler.dump_traceback_later(task.seconds + GRACE_SECONDS, exit=True, file=stack)
    try:
        pickle.dump(compute(task), result)
        result.flush()
        sys.stdout.flush()
        os._exit(0)
    except BaseException:  # this process must not continue the loop of its parent
        traceback.print_exc()
    os._exit(70)


def failure_of_lost_process(task: Task, code: int, stack: str) -> Failure:
    """Return the failure of a process that ended with the exit code `code` and gave no answer."""
    paths = {module.path for module in task.modules}
    frames = [line for line in stack.splitlines() if (match := STACK_FRAME.fullmatch(line)) and match[1] in paths]
    late = stack.startswith("Timeout")
    if late:
        message = f"it took longer than {task.seconds:g} s and was killed"
    else:
        ending = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
        message = f"its process ended before the figure was done: {ending}"
    text = "\n".join([f"figure {task.request}: {message}", *reversed(frames)])
    hint = "" if late else "it was killed, ran out of memory, or crashed in a library"
    return Failure(text, "figure-timeout" if late else "figure-lost", hint)
