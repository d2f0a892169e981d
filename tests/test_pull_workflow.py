"""The workflow in docs/pull.md turns a package of a learner into a patch, without code of the deck and with a token that can only read."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from anki.collection import ExportAnkiPackageOptions
from decks import git
from engine import collection
from pulling import Editing, edit, new_editing
from runner import Runner

PAGE = Path(__file__).parents[1] / "docs" / "pull.md"
NOTES = "# Colours\n\n## What is red?\n\nA warm colour of the sun, of blood and of roses.\n\n## What is blue?\n\nA cold colour.\n"


def workflow() -> str:
    (found,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    return found


@pytest.fixture
def editing(tmp_path) -> Editing:
    made = new_editing(tmp_path / "repository", {"a.md": NOTES})
    git(made.folder, "init")
    git(made.folder, "add", "notes")
    git(made.folder, "commit", "--message", "Notes")
    with collection(made.editor) as col:
        edit(col, "edit What is red | Back | of roses => of all roses")
        options = ExportAnkiPackageOptions(with_scheduling=False, legacy=True)
        col.export_anki_package(out_path=str(tmp_path / "mended.apkg"), options=options, limit=None)
    return made


def runner_of(editing: Editing, tmp_path: Path) -> tuple[Runner, Path]:
    file = tmp_path / "corrections.yml"
    file.write_text(workflow().replace("DECK: my-notes", "DECK: notes"))
    return Runner(editing.folder, tmp_path / "runner"), file


def test_a_package_becomes_a_patch_that_applies(editing, tmp_path):
    runner, file = runner_of(editing, tmp_path)
    shutil.copy(tmp_path / "mended.apkg", runner.temp / "mended.apkg")
    (pulled,) = runner.run(file, "pull", "Pull the edits")
    assert pulled.returncode == 0, pulled.stderr
    git(editing.folder, "reset", "--hard")
    (applied,) = runner.run(file, "propose", "Apply the edits")
    assert applied.returncode == 0, applied.stderr
    assert editing.texts()["a.md"] == NOTES.replace("of roses", "of all roses")
    assert git(editing.folder, "status", "--short", "notes").split() == ["M", "notes/a.md", "M", "notes/deck.lock"]


def test_a_package_without_edits_makes_no_pull_request(editing, tmp_path):
    runner, file = runner_of(editing, tmp_path)
    shutil.copy(next(editing.out.glob("*.apkg")), runner.temp / "mended.apkg")
    (pulled,) = runner.run(file, "pull", "Pull the edits")
    assert pulled.returncode == 1


def test_a_patch_of_other_files_is_not_applied(editing, tmp_path):
    runner, file = runner_of(editing, tmp_path)
    (editing.deck / "figures").mkdir()
    (editing.deck / "figures" / "f.py").write_text("print()\n")
    git(editing.folder, "add", "--intent-to-add", "notes")
    (runner.temp / "edits.patch").write_text(git(editing.folder, "diff"))
    git(editing.folder, "rm", "--force", "--quiet", "--cached", "notes/figures/f.py")
    shutil.rmtree(editing.deck / "figures")
    runner.run(file, "propose", "Apply the edits")
    assert not (editing.deck / "figures").exists()


def test_only_the_job_that_runs_no_deckgen_may_write():
    jobs = yaml.safe_load(workflow())["jobs"]
    assert yaml.safe_load(workflow())["permissions"] == {"contents": "read"}
    assert "permissions" not in jobs["pull"]
    scripts = [step.get("run", "") for step in jobs["propose"]["steps"]]
    assert not any("deckgen" in script or "pip" in script for script in scripts)
    for job in jobs.values():
        # What a stranger wrote is never a part of a script.
        assert not any("${{" in step.get("run", "") for step in job["steps"])
