"""deckgen init --vscode: the tasks run deckgen, and their problem matcher reads its problems."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from decks import DECK_TOML, git, run, write_deck
from jsonschema import Draft7Validator

WRITTEN = [".vscode/tasks.json", ".vscode/deck.schema.json", ".taplo.toml"]
TAPLO = shutil.which("taplo", path=Path(sys.executable).parent) or shutil.which("taplo")
NOTES = "# D\n\n## Why: because?\n\nA ![p](p.png) and [x](missing.md)\n\n## Which?\n"


def tasks(folder: Path) -> dict[str, dict]:
    """Return the tasks by their labels. VS Code allows comments in the file."""
    text = (folder / ".vscode" / "tasks.json").read_text()
    return {task["label"]: task for task in json.loads(re.sub(r"^ *//.*\n", "", text, flags=re.M))["tasks"]}


def repository(folder: Path, files: dict[str, str], deck: str = "my deck") -> Path:
    """Write a deck in a folder of a git repository. Return the repository."""
    write_deck(folder / deck, files)
    git(folder, "init", "--quiet")
    return folder


def test_the_matcher_finds_every_problem_of_the_tasks(tmp_path):
    home = repository(tmp_path / "home", {"a.md": NOTES})
    (home / "my deck" / "deck.toml").unlink()
    result = run("init", "my deck", "--vscode", cwd=home)
    assert result.returncode == 0 and all(f"{name} written" in result.stdout for name in WRITTEN)
    for label, count in (("deckgen: check", 3), ("deckgen: build", 3)):
        task = tasks(home)[label]
        assert task["command"] == "deckgen"
        done = run(*task["args"], cwd=home)
        pattern = task["problemMatcher"]["pattern"]
        lines = (done.stdout + done.stderr).splitlines()
        found = [match for match in map(re.compile(pattern["regexp"]).match, lines) if match]
        assert len(found) == count == done.stderr.count("\n"), lines
        listed = json.loads(run("check", "my deck", "--json", cwd=home).stdout)
        words = {"info": "note"}
        for match, problem in zip(found, listed):
            assert (home / match[pattern["file"]]).is_file()
            keys = ("file", "line", "column", "severity", "code")
            severity = words.get(problem["severity"], problem["severity"])
            assert [match[pattern[key]] for key in keys] == [
                str({**problem, "severity": severity}[key]) for key in keys
            ]
            assert match[pattern["message"]].startswith(problem["message"])


def test_the_preview_task_runs_a_command_that_exists(tmp_path):
    home = repository(tmp_path, {"a.md": NOTES}, ".")
    run("init", "--vscode", cwd=home)
    task = tasks(home)["deckgen: preview"]
    assert task["args"] == ["preview", "."] and run(task["args"][0], "--help").returncode == 0


def test_a_deck_that_exists_gets_only_these_files(tmp_path):
    home = repository(tmp_path, {"a.md": NOTES})
    before = {path for path in home.rglob("*") if ".git" not in path.parts}
    result = run("init", "my deck", "--vscode", cwd=home)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"{name} written" for name in WRITTEN]
    assert (home / "my deck" / "deck.toml").read_text() == DECK_TOML
    after = {path for path in home.rglob("*") if path.is_file() and ".git" not in path.parts} - before
    assert {path.relative_to(home).as_posix() for path in after} == set(WRITTEN)


def test_files_that_exist_are_not_changed(tmp_path):
    home = repository(tmp_path, {"a.md": NOTES})
    write_deck(home, {"deck.toml": "", ".vscode/tasks.json": "mine"})
    result = run("init", "my deck", "--vscode", cwd=home)
    assert result.stdout.splitlines()[-1] == ".vscode/tasks.json exists and was not changed"
    assert (home / ".vscode" / "tasks.json").read_text() == "mine"


def test_the_written_schema_is_the_one_that_deckgen_prints(tmp_path):
    home = repository(tmp_path, {"a.md": NOTES})
    run("init", "my deck", "--vscode", cwd=home)
    schema = json.loads((home / ".vscode" / "deck.schema.json").read_text())
    assert schema == json.loads(run("schema", "deck.toml").stdout)
    assert not Draft7Validator(schema).is_valid({"id": 1})


@pytest.mark.skipif(TAPLO is None, reason="taplo is not installed: nobody has checked that it can read the schema")
def test_taplo_checks_deck_toml_with_the_schema(tmp_path):
    home = repository(tmp_path, {"a.md": NOTES})
    run("init", "my deck", "--vscode", cwd=home)
    for more, found in (('tags = ["a"]\n', None), ("levl = 3\n", "'levl' was unexpected"), ('math = "x"\n', "mathjax")):
        (home / "my deck" / "deck.toml").write_text(DECK_TOML + more)
        done = subprocess.run([TAPLO, "lint"], cwd=home, capture_output=True, text=True)
        assert (done.returncode == 0) == (found is None) and (found or "") in done.stderr, done.stderr


def test_without_the_option_nothing_is_written_for_editors(tmp_path):
    (write_deck(tmp_path, {"a.md": NOTES}) / "deck.toml").unlink()
    run("init", cwd=tmp_path)
    assert not any((tmp_path / name).exists() for name in WRITTEN)


def test_an_unknown_schema_is_wrong_usage():
    result = run("schema", "deck")
    assert result.returncode == 2 and "no schema has the name 'deck' (known: build, " in result.stderr
