"""The process that figures are computed in: it loads the drawing libraries once, and forks for each figure.

So one figure finds nothing that another left behind, and one that crashes or hangs takes nothing with it.
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

# Seconds after which a figure that could not be told to stop is stopped.
GRACE = 1.0
READY = "ready"
FRAME = re.compile(r'  File "(.+)", line \d+ in .+')


def send(stream: IO[bytes], value: Any) -> None:
    data = pickle.dumps(value)
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value. EOFError where the other side is gone."""
    head = stream.read(8)
    data = stream.read(int.from_bytes(head, "big"))
    if len(head) < 8 or len(data) < int.from_bytes(head, "big"):
        raise EOFError
    return pickle.loads(data)


def serve() -> None:
    """Answer tasks from standard input until it ends. What figures print goes to standard error."""
    import deckgen.figures.draw  # noqa: F401

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        send(answers, READY)
        while True:
            task = receive(sys.stdin.buffer)
            send(answers, apart(task, answers) if hasattr(os, "fork") else compute(task))
    except EOFError:
        return
    except BrokenPipeError:  # who asked was killed: there is nobody to tell, and what is left unsent would be
        os._exit(1)


def apart(task: Task, answers: IO[bytes]) -> Outcome:
    """The outcome of the task, computed in a process of its own, which does not keep `answers` open."""
    with TemporaryFile() as result, TemporaryFile() as stack:
        child = os.fork()
        if not child:
            answers.close()
            finish(task, result, stack)
        _, status = os.waitpid(child, 0)
        result.seek(0)
        stack.seek(0)
        # An answer that is there is whole; a figure that ends the process with the status 0 leaves none.
        answer = b"" if status else result.read()
        return pickle.loads(answer) if answer else lost(task, os.waitstatus_to_exitcode(status), stack.read().decode())


def finish(task: Task, result: IO[bytes], stack: IO[bytes]) -> None:
    """Compute and end this process. A crash, or a hang in code that no alarm reaches, leaves its stack behind."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    faulthandler.enable(stack)
    faulthandler.dump_traceback_later(task.seconds + GRACE, exit=True, file=stack)
    try:
        pickle.dump(compute(task), result)
        result.flush()
        sys.stdout.flush()
        os._exit(0)
    except BaseException:  # this process must not go on as a second server
        traceback.print_exc()
    os._exit(70)


def lost(task: Task, code: int, stack: str) -> Failure:
    """What is known of a process that ended with that code before it had an answer."""
    paths = {module.path for module in task.modules}
    frames = [line for line in stack.splitlines() if (match := FRAME.fullmatch(line)) and match[1] in paths]
    late = stack.startswith("Timeout")
    if late:
        message = f"it took longer than {task.seconds:g} s, and did not stop when it was told to"
    else:
        ending = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
        message = f"its process ended before it was done: {ending}"
    text = "\n".join([f"figure {task.request}: {message}", *reversed(frames)])
    hint = "" if late else "it was killed, ran out of memory, or crashed in a library"
    return Failure(text, "figure-timeout" if late else "figure-lost", hint)
