"""The commands that install libraries and programs on this machine."""

import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from deckgen import DISTRIBUTION

# The program that installs packages of the system, and its arguments, in the order in which they are looked for.
_MANAGERS = {
    "brew": "brew install",
    "winget": "winget install",
    "apt-get": "sudo apt-get install",
    "dnf": "sudo dnf install",
    "pacman": "sudo pacman -S",
}


def library_command(requirements: Iterable[str]) -> str:
    """Return the command that adds libraries to the environment of this deckgen: of pipx, of uv, or of pip."""
    wanted, environment = [*requirements], Path(sys.prefix)
    words = " ".join(map(shlex.quote, wanted))
    if (environment / "pipx_metadata.json").exists():
        return f"pipx inject {DISTRIBUTION} {words}"
    if (environment / "uv-receipt.toml").exists():
        from deckgen.doctor.uv_tool import uv_command

        return uv_command(environment / "uv-receipt.toml", wanted)
    return f"{_pip()} install {words}"


def _pip() -> str:
    """`pip`, if it is the pip of this Python; else the command that runs pip with this Python."""
    found = shutil.which("pip")
    if found and Path(found).parent == Path(sys.executable).parent:
        return "pip"
    return f"{shlex.quote(sys.executable)} -m pip"


def program_command(packages: Mapping[str, str], otherwise: str) -> str:
    """Return the command that installs a program.

    `packages` are its names in package managers, by the manager's program. `otherwise` is the step if none of them is on this machine.
    """
    for manager, command in _MANAGERS.items():
        if manager in packages and shutil.which(manager):
            return f"{command} {packages[manager]}"
    return otherwise
