"""Tests the workflows that `deckgen init` writes: what their scripts do, and which permissions they have."""

import hashlib
import json
import re
import shutil
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from author import FIRST, new_author
from decks import PIXEL, build_in_process, git, run, write_deck
from runner import Runner
from tools.workflows import own_workflows

from deckgen import DISTRIBUTION
from deckgen.init.create import create_deck
from deckgen.init.repository import Place, pins, place_of, requirement, workflows

ROOT = Path(__file__).parents[1]
# The folder of a deck that is a whole repository, and of a deck in a folder with an unusual name.
FOLDERS = (".", "the notes' $(touch x) [1]")
NOTES = "# D\n\n## What is a query?\n\nWhat a position asks for.\n\n## What is a key?\n\nWhat a position offers.\n"
EDITED = (
    NOTES.replace("asks for", "asks the others for")
    + "\n## What is `::error::` a value?\n\nWhat a position hands over.\n"
)
NOW = 1_700_000_000
# What a job that publishes may write: a release, the pages of the documentation, or a package that the index trusts.
PUBLISHING = (
    {"contents": "write"},
    {"id-token": "write", "pages": "write"},
    {"attestations": "write", "id-token": "write"},
)
# Actions that are not GitHub's own are pinned by their commit.
PINNED = {"pypa/gh-action-pypi-publish@ed0c53931b1dc9bd32cbe73a98c7f6766f8a527e"}
BUILDS = ("Build the deck of the pull request", "Build the deck of the base", "Compare")


@pytest.fixture
def deck(request, tmp_path, monkeypatch) -> Path:
    """A new deck, built and committed. Its folder is the parameter of the test, or the one with the unusual name."""
    # The check builds the base at the time of its commit, which is before the pull request's own build, as it is for people.
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{NOW} +0000")
    repository = tmp_path / "repository"
    deck = write_deck(repository / getattr(request, "param", FOLDERS[1]), {"a.md": NOTES})
    (deck / "deck.toml").unlink()
    git(repository, "init", "-q")
    create_deck(deck)
    build_in_process(deck, tmp_path / "out", NOW)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "first")
    return deck


def pull_request(deck: Path, files: dict[str, str], build: bool) -> Runner:
    """Return the runner after the checkout of a pull request that changes `files` of the deck.

    HEAD is the merge of the pull request into its base.
    """
    repository = place_of(deck).top
    git(repository, "checkout", "-q", "-b", "topic")
    for name, text in files.items():
        (deck / name).write_text(text)
    if build:
        build_in_process(deck, repository.parent / "out", NOW + 60)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "topic")
    git(repository, "checkout", "-q", "--detach", "main")
    git(repository, "merge", "-q", "--no-ff", "--no-edit", "topic")
    return Runner(repository, repository.parent / "runner", {"GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "topic"})


def workflow(deck: Path, name: str) -> Path:
    (path,) = (place_of(deck).top / ".github" / "workflows").glob(f"*{name}.yml")
    return path


def shown(deck: Path, name: str) -> str:
    """Return the path of a note file below the repository's root."""
    return place_of(deck).inside(name)


@pytest.mark.parametrize("deck", [pytest.param(FOLDERS[0], marks=pytest.mark.proof), FOLDERS[1]], indirect=True)
def test_a_pull_request_is_checked_and_compared(deck):
    runner = pull_request(deck, {"a.md": EDITED}, build=True)
    steps = runner.run(workflow(deck, "check"), "check", "Check the notes", *BUILDS)
    assert [step.returncode for step in steps] == [0] * 4, steps[-1].stderr
    assert not any(line.startswith("::") for step in steps for line in step.stdout.splitlines())
    head, *rest = runner.summary.splitlines()
    assert head.startswith("### ") and all(line.startswith("    ") for line in rest if line)
    assert "1 added, 1 changed, 0 removed, 0 moved, 1 unchanged" in rest[1]
    assert "    changed   What is a query?" in rest
    page = (runner.temp / "diff.html").read_text()
    assert "What a position hands over." in page and "<ins>the others </ins>" in page
    assert git(runner.place, "status", "--porcelain") == ""
    assert not (runner.place / "x").exists()


def test_edits_that_are_not_in_the_lock_are_reported_and_compared(deck):
    """One edit is in the pull request. The other is in its base, in the same note."""
    (deck / "a.md").write_text(NOTES.replace("asks for", "asks"))
    git(deck, "commit", "-qam", "edited, not built")
    runner = pull_request(deck, {"a.md": EDITED}, build=False)
    steps = runner.run(workflow(deck, "check"), "check", "Check the notes", *BUILDS)
    assert [step.returncode for step in steps] == [0] * 4, steps[-1].stderr
    assert steps[1].stdout.splitlines()[-1].startswith("::notice title=deck.lock::")
    assert "1 added, 1 changed, 0 removed, 0 moved, 1 unchanged" in runner.summary and "not newer" not in runner.summary


def test_a_bad_note_is_an_annotation_at_its_line(deck):
    runner = pull_request(deck, {"a.md": NOTES + "\n![gone](gone.png)\n"}, build=False)
    steps = runner.run(workflow(deck, "check"), "check", "Check the notes", *BUILDS)
    assert [step.returncode for step in steps] == [1]
    where = shown(deck, "a.md").replace(":", "%3A").replace(",", "%2C")
    assert steps[0].stdout.startswith(f"::error file={where},line=11,col=9::no file gone.png"), steps[0].stdout


def test_a_problem_that_only_the_build_finds_is_an_annotation(deck):
    like = "\n## What is a {} key?\n\nWhat a position offers, {}.\n"
    doubtful = NOTES.partition("\n## What is a key?")[0] + like.format("first", "one") + like.format("other", "two")
    runner = pull_request(deck, {"a.md": doubtful}, build=False)
    steps = runner.run(workflow(deck, "check"), "check", "Check the notes", *BUILDS)
    assert [step.returncode for step in steps] == [0, 1]
    assert [line.partition(",col")[0] for line in steps[1].stdout.splitlines()] == [
        f"::error file={shown(deck, 'a.md')},line={line}" for line in (7, 11)
    ]


@pytest.mark.parametrize(
    "before, said",
    [
        pytest.param({"deck.toml": None}, "The base has no deck to compare with.", marks=pytest.mark.proof),
        ({"a.md": "# D\n\n## Q?\n\n{{c1::\n"}, "The decks cannot be compared: the deck of the base does not build."),
    ],
)
def test_a_base_that_cannot_be_compared_does_not_fail_the_check(deck, before, said):
    repository = place_of(deck).top
    now = {name: (deck / name).read_text() for name in before}
    for name, text in before.items():
        (deck / name).unlink() if text is None else (deck / name).write_text(text)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "before")
    runner = pull_request(deck, now, build=False)
    steps = runner.run(workflow(deck, "check"), "check", "Check the notes", *BUILDS)
    assert [step.returncode for step in steps] == [0] * 4, steps[-1].stderr
    assert runner.summary == f"{said}\n" and not (runner.temp / "diff.html").exists()


def test_the_previous_release_is_found_among_the_tags(deck):
    repository = place_of(deck).top
    tags = ["d-0.9.0", "d-0.10.0-rc.1", "d-0.10.0", "d-0.10.1"]
    for tag in tags:
        git(repository, "commit", "-q", "--allow-empty", "-m", tag)
        git(repository, "tag", tag)
    # A tag of another deck, and a tag that is not a version.
    git(repository, "tag", "d-2-0.10.0")
    git(repository, "tag", "d-0.10.0x")
    for tag, previous in zip(tags, ["", "d-0.9.0", "d-0.9.0", "d-0.10.0"]):
        git(repository, "checkout", "-q", tag)
        runner = Runner(repository, repository.parent / tag, {"GITHUB_REF_NAME": tag})
        (step,) = runner.run(workflow(deck, "release"), "build", "Find the previous release")
        assert step.returncode == 0, step.stderr
        assert runner.output == {"tag": previous}


def test_a_tag_makes_on_github_what_the_author_released(tmp_path):
    """In a clone of the tag, with the files of the release before as they were published."""
    author = new_author(tmp_path / "author")
    made = workflows(Place(author.home, "notes"), "test-deck")
    for name, text in made.items():
        (author.home / name).parent.mkdir(parents=True, exist_ok=True)
        (author.home / name).write_text(text)
    author.write(FIRST, 0)
    author.release("1.0.0", 1)
    author.write({"apple": "Green.", "bear": "Brown.", "eel": "Long."}, 2)
    author.release("1.1.0-rc.1", 3)
    author.release("1.1.0", 4)
    (path,) = (author.home / name for name in made if "release" in name)
    for tag, previous in (("test-deck-1.0.0", ""), ("test-deck-1.1.0", "test-deck-1.0.0")):
        clone = tmp_path / tag
        git(tmp_path, "clone", "-q", "--branch", tag, author.home, clone)
        runner = Runner(clone, tmp_path / f"runner-{tag}", {"GITHUB_REF_NAME": tag})
        (step,) = runner.run(path, "build", "Find the previous release")
        assert runner.output == {"tag": previous}, step.stderr
        if previous:
            shutil.copytree(author.out / previous, runner.temp / "out" / previous)
        steps = runner.run(path, "build", "Make the release again", "Check the files")
        assert [step.returncode for step in steps] == [0, 0], steps[-1].stderr
        files = {file.name: file.read_bytes() for file in (runner.temp / "out" / tag).iterdir()}
        assert files == {file.name: file.read_bytes() for file in (author.out / tag).iterdir()}
        assert "CHANGES.txt" in files and "--notes-file CHANGES.txt" in path.read_text()
        assert git(clone, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    "job, step, folder",
    [("build", "Check the files", "temp/out/d-1.0.0"), ("publish", "Check the files again", "release")],
)
def test_files_that_differ_from_the_release_are_not_published(tmp_path, job, step, folder):
    place = place_of(write_deck(tmp_path, {"a.md": NOTES}))
    (text,) = (text for name, text in workflows(place, "d").items() if "release" in name)
    write_deck(
        tmp_path,
        {
            "release.yml": text,
            f"{folder}/d-1.0.0.apkg": PIXEL,
            f"{folder}/SHA256SUMS": f"{hashlib.sha256(PIXEL).hexdigest()}  d-1.0.0.apkg\n",
        },
    )
    runner = Runner(tmp_path, tmp_path, {"GITHUB_REF_NAME": "d-1.0.0"})
    assert [done.returncode for done in runner.run(tmp_path / "release.yml", job, step)] == [0]
    (tmp_path / folder / "d-1.0.0.apkg").write_bytes(PIXEL + b"\0")
    assert [done.returncode for done in runner.run(tmp_path / "release.yml", job, step)] == [1]


def all_workflows() -> dict[str, dict]:
    """Return the workflows of both kinds of decks, and those of this repository."""
    made = {
        f"{folder}: {name}": text
        for folder in FOLDERS
        for name, text in workflows(place_of(ROOT / folder), "d").items()
    }
    own = {str(path): path.read_text() for path in (ROOT / ".github" / "workflows").iterdir()}
    return {name: yaml.safe_load(text) for name, text in {**made, **own}.items()}


@pytest.mark.parametrize("content", all_workflows().values(), ids=all_workflows().keys())
def test_workflows_have_no_more_permissions_than_they_need(content):
    """On pull requests, code of other people runs."""
    assert content[True].keys() <= {"push", "pull_request"}  # YAML parses `on` as a boolean.
    assert content["permissions"] == {"contents": "read"}
    assert "concurrency" in content
    for name, job in content["jobs"].items():
        writes = "permissions" in job
        pushed = set(content[True]) == {"push"} or job.get("if") == "github.event_name == 'push'"
        assert not writes or (name == "publish" and job["permissions"] in PUBLISHING and pushed)
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            assert not writes or "deckgen" not in step.get("run", ""), "code of the deck next to a token that writes"
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/none@v1")) or (
                writes and step["uses"] in PINNED
            )
            assert (
                not step.get("uses", "").startswith("actions/checkout@") or step["with"]["persist-credentials"] is False
            )
            assert {value for value in step.get("env", {}).values() if "${{" in value} <= {
                "${{ github.token }}",
                "${{ github.repository }}",
                "${{ steps.previous.outputs.tag }}",
            }


def test_this_repository_has_the_workflows_of_init():
    for path, text in own_workflows().items():
        assert path.read_text() == text, "make workflows"
    assert (ROOT / "notes" / ".gitattributes").read_text() == (
        ROOT / "deckgen" / "init" / "files" / "gitattributes.txt"
    ).read_text()


def test_init_does_not_change_existing_files(tmp_path):
    kept = {".github/workflows/check.yml": "mine\n", ".gitignore": "build\n*.tmp", ".gitattributes": "* text=auto\n"}
    deck = write_deck(tmp_path, {"a.md": NOTES, **kept})
    (deck / "deck.toml").unlink()
    result = run("init", cwd=deck)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1:-1] == [
        ".github/workflows/pages.yml written",
        ".github/workflows/release.yml written",
        "requirements-deckgen.txt written",
        ".github/workflows/check.yml exists and was not changed",
        ".gitignore exists and was not changed; it lacks __pycache__/",
        ".gitattributes exists and was not changed; it lacks deck.lock merge=union, "
        "figures/frozen/*.json -text, figures/frozen/*.webp binary",
    ]
    assert {name: (deck / name).read_text() for name in kept} == kept


def test_init_can_be_run_again_after_it_could_not_write_the_workflows(tmp_path):
    deck = write_deck(tmp_path, {"a.md": NOTES, ".github": "a file"})
    (deck / "deck.toml").unlink()
    result = run("init", cwd=deck)
    assert result.returncode == 1 and result.stderr.startswith(".github") and "Traceback" not in result.stderr
    assert not (deck / "deck.toml").exists()
    (deck / ".github").unlink()
    assert run("init", cwd=deck).returncode == 0


@pytest.mark.parametrize(
    "origin, lines",
    [
        (None, ["deckgen-anki[figures,preview,verify]==1.2.3"]),
        (
            {"url": "https://example.org/d.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}},
            ["deckgen-anki[figures,preview,verify] @ git+https://example.org/d.git@c0ffee"],
        ),
        (
            {"url": "file:///home/me/deckgen", "dir_info": {"editable": True}},
            ["--no-index", "deckgen-anki[figures,preview,verify]==1.2.3"],
        ),
        ({}, ["--no-index", "deckgen-anki[figures,preview,verify]==1.2.3"]),
    ],
)
def test_the_workflows_install_the_deckgen_that_wrote_them(origin, lines):
    made = requirement("1.2.3", origin if origin is None else json.dumps(origin))
    assert [line for line in made.splitlines() if not line.startswith("#")] == lines


def test_the_dependencies_are_pinned_to_the_installed_versions():
    found = dict(line.split("==") for line in pins())
    assert {"anki", "genanki", "markdown", "matplotlib", "pillow", "soupsieve"} <= found.keys()
    assert not {"deckgen", DISTRIBUTION, "pytest", "hypothesis", "distributed"} & found.keys()
    assert all(distribution(name).version == version for name, version in found.items())
