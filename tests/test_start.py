"""Commands import only what they need, so that they start fast."""

import subprocess
import sys

import pytest
from click import Context

from deckgen.cli import COMMANDS, main

SLOW = {"bs4", "genanki", "jinja2", "markdown", "math_core", "pygments", "rich", "sqlite3", "yaml"}


def imported(*arguments: str) -> set[str]:
    """Return the names of the modules that a command imports."""
    code = (
        "import sys\n"
        "from deckgen.cli import main\n"
        f"main({list(arguments)!r}, standalone_mode=False)\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("explain", "answer-missing")])
def test_these_commands_import_no_slow_library(arguments):
    modules = imported(*arguments)
    assert "deckgen.cli" in modules
    assert not modules & SLOW
    assert not any(name.startswith(("deckgen.pipeline", "deckgen.render", "deckgen.parse")) for name in modules)


def test_the_help_imports_no_command():
    assert not {f"deckgen.cli.{module}" for module, _ in COMMANDS.values()} & imported("--help")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_help_is_the_beginning_of_the_commands_own_help(name):
    command = main.get_command(Context(main), name)
    assert command.name == name
    assert COMMANDS[name][1] == command.get_short_help_str(limit=200)
