"""Runs the steps of the GitHub action as GitHub's runner does, except the one that installs deckgen, and checks what it may do."""

import re
from pathlib import Path

import pytest
import yaml
from decks import BOXES, git, write_deck
from runner import Runner

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ("Check the notes", "Build the deck", "Write the preview")
NOTES = "# D\n\n## What is a query?\n\nA vector.\n"


def evaluated(expression: str, inputs: dict[str, str]) -> str:
    """Return the value of an expression of the action: an input, or a text for an input that is true and one for others."""
    if match := re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", expression):
        return inputs[match[1]]
    match = re.fullmatch(r"\$\{\{ inputs\.(\w+) == 'true' && '(.*)' \|\| '(.*)' \}\}", expression)
    assert match, expression
    return match[2] if inputs[match[1]] == "true" else match[3]


def run_action(repository: Path, **inputs: str) -> tuple[Runner, list[int], str]:
    """Run the steps. Return the runner, the exit statuses, and all output."""
    values = {name: each["default"] for name, each in ACTION["inputs"].items()} | inputs
    steps = [
        {**step, "env": {name: evaluated(text, values) for name, text in step.get("env", {}).items()}}
        for step in ACTION["runs"]["steps"]
    ]
    workflow = repository.parent / "workflow.yml"
    workflow.write_text(yaml.safe_dump({"env": {}, "jobs": {"action": {"steps": steps}}}))
    runner = Runner(repository, repository.parent / "runner")
    done = runner.run(workflow, "action", *STEPS)
    return runner, [step.returncode for step in done], "".join(step.stdout + step.stderr for step in done)


@pytest.fixture
def repository(tmp_path) -> Path:
    folder = tmp_path / "repository"
    write_deck(folder / "the notes' [1]", {"a.md": NOTES})
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    return folder


def test_the_action_checks_builds_and_writes_the_preview(repository):
    runner, statuses, output = run_action(repository, deck="the notes' [1]")
    assert statuses == [0, 0, 0], output
    package = Path(runner.output["package"])
    assert package == runner.temp / "deck" / "test-deck-1.0.0.apkg" and package.is_file()
    assert (runner.temp / "preview" / "index.html").is_file()


def test_a_warning_fails_the_action_only_if_it_is_strict(repository):
    (repository / "the notes' [1]" / "a.md").write_text(NOTES + "\n![gone](gone.png)\n")
    _, statuses, output = run_action(repository, deck="the notes' [1]")
    assert statuses == [1] and "::error file=the notes' [1]/a.md,line=7" in output
    _, statuses, output = run_action(repository, deck="the notes' [1]", strict="false")
    assert statuses == [0, 0, 0] and "::warning file=" in output


def test_the_action_runs_no_code_of_the_deck(repository, tmp_path):
    deck = repository / "the notes' [1]"
    (deck / "figures").mkdir()
    (deck / "figures" / "boxes.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n{BOXES}")
    (deck / "a.md").write_text(NOTES + "\n![](figure:boxes)\n")
    _, statuses, output = run_action(repository, deck="the notes' [1]")
    assert statuses == [0, 1] and "[figure-missing]" in output, output
    assert not (tmp_path / "ran").exists()


def test_the_action_uses_no_token_and_only_actions_of_github():
    assert ACTION["runs"]["using"] == "composite"
    text = (ROOT / "action.yml").read_text()
    assert "token" not in text.partition("name:")[2] and "secrets" not in text
    for step in ACTION["runs"]["steps"]:
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/none@v1"))
        assert "${{" not in step.get("run", "")
        assert step.keys() <= {"uses", "with", "name", "id", "if", "shell", "env", "run"}


def test_the_action_installs_pinned_libraries_that_exist():
    (install,) = (step for step in ACTION["runs"]["steps"] if step.get("name") == "Install deckgen")
    names = re.findall(r"constraints[\w-]*\.txt", install["env"]["LIBRARIES"])
    assert len(names) == 2 and all((ROOT / name).is_file() for name in names)
    pinned = {re.split(r"[=\s]", line)[0] for line in (ROOT / names[0]).read_text().splitlines() if line[:1].isalpha()}
    assert {"uvicorn", "starlette", "watchfiles", "sphinx-mathjax-offline", "setuptools"} <= pinned
    assert install["run"].count("--require-hashes") == 1 and "--no-deps" in install["run"]
