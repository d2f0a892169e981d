"""Run Python code in copies of a folder, and kill it each time at another change of a file."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# A process imports everything, and then forks a child for each moment. A child works in its own copy of the folder. It is killed before
# its n-th change of a file or a git command that changes the repository. The process prints whether the child was killed.
_KILLER = """
import os, shutil, signal, sys
from pathlib import Path

home, imports, work, step = Path(sys.argv[1]), sys.argv[2], compile(sys.argv[3], "work", "exec"), int(sys.argv[4])
names = {}
exec(imports, names)

def changes(event, args, copy):
    if event == "subprocess.Popen":
        return {"add", "commit", "tag"} & set(args[1])
    if event == "open":
        return str(args[0]).startswith(str(copy)) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir") and str(args[0]).startswith(str(copy))

def die_at(moment, copy):
    left = [moment]
    def hook(event, args):
        if changes(event, args, copy):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

for moment in range(1, 200, step):
    copy = home.with_name(f"copy-{moment}")
    shutil.copytree(home, copy)
    child = os.fork()
    if child == 0:
        die_at(moment, copy)
        exec(work, {**names, "copy": copy})
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or status == 0
    print(moment, os.WIFSIGNALED(status), flush=True)
    if status == 0:
        break
"""


def killed_copies(home: Path, imports: str, work: str, step: int = 1) -> Iterator[tuple[Path, bool]]:
    """Yield copies of the folder `home` in which `work` ran, and whether it was killed. In each copy it is killed one moment later.

    In the last copy `work` is complete. `work` is Python code; its variable `copy` is the folder. One in `step` moments is tried.
    """
    result = subprocess.run(
        [sys.executable, "-c", _KILLER, str(home), imports, work, str(step)], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[-1][1] == "False", "the work never ended"
    for moment, killed in lines:
        yield home.with_name(f"copy-{moment}"), killed == "True"


# A process imports everything, and then forks a child for each attempt. A child works in its own copy of the folder.
_ATTEMPTS = """
import os, random, shutil, signal, sys, time
from pathlib import Path

home, imports, work, count, seed = Path(sys.argv[1]), sys.argv[2], compile(sys.argv[3], "work", "exec"), *map(int, sys.argv[4:])
names = {}
exec(imports, names)
rng = random.Random(seed)

def start(copy):
    shutil.copytree(home, copy, symlinks=True)
    child = os.fork()
    if child == 0:
        sys.stderr.flush()
        os.setpgid(0, 0)
        exec(work, {**names, "copy": copy})
        os._exit(0)
    return child

# The wait status of the child if it ends within some seconds, else None.
def status_within(child, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return status
        time.sleep(0.002)

# How long the work takes now: it depends on what else the machine does. Each child that ends by itself measures it again.
child, begin = start(home.with_name("complete")), time.monotonic()
assert os.waitpid(child, 0)[1] == 0
seconds = time.monotonic() - begin
"""
# A child is killed with all its own children after a random part of the time that the work takes, or is left to end.
_RANDOM_KILLER = (
    _ATTEMPTS
    + """
for number in range(count):
    sys.stdin.readline()
    child, begin = start(home.with_name(f"random-{number}")), time.monotonic()
    status = status_within(child, 1.1 * rng.random() * seconds)
    if status is not None:
        seconds = time.monotonic() - begin
    else:
        try:
            os.killpg(child, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or status == 0
    print(number, os.WIFSIGNALED(status), flush=True)
"""
)


def randomly_killed_copies(home: Path, imports: str, work: str, count: int, seed: int) -> Iterator[tuple[Path, bool]]:
    """Yield copies of the folder `home` in which `work` ran, and whether it was killed: each at a random moment, with its workers.

    `work` is Python code; its variable `copy` is the folder. It may have ended before it was killed.
    """
    for number, killed in _results(_RANDOM_KILLER, home, imports, work, count, seed):
        yield home.with_name(f"random-{number}"), killed == "True"


def _results(program: str, home: Path, imports: str, work: str, count: int, seed: int) -> Iterator[list[str]]:
    """Yield the words of each line that a killer prints. It makes each attempt when the caller asks for its line."""
    words = [sys.executable, "-c", program, str(home), imports, work, str(count), str(seed)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout  # both are pipes
        for _ in range(count):
            process.stdin.write("\n")
            process.stdin.flush()
            yield process.stdout.readline().split()
    assert process.returncode == 0


# One of the processes that a child has started, or that these have started, is killed at a random moment.
_WORKER_KILLER = (
    _ATTEMPTS
    + """
import psutil

# Kill a process of the child after some seconds. Return None, or the wait status of the child if it ended before.
def kill_one(child, seconds):
    status = status_within(child, seconds)
    while status is None:
        try:
            found = psutil.Process(child).children(recursive=True)
            workers = [each for each in found if each.status() != psutil.STATUS_ZOMBIE]
            if workers:
                rng.choice(workers).kill()
                return None
        except psutil.NoSuchProcess:  # one of them has just ended
            pass
        status = status_within(child, 0.005)
    return status

for number in range(count):
    sys.stdin.readline()
    child, begin = start(home.with_name(f"workers-{number}")), time.monotonic()
    status = kill_one(child, 0.8 * rng.random() * seconds)
    killed = status is None
    if killed:
        status = os.waitpid(child, 0)[1]
    else:
        seconds = time.monotonic() - begin
    print(number, killed, os.waitstatus_to_exitcode(status), flush=True)
"""
)


def copies_with_killed_workers(
    home: Path, imports: str, work: str, count: int, seed: int
) -> Iterator[tuple[Path, bool, int]]:
    """Yield copies of the folder `home` in which `work` ran, whether one of its worker processes was killed, and its exit status.

    `work` is Python code; its variable `copy` is the folder. In the copy `complete`, no worker is killed.
    """
    for number, killed, status in _results(_WORKER_KILLER, home, imports, work, count, seed):
        yield home.with_name(f"workers-{number}"), killed == "True", int(status)
