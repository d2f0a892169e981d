"""An audit hook that stops a figure from using anything that its key does not contain.

It finds mistakes, and is no protection against malicious code. It does not see files that C code opens, the clock and
the environment. The events are those of the audit events table in the Python documentation.
"""

import multiprocessing.util
import os
import site
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from deckgen.problems import FigureError

WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Event → the indices of its paths among the arguments, and the index of the descriptor of their folder.
WRITE_EVENTS = {
    "os.chmod": ((0,), 2), "os.chown": ((0,), 3), "os.link": ((0, 1), 2), "os.mkdir": ((0,), 2), "os.remove": ((0,), 1),
    "os.rename": ((0, 1), 2), "os.rmdir": ((0,), 1), "os.symlink": ((1,), 2), "os.truncate": ((0,), 9), "os.utime": ((0,), 3),
    "sqlite3.connect": ((0,), 9),
}  # fmt: skip
LIST_EVENTS = {"os.listdir", "os.scandir"}
PROCESS_EVENTS = {
    "_winapi.CreateProcess", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system",
    "pty.spawn", "subprocess.Popen",
}  # fmt: skip
IMPORTER = "<frozen importlib._bootstrap_external>"
IMPORT_HINT = "write an import statement: it can be found without running the code"


class ForbiddenAccess(BaseException):
    """A figure uses something that its key does not contain.

    It is no `Exception`, so that the code of the figure does not catch it and continue.
    """


class Guard:
    """What the current figure may do: read below `readable` and write below `folder`.

    `code` is the folder of the deck's figures, for hints. `refusal` is the error of the first refused action.
    """

    def __init__(self, readable: Iterable[str], folder: Path, code: Path):
        self.folder = os.path.realpath(folder)
        self.readable = (self.folder, os.devnull, *readable)
        self.code = os.path.realpath(code)
        self.refusal: FigureError | None = None

    def check_event(self, event: str, args: tuple[Any, ...]) -> None:
        """Raise ForbiddenAccess if the figure may not do what the audit event announces."""
        if event == "open":
            path, mode, flags = args
            self.check_path(path, writing=bool(flags & WRITE_FLAGS) or bool(mode and set(mode) & set("wax+")))
        elif event in WRITE_EVENTS:
            places, at = WRITE_EVENTS[event]
            if len(args) <= at or args[at] == -1:
                for place in places:
                    self.check_path(args[place], writing=True)
        elif event in LIST_EVENTS and sys._getframe(2).f_code.co_filename != IMPORTER:
            self.check_path(args[0] or ".", writing=False)
        elif event in PROCESS_EVENTS:
            self.refuse(f"it starts a process ({event})")
        elif event.startswith("socket."):
            self.refuse(f"it uses the network ({event})", "save the data as a data file")
        elif event == "ctypes.dlopen" and not is_within(os.path.realpath(args[0] or ""), self.readable):
            self.refuse(
                f"it loads a library with ctypes ({args[0] or 'this program'})",
                "deckgen cannot see which files C code opens",
            )
        elif event == "os.chdir":
            self.refuse(f"it changes the working directory to {args[0]}")

    def check_path(self, path: Any, *, writing: bool) -> None:
        """Raise ForbiddenAccess for a path that the figure may not use. A descriptor was checked when it was opened."""
        if isinstance(path, int):
            return
        real = os.path.realpath(os.fsdecode(path))
        if writing and not is_within(real, (self.folder, os.devnull)):
            self.refuse(f"it writes {os.fsdecode(path)}", "a figure may write only below tempfile.gettempdir()")
        if not writing and not is_within(real, self.readable):
            self.refuse(f"it reads {os.fsdecode(path)}, which is not declared", self.read_hint(real))

    def read_hint(self, real: str) -> str:
        """Return the hint for a file that the figure may not read."""
        if not is_within(real, (self.code,)):
            return "a figure may read its data files and the libraries; move the file into the figures folder"
        if real.endswith(".pyc"):
            return IMPORT_HINT
        name = Path(real).relative_to(self.code).as_posix()
        return f'@figure(alt="…", data=["{name}"]) and data_path("{name}")'

    def refuse(self, message: str, hint: str = "") -> NoReturn:
        """Record the error, if it is the first, and raise ForbiddenAccess."""
        self.refusal = self.refusal or FigureError(message, code="figure-outside", hint=hint)
        raise ForbiddenAccess(message)


_guard: Guard | None = None
_hooks: list[Callable[[str, tuple[Any, ...]], None]] = []


def audit_hook(event: str, args: tuple[Any, ...]) -> None:
    """Check an audit event if a figure is being computed."""
    if _guard is not None:
        _guard.check_event(event, args)


def refuse(message: str, hint: str) -> None:
    """Refuse an action that raises no audit event, if a figure is being computed."""
    if _guard is not None:
        _guard.refuse(message, hint)


def refuse_multiprocessing(*_: object) -> None:
    """Replace the function of multiprocessing that starts a process without an audit event."""
    refuse("it starts a process (multiprocessing)", "")


def report_thread_error(thread: threading.ExceptHookArgs) -> None:
    """Print how a thread failed, but not ForbiddenAccess: the error of the figure reports that."""
    if thread.exc_type is not ForbiddenAccess:
        threading.__excepthook__(thread)


def is_within(path: str, roots: Iterable[str]) -> bool:
    """Whether a path is one of the roots or below one. All are real paths."""
    return any(path == root or path.startswith(root + os.sep) for root in roots)


def library_folders() -> tuple[str, ...]:
    """Return the folders of Python, of the installed libraries, and of this package."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    paths += [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]
    # Folders in PYTHONPATH that pip installed into.
    paths += [path for path in sys.path if next(Path(path).glob("*.dist-info"), None)]
    paths += [sys.pycache_prefix] if sys.pycache_prefix else []
    paths.append(str(Path(__file__).parents[1]))
    return tuple(dict.fromkeys(os.path.realpath(path) for path in paths))


@contextmanager
def guard_access(folder: Path, code: Path, sources: Iterable[str]) -> Iterator[Guard]:
    """Guard this process inside the block. `sources` are the files of the figure's code: tracebacks read them."""
    global _guard
    if not _hooks:  # an audit hook cannot be removed
        _hooks.append(audit_hook)
        sys.addaudithook(audit_hook)
    changes = (
        (sys, "dont_write_bytecode", True),
        (tempfile, "tempdir", str(folder)),
        (multiprocessing.util, "spawnv_passfds", refuse_multiprocessing),
        (threading, "excepthook", report_thread_error),
    )
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    _guard = Guard((*library_folders(), *map(os.path.realpath, sources)), folder, code)
    try:
        for change in changes:
            setattr(*change)
        yield _guard
    finally:
        _guard = None
        for old in before:
            setattr(*old)
