"""Sees to it that a picture depends on nothing outside its key: an audit hook in the process that draws.

It is there for mistakes, not for malice: code in C that opens files by itself is not seen, and neither are the clock
and the environment. Source of the events: the audit events table of the Python documentation.
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

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Event → where its paths stand among the arguments, and where the descriptor of the folder that they are relative to.
CHANGES = {
    "os.chmod": ((0,), 2), "os.chown": ((0,), 3), "os.link": ((0, 1), 2), "os.mkdir": ((0,), 2), "os.remove": ((0,), 1),
    "os.rename": ((0, 1), 2), "os.rmdir": ((0,), 1), "os.symlink": ((1,), 2), "os.truncate": ((0,), 9), "os.utime": ((0,), 3),
    "sqlite3.connect": ((0,), 9),
}  # fmt: skip
LISTINGS = {"os.listdir", "os.scandir"}
STARTS = {
    "_winapi.CreateProcess", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system",
    "pty.spawn", "subprocess.Popen",
}  # fmt: skip
IMPORTER = "<frozen importlib._bootstrap_external>"
IMPORT = "write an import statement, which can be found by reading"


class Outside(BaseException):
    """A figure reaches for what its key does not cover. No `Exception`, which its code may catch and go on."""


class Guard:
    """What the figure that is being computed may touch: read below `readable`, write below `folder`.

    `code` is the folder of the deck's figures, named in hints. `refusal` is the first thing that was refused.
    """

    def __init__(self, readable: Iterable[str], folder: Path, code: Path):
        self.folder = os.path.realpath(folder)
        self.readable = (self.folder, os.devnull, *readable)
        self.code = os.path.realpath(code)
        self.refusal: FigureError | None = None

    def see(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            self.touch(path, writing=bool(flags & WRITING) or bool(mode and set(mode) & set("wax+")))
        elif event in CHANGES:
            places, at = CHANGES[event]
            if len(args) <= at or args[at] == -1:
                for place in places:
                    self.touch(args[place], writing=True)
        elif event in LISTINGS and sys._getframe(2).f_code.co_filename != IMPORTER:
            self.touch(args[0] or ".", writing=False)
        elif event in STARTS:
            self.refuse(f"it starts a process ({event})")
        elif event.startswith("socket."):
            self.refuse(f"it uses the network ({event})", "save what it needs as a data file")
        elif event == "ctypes.dlopen" and not within(os.path.realpath(args[0] or ""), self.readable):
            self.refuse(
                f"it loads a library with ctypes ({args[0] or 'this program'})", "what C code opens is not seen"
            )
        elif event == "os.chdir":
            self.refuse(f"it changes the working directory to {args[0]}")

    def touch(self, path: Any, *, writing: bool) -> None:
        """Refuse a path outside. One given as an open descriptor was looked at when it was opened."""
        if isinstance(path, int):
            return
        real = os.path.realpath(os.fsdecode(path))
        if writing and not within(real, (self.folder, os.devnull)):
            self.refuse(f"it writes {os.fsdecode(path)}", "a figure may write below tempfile.gettempdir() only")
        if not writing and not within(real, self.readable):
            self.refuse(f"it reads {os.fsdecode(path)}, which is not declared", self.advice(real))

    def advice(self, real: str) -> str:
        if not within(real, (self.code,)):
            return "a figure may read its data files and the libraries; move the file into the figures folder"
        if real.endswith(".pyc"):
            return IMPORT
        name = Path(real).relative_to(self.code).as_posix()
        return f'@figure(alt="…", data=["{name}"]) and data_path("{name}")'

    def refuse(self, message: str, hint: str = "") -> NoReturn:
        self.refusal = self.refusal or FigureError(message, code="figure-outside", hint=hint)
        raise Outside(message)


_guard: Guard | None = None
_hooks: list[Callable[[str, tuple[Any, ...]], None]] = []


def hook(event: str, args: tuple[Any, ...]) -> None:
    if _guard is not None:
        _guard.see(event, args)


def refuse(message: str, hint: str) -> None:
    """Refuse what is no event of Python's, where a figure is being watched."""
    if _guard is not None:
        _guard.refuse(message, hint)


def spawned(*_: object) -> None:
    """Stands for the one way to start a process that raises no event: that of multiprocessing."""
    refuse("it starts a process (multiprocessing)", "")


def ended(thread: threading.ExceptHookArgs) -> None:
    """Say how a thread ended, unless it was refused something: then the figure's own error says so."""
    if thread.exc_type is not Outside:
        threading.__excepthook__(thread)


def within(path: str, roots: Iterable[str]) -> bool:
    return any(path == root or path.startswith(root + os.sep) for root in roots)


def installed() -> tuple[str, ...]:
    """The folders of Python, of the libraries that are installed for it, and of this package."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    paths += [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]
    # Folders that pip installed into and that PYTHONPATH names.
    paths += [path for path in sys.path if next(Path(path).glob("*.dist-info"), None)]
    paths += [sys.pycache_prefix] if sys.pycache_prefix else []
    paths.append(str(Path(__file__).parents[1]))
    return tuple(dict.fromkeys(os.path.realpath(path) for path in paths))


@contextmanager
def guarded(folder: Path, code: Path, sources: Iterable[str]) -> Iterator[Guard]:
    """Inside, this process is watched. `sources` are the files of the figure's own code, which tracebacks show."""
    global _guard
    if not _hooks:  # an audit hook cannot be taken out again
        _hooks.append(hook)
        sys.addaudithook(hook)
    changes = (
        (sys, "dont_write_bytecode", True),
        (tempfile, "tempdir", str(folder)),
        (multiprocessing.util, "spawnv_passfds", spawned),
        (threading, "excepthook", ended),
    )
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    _guard = Guard((*installed(), *map(os.path.realpath, sources)), folder, code)
    try:
        for change in changes:
            setattr(*change)
        yield _guard
    finally:
        _guard = None
        for old in before:
            setattr(*old)
