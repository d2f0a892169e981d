"""Completion in real shells: a key press of Tab in an interactive shell completes a command line of the installed deckgen."""

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from decks import run, write_deck

from deckgen.cli import COMMANDS, main
from deckgen.cli.completion import SHELLS

# Windows has no such modules.
fcntl, pty, termios = map(pytest.importorskip, ("fcntl", "pty", "termios"))

BIN = Path(sys.executable).parent
# How each shell starts without the files of the user, and what it needs before completion.
START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(deckgen completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -U compinit; compinit -D; eval "$(deckgen completion zsh)"'),
    "fish": (["fish", "--no-config", "--interactive"], "deckgen completion fish | source"),
}


class Shell:
    """An interactive shell on a terminal."""

    def __init__(self, name: str, folder: Path):
        self.terminal, theirs = pty.openpty()
        environment = {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "TERM": "dumb",
            "HOME": str(folder),
        }
        command, prepare = START[name]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # The terminal controls the new session, as a shell with job control needs it.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.shown = ""
        self.type(f"{prepare}\necho read''y\n")
        self.wait_for("ready")

    def type(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def wait_for(self, text: str, seconds: float = 60) -> None:
        """Wait until the terminal shows a text, behind what it showed before."""
        end = time.monotonic() + seconds
        while text not in self.shown and time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.shown += os.read(self.terminal, 65536).decode(errors="replace")
        assert text in self.shown, self.shown
        self.shown = self.shown.partition(text)[2]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


@contextmanager
def shell(name: str, folder: Path) -> Iterator[Shell]:
    found = Shell(name, folder)
    try:
        yield found
    finally:
        found.close()


@pytest.mark.parametrize("name", SHELLS)
def test_tab_completes_commands_options_and_arguments(tmp_path, name):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed: nobody has checked completion in it")
    assert (BIN / "deckgen").exists(), "deckgen is not installed here"
    write_deck(tmp_path / "my-notes-folder", {"a.md": "# D\n\n## One?\n\nA.\n"})
    with shell(name, tmp_path) as terminal:
        # What is completed is shown first. Then the command runs, and its output shows that all of it was right.
        for typed, completed, result in (
            ("deckgen expl", "explain ", None),
            ("media-missi", "media-missing ", None),
            ("--js", "--json", '"code": "media-missing"'),
            ("deckgen sche", "schema ", None),
            ("front-m", "front-matter", "The front matter of a note file"),
            ("deckgen list my-no", "my-notes-folder", "my-notes-folder/a.md:3: basic: One?"),
        ):
            terminal.type(f"{typed}\t")
            terminal.wait_for(completed)
            if result:
                terminal.type("\n")
                terminal.wait_for(result)


def test_bash_completes_folders_of_decks_only_with_folders(tmp_path):
    """The function of the script, called as bash calls it."""
    (tmp_path / "notes").mkdir()
    script = (
        'eval "$(deckgen completion bash)"\n'
        "COMP_WORDS=(deckgen build no); COMP_CWORD=2\n"
        "compopt() { printf '%s ' compopt \"$@\"; }\n"
        "_deckgen_completion deckgen\n"
    )
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("compopt -o dirnames ", "")


def complete(*words: str) -> list[str]:
    """Return what deckgen tells the shell for the last of the words."""
    variables = {"_DECKGEN_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    result = CliRunner().invoke(main, env=variables, prog_name="deckgen")
    return [line.split(",")[1] for line in result.output.splitlines() if line]


def test_all_commands_and_formats_are_completed():
    assert complete("deckgen", "") == sorted(COMMANDS)
    assert complete("deckgen", "c") == [name for name in sorted(COMMANDS) if name.startswith("c")]
    assert complete("deckgen", "check", "--format", "g") == ["gcc", "github"]
    assert complete("deckgen", "completion", "") == list(SHELLS)
    assert complete("deckgen", "lock", "s") == ["same"]


def test_completing_a_command_imports_no_command():
    code = "import sys, atexit; atexit.register(lambda: print('\\n' + ' '.join(sys.modules))); from deckgen.cli import main; main(prog_name='deckgen')"
    variables = {"_DECKGEN_COMPLETE": "bash_complete", "COMP_WORDS": "deckgen ", "COMP_CWORD": "1"}
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **variables}, capture_output=True, text=True)
    assert "plain,build" in done.stdout and "deckgen.cli.group" in done.stdout
    assert not re.search(r"deckgen\.cli\.(build|check|list_notes)\b|deckgen\.pipeline", done.stdout)


def test_an_unknown_shell_is_wrong_usage():
    assert run("completion", "tcsh").returncode == 2
