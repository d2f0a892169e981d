"""Starts Anki's real desktop program in a folder of its own, with add-ons. `make desktop` installs it and runs its tests.

The program (`aqt`) is in an environment of its own, `.venv-desktop`, or the one whose Python DECKGEN_DESKTOP names. The add-on AnkiConnect is in
no registry of packages: ANKICONNECT_ADDON names the folder with its source (`plugin` in its repository). A test without them is skipped
with a reason.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEW_PROFILE = ROOT / "tests" / "desktop" / "new_profile.py"
PROFILE = "User 1"
ADDON = "AnkiConnectDev"
_PATIENCE = 60.0  # seconds


def require_desktop() -> Path:
    """Return the Python that has Anki's desktop program. Without one, the test is skipped with a reason."""
    path = Path(os.environ.get("DECKGEN_DESKTOP", ROOT / ".venv-desktop" / "bin" / "python"))
    if not path.exists():
        pytest.skip(
            f"NOT TESTED: no desktop of Anki at {path}; `make desktop` installs it, or DECKGEN_DESKTOP names its Python"
        )
    return path


def require_ankiconnect() -> Path:
    """Return the folder with the source of AnkiConnect. Without one, the test is skipped with a reason."""
    named = os.environ.get("ANKICONNECT_ADDON", "")
    if not (Path(named) / "web.py").is_file():
        pytest.skip(f"NOT TESTED: ANKICONNECT_ADDON ({named or 'not set'}) is not the folder of the add-on AnkiConnect")
    return Path(named)


@dataclass(frozen=True)
class Desktop:
    """A running desktop program. `base` is its base folder, `log` the file with its output."""

    base: Path
    process: subprocess.Popen
    log: Path

    @property
    def collection(self) -> Path:
        """The file of the collection. Only one program at a time can open it."""
        return self.base / PROFILE / "collection.anki2"

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Wait until something is true. Raises AssertionError, with the output of the program, if it ends or takes too long."""
        end = time.monotonic() + _PATIENCE
        while not done():
            assert self.process.poll() is None, f"Anki ended before {what}:\n{self.log.read_text()}"
            assert time.monotonic() < end, f"Anki: no {what} in {_PATIENCE:g} s:\n{self.log.read_text()}"
            time.sleep(0.05)


def new_base(python: Path, base: Path, profile: str = PROFILE) -> Path:
    """Make a base folder with one profile, in English. Anki then starts without a dialog. Further calls add profiles."""
    subprocess.run([python, NEW_PROFILE, base, profile], check=True, capture_output=True, env=_environment(base))
    return base


def install_ankiconnect(base: Path, source: Path, **config: object) -> int:
    """Copy the add-on into a base folder. Return the port at which it will listen. `config` are further values of its configuration."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    target = base / "addons21" / ADDON
    shutil.copytree(source, target)
    values = json.loads((source / "config.json").read_text()) | {"webBindPort": port} | config
    (target / "config.json").write_text(json.dumps(values))
    return port


def install_addon(base: Path, module: Path) -> None:
    """Copy an add-on of one module into a base folder. It has the name of the module."""
    target = base / "addons21" / module.stem
    target.mkdir(parents=True)
    shutil.copyfile(module, target / "__init__.py")


@contextmanager
def desktop(python: Path, base: Path, profile: str = PROFILE, screen: str = "") -> Iterator[Desktop]:
    """Start the desktop program with a base folder, and end it at the end of the block: Anki then closes its collection.

    `screen` is the size of a virtual screen (`1280x900`), which needs xvfb. Without it the program draws into memory. If there is no such profile,
    the list of profiles opens.
    """
    log = base / "anki.log"
    command = [str(python), "-c", "import aqt; aqt.run()", "-b", str(base), "-p", profile]
    if screen:
        command = ["xvfb-run", "-a", "-s", f"-screen 0 {screen}x24", *command]
    platform = {"QT_QPA_PLATFORM": "xcb" if screen else "offscreen"}
    with open(log, "w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=_environment(base) | platform, start_new_session=True
        )
    try:
        yield Desktop(base, process, log)
    finally:
        _end(process)


@contextmanager
def desktop_with_ankiconnect(folder: Path, **config: object) -> Iterator[tuple[Desktop, str]]:
    """Start the desktop program with AnkiConnect in a new folder. Yield it with the address of AnkiConnect, which answers."""
    python, source = require_desktop(), require_ankiconnect()
    base = new_base(python, folder / "Anki")
    port = install_ankiconnect(base, source, **config)
    with desktop(python, base) as running:
        running.wait(lambda: listens(port), "answer of AnkiConnect")
        yield running, f"http://127.0.0.1:{port}"


def listens(port: int) -> bool:
    """Whether a program listens at a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _environment(base: Path) -> dict[str, str]:
    """The environment of the program: it reads and writes only in the base folder, and it is no second window of another one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "ANKI"))}
    return kept | {
        "HOME": str(base),
        "ANKI_SINGLE_INSTANCE_KEY": f"deckgen-{uuid.uuid4()}",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",  # Chromium's sandbox refuses root
    }


def _end(process: subprocess.Popen) -> None:
    """Ask the program to end, as the system does at the end of a session. If it does not, kill it and its helpers."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_PATIENCE / 3)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
