"""Follows pages of the documentation literally, in a shell, from an empty folder: writes their files, runs their commands, compares the outputs.

A block with a title is a file. A block `console` has commands after `$`, and what they print. A line `…` stands for any lines, `…` in a line
for any text. A comment `<!-- import PACKAGE: N new, N updated -->` imports a package into Anki's engine, over the collection of the imports
before, and answers a card.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from engine import collection, import_package, schedules, study
from test_docs import steady

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = ("tutorial.md", "how-to/vault.md", "how-to/blog.md", "how-to/course.md", "zh/tutorial.md")
STEP = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$'
    r"|^<!-- import (?P<package>\S+): (?P<new>\d+) new, (?P<updated>\d+) updated -->$",
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


@pytest.mark.skipif(sys.platform == "win32", reason="the pages are written for bash")
@pytest.mark.parametrize("name", PAGES)
def test_the_page_can_be_followed(name, tmp_path):
    folder = tmp_path / "start"
    folder.mkdir()
    ran = 0
    for step in STEP.finditer((DOCS / name).read_text("utf-8")):
        if step["package"]:
            with collection(tmp_path / "anki") as col:
                before = schedules(col)
                log = import_package(col, folder / step["package"])
                assert (log.new, log.updated) == (int(step["new"]), int(step["updated"])), log
                assert before.items() <= schedules(col).items(), "the import changed the schedule of a card"
                study(col, 1)
        elif step["title"]:
            path = folder / step["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["body"], "utf-8")
        elif step["language"] == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", step["body"], re.M):
                printed, folder = run_shell(command, folder, tmp_path)
                assert matches(shown, printed), f"$ {command}\n{printed}"
                ran += 1
    assert ran


def test_a_page_with_another_output_fails():
    assert matches("a\n…\n", "a\nb\nc\n") and matches("…\nc\n", "a\nb\nc\n") and matches("…\n", "")
    assert not matches("a\n", "b\n") and not matches("a\n", "a\nb\n") and not matches("…\nd\n", "a\nb\nc\n")


def test_every_page_with_files_is_followed():
    """A page that shows a file with its name is one that readers follow."""
    titled = {
        path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if '```markdown title="' in path.read_text()
    }
    assert titled == set(PAGES)
