"""Note files are read in this process, in several processes and on a cluster, with the same results."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from decks import build, package_of, run, write_deck
from distributed import LocalCluster
from msgspec.structs import replace

from deckgen.parse.meta import Settings
from deckgen.pipeline import workers
from deckgen.pipeline.file_task import FileResult, FileTask, run_task
from deckgen.problems import DeckError
from deckgen.render import RenderOptions

NOW = 1_700_000_000
CASES = sorted((Path(__file__).parent / "cases").rglob("*.md"))[::4]


def tasks() -> list[FileTask]:
    """Return the tasks of all case files."""
    options = RenderOptions(macros=(("foo", "x"),))
    files = {path.name: path.read_bytes() for path in CASES} | {"not-text.md": b"\xff"}
    return [FileTask(content, name, name, Settings(), options) for name, content in files.items()]


def quiet(what: str, done: int, count: int) -> None:
    """Show no progress."""


@pytest.fixture
def many(monkeypatch):
    """Take all decks for large ones, and this machine for one with three processors."""
    monkeypatch.setattr(workers, "BYTES", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)


@pytest.fixture
def started(monkeypatch) -> list:
    """The processes that are started from now on."""
    found = []
    start = workers._Process.__init__

    def recorded(self):
        start(self)
        found.append(self._process)

    monkeypatch.setattr(workers._Process, "__init__", recorded)
    return found


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=2, dashboard_address=":0", worker_dashboard_address=None
    ) as running:
        yield running


def test_several_processes_give_the_same_results(many, started):
    here = [run_task(task) for task in tasks()]
    assert workers.run_tasks(tasks(), quiet) == here
    assert len(started) == 2 and all(process.poll() is not None for process in started)
    assert sum(bool(result.reading) for result in here) > 30 and any(result.failed for result in here)


def test_few_notes_are_read_in_this_process(started):
    workers.run_tasks(tasks()[:5], quiet)
    assert started == []


def test_a_cluster_gives_the_same_results(many, cluster, started):
    there = workers.run_tasks(tasks(), quiet, cluster.scheduler_address)
    assert there == [run_task(task) for task in tasks()]
    assert started == []


def test_a_cluster_gives_the_same_package(many, cluster, tmp_path, monkeypatch):
    monkeypatch.setenv("DECKGEN_CACHE", "")
    deck = write_deck(tmp_path / "deck", {f"{n}.md": f"# D\n\n## What is $x_{n}$?\n\nA `code`.\n" for n in range(9)})
    here = package_of(build(deck, tmp_path / "here", NOW))
    there = package_of(build(deck, tmp_path / "there", NOW, "--scheduler", cluster.scheduler_address))
    assert here.read_bytes() == there.read_bytes()


def test_a_scheduler_that_does_not_answer_is_an_error(many, tmp_path, monkeypatch):
    monkeypatch.setenv("DECKGEN_CACHE", "")
    deck = write_deck(tmp_path / "deck", {f"{n}.md": f"# D\n\n## What is x{n}?\n\nA.\n" for n in range(2)})
    done = run("build", deck, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 1 and "no scheduler answers" in done.stderr and "Traceback" not in done.stderr


def test_a_cluster_with_another_version_is_an_error(many, cluster, monkeypatch):
    monkeypatch.setattr(workers, "code_versions", lambda: b"other")
    with pytest.raises(DeckError, match="another version"):
        workers.run_tasks(tasks(), quiet, cluster.scheduler_address)


@pytest.mark.parametrize("after", [0, 1, 5])
def test_the_tasks_of_lost_processes_are_repeated(many, monkeypatch, after):
    """Each process is killed before one of the times that it gets tasks."""
    done = {}
    run_in_process = workers._Process._run

    def killed(self, tasks):
        done[self] = done.get(self, 0) + 1
        if done[self] > after:
            self._process.kill()
            self._process.wait()
        return run_in_process(self, tasks)

    monkeypatch.setattr(workers._Process, "_run", killed)
    assert workers.run_tasks(tasks(), quiet) == [run_task(task) for task in tasks()]


def test_an_interrupt_of_the_terminal_does_not_reach_the_processes(many, monkeypatch):
    """A terminal sends it to all processes of a group, and Python prints a traceback then."""
    groups = []
    enter = workers._Process.__enter__

    def recorded(self):
        groups.append(os.getpgid(self._process.pid))
        return enter(self)

    monkeypatch.setattr(workers._Process, "__enter__", recorded)
    workers.run_tasks(tasks()[:2], quiet)
    assert groups and os.getpgrp() not in groups


@pytest.mark.parametrize("end", [None, -9], ids=["while it answers", "while it gets tasks"])
def test_a_process_ends_without_a_message_if_deckgen_is_killed(end):
    process = subprocess.Popen(
        [sys.executable, "-c", "from deckgen.pipeline.workers import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    process.stdin.write(pickle.dumps(tasks()[:1])[:end])
    process.stdin.close()
    assert (process.stderr.read(), process.wait()) == (b"", 0)
    process.stderr.close()


def test_an_earlier_result_gives_the_same_fields():
    for task in tasks():
        result = run_task(task)
        assert run_task(replace(task, rendered=result.rendered)) == result
        later = replace(task, content=b"\n\n" + task.content)
        assert run_task(replace(later, rendered=result.rendered)) == run_task(later)


def test_a_result_of_a_file_that_cannot_be_read_has_the_problem():
    result = run_task(FileTask(b"\xff", "a.md", "a.md", Settings(), RenderOptions()))
    assert isinstance(result, FileResult) and [problem.code for problem in result.failed] == ["file-encoding"]
