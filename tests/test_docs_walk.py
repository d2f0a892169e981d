"""Follows pages of the documentation literally, in a shell, from an empty folder: writes their files, runs their commands, compares the outputs.

A block with a title is a file. A block `console` has commands after `$`, and what they print. A line `…` stands for any lines, `…` in a line
for any text. A comment `<!-- import PACKAGE: N new, N updated -->` imports a package into Anki's engine, over the collection of the imports
before, and answers a card. A comment `<!-- in Anki: OLD => NEW -->` edits the note with this text in the collection.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from decks import run_together
from engine import collection, import_package, schedules, study
from test_docs import steady

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = (
    "tutorial.md",
    "how-to/vault.md",
    "how-to/blog.md",
    "how-to/course.md",
    "how-to/moving.md",
    "how-to/correcting.md",
    "zh/tutorial.md",
)
STEP = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$'
    r"|^<!-- import (?P<package>\S+): (?P<new>\d+) new, (?P<updated>\d+) updated -->$"
    r"|^<!-- in Anki: (?P<old>.+) => (?P<text>.+) -->$",
    re.M | re.S,
)
_PLACE = "__folder__ "


def matches(shown: str, printed: str) -> bool:
    """Whether an output is what the page shows."""
    pattern = re.escape(steady(shown.rstrip("\n"))).replace(r"…\n", "…").replace("…", "(?s:.*)")
    return re.fullmatch(pattern, steady(printed.rstrip("\n"))) is not None


def run_shell(command: str, folder: Path, home: Path) -> tuple[str, Path]:
    """Run a command as a user types it. Return all that it printed, and the folder that it ended in."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "COLUMNS": "200",
    }
    script = f"{{ {command}\n}} 2>&1; status=$?; echo '{_PLACE}'\"$PWD\"; exit $status"
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
    printed, _, place = done.stdout.rpartition(_PLACE)
    return printed, Path(place.strip())


def run_here(command: str, folder: Path, home: Path) -> tuple[str, Path]:
    """Do the same as `run_shell`. A command of deckgen that needs no shell runs in this process."""
    if not re.fullmatch(r"deckgen [^$|&;<>*]+", command):
        return run_shell(command, folder, home)
    status, printed = run_together(*shlex.split(command)[1:], cwd=folder, HOME=str(home), COLUMNS="200")
    assert status == 0, f"$ {command}\n{printed}"
    return printed, folder


def import_and_study(profile: Path, package: Path, counts: tuple[int, int]) -> None:
    """Import a package, and compare the counts of new and updated notes. No schedule may change. Then answer a card if there is a new one."""
    with collection(profile) as col:
        before = schedules(col)
        log = import_package(col, package)
        assert (log.new, log.updated) == counts, log
        assert before.items() <= schedules(col).items(), "the import changed the schedule of a card"
        if counts[0]:
            study(col, 1)


def edit_in_anki(profile: Path, old: str, text: str) -> None:
    """Replace a text in the fields of the note that has it, as somebody does in Anki's editor."""
    with collection(profile) as col:
        (number,) = col.find_notes(f'"{old}"')
        note = col.get_note(number)
        note.fields = [field.replace(old, text) for field in note.fields]
        col.update_note(note)


@pytest.mark.skipif(sys.platform == "win32", reason="the pages are written for bash")
@pytest.mark.parametrize(
    "name, run",
    [
        (PAGES[0], run_shell),
        *((name, run_here) for name in PAGES[1:]),
        *(pytest.param(name, run_shell, marks=pytest.mark.proof) for name in PAGES[1:]),
    ],
)
def test_the_page_can_be_followed(name, run, tmp_path):
    folder = tmp_path / "start"
    folder.mkdir()
    # Where Anki on Linux has the profile of a user, below the home folder of run_shell.
    profile, ran = tmp_path / ".local" / "share" / "Anki2" / "User 1", 0
    for step in STEP.finditer((DOCS / name).read_text("utf-8")):
        if step["package"]:
            import_and_study(profile, folder / step["package"], (int(step["new"]), int(step["updated"])))
        elif step["old"]:
            edit_in_anki(profile, step["old"], step["text"])
        elif step["title"]:
            path = folder / step["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["body"], "utf-8")
        elif step["language"] == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", step["body"], re.M):
                printed, folder = run(command, folder, tmp_path)
                assert matches(shown, printed), f"$ {command}\n{printed}"
                ran += 1
    assert ran


def test_a_page_with_another_output_fails():
    assert matches("a\n…\n", "a\nb\nc\n") and matches("…\nc\n", "a\nb\nc\n") and matches("…\n", "")
    assert not matches("a\n", "b\n") and not matches("a\n", "a\nb\n") and not matches("…\nd\n", "a\nb\nc\n")


def test_every_page_with_files_is_followed():
    """A page that shows a file with its name is one that readers follow."""
    titled = {
        path.relative_to(DOCS).as_posix()
        for path in DOCS.rglob("*.md")
        if re.search('^```\\w+ title="', path.read_text(), re.M)
    }
    assert titled == set(PAGES)
