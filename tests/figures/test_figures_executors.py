"""Tests executors: the same bytes from each, workers that are killed, and workers with other versions."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from shutil import copytree, rmtree
from threading import Thread

import psutil
import pytest
from decks import build, package_of, run, write_deck
from distributed import LocalCluster
from figure_texts import LINE

import deckgen
from deckgen.figures import Figures
from deckgen.figures.cluster import cluster_workers
from deckgen.figures.local_workers import local_workers
from deckgen.model import Media
from deckgen.problems import FigureError

NOW = 1_700_000_000
HELD = (
    LINE.replace("line", "held")
    .replace('"a held"', '"a held", data=["seconds.txt"]')
    .replace(
        "assert n > 0",
        "import time; from deckgen.figures import data_path; file = data_path('seconds.txt').open(); time.sleep(float(file.read()))",
    )
)


@pytest.fixture(scope="module")
def one_worker() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0", worker_dashboard_address=None
    ) as running:
        yield running


@pytest.fixture(scope="module")
def local() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", worker_dashboard_address=None
    ) as running:
        yield running


def names(figures: Figures, executor: Executor | None = None) -> list[str]:
    answers = figures.compute(figures.declared, executor)
    assert all(isinstance(each, Media) for each in answers.values()), answers
    return [each.name for each in answers.values()]


DELICATE = (
    LINE.replace("line", "delicate")
    .replace("from", "import numpy\nfrom", 1)
    .replace(
        "[slope * x for x in range(n)]",
        "[*numpy.linalg.eigvalsh(numpy.cov(numpy.random.random((300, 300)))), *(len(word) for word in set('one three fifteen'.split()))]",
    )
)


@pytest.mark.proof
def test_all_executors_give_the_same_bytes(folder, local: LocalCluster, tmp_path: Path) -> None:
    """Also of a figure that depends on random numbers, the order of sums, and the order of sets."""
    directory = folder(shapes=LINE, delicate=DELICATE)
    with ThreadPoolExecutor(1) as one, ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as two:
        expected = names(Figures(directory, tmp_path / "one"), one)
        assert names(Figures(directory, tmp_path / "two"), two) == expected
    assert names(Figures(directory, tmp_path / "default")) == expected
    assert names(Figures(directory, tmp_path / "cluster", cluster_workers(local.scheduler_address))) == expected
    assert len(expected) == 2


def test_a_cluster_gives_the_same_package_and_is_used_only_if_needed(one_worker: LocalCluster, tmp_path: Path) -> None:
    deck = write_deck(
        tmp_path / "deck", {"a.md": "# Notes\n\n## One?\n\n![](figure:line)\n", "figures/shapes.py": LINE}
    )
    here = package_of(build(deck, tmp_path / "here", NOW))
    there = package_of(build(deck, tmp_path / "there", NOW, "--refresh", "--scheduler", one_worker.scheduler_address))
    assert here.read_bytes() == there.read_bytes()
    build(deck, tmp_path / "here", NOW, "--scheduler", "tcp://127.0.0.1:9")
    rmtree(deck / "figures" / "frozen")
    result = run("build", deck, "--out", tmp_path / "cold", "--scheduler", "tcp://127.0.0.1:9")
    assert result.returncode == 1 and "tcp://127.0.0.1:9: error: no scheduler answers" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.proof
def test_code_and_data_are_sent_to_the_cluster(folder, local: LocalCluster, tmp_path: Path) -> None:
    """The files are read once. They may be removed afterwards."""
    directory = folder(held=HELD)
    (directory / "seconds.txt").write_text("0")
    figures = Figures(directory, tmp_path / "cache", cluster_workers(local.scheduler_address))
    requests = [figures.request(f"figure:held?n={n}") for n in (3, 4)]
    first = figures.compute(requests[:1])
    rmtree(directory)
    assert [*map(type, (first | figures.compute(requests[1:])).values())] == [Media, Media]


@pytest.mark.proof
def test_a_failure_on_a_cluster_is_reported_with_the_authors_frames(
    folder, local: LocalCluster, tmp_path: Path
) -> None:
    """The frames have lines of code, also if the machine does not have the files."""
    directory = folder(
        hanging=LINE.replace("line", "hanging")
        .replace('"a hanging"', '"a", timeout=1')
        .replace("assert n > 0", "import time; time.sleep(50)"),
        shapes=LINE.replace("assert n > 0", "import tools; tools.verify(n); assert n"),
        tools="def verify(n):\n    return 1 / n\n",
    )
    figures = Figures(directory, tmp_path / "cache", cluster_workers(local.scheduler_address))
    rmtree(directory)
    hanging, raising, fine = figures.compute(
        [figures.request(ref) for ref in ("figure:hanging", "figure:line?n=0", "figure:line")]
    ).values()
    assert (hanging.code, raising.code, type(fine)) == ("figure-timeout", "figure-check", Media)
    assert "its check took longer than 1 s" in str(hanging) and "ZeroDivisionError" in str(raising)
    assert frames(hanging) == [f'File "{directory}/hanging.py", line 18, in _']
    assert frames(raising) == [
        f'File "{directory}/shapes.py", line 18, in _',
        f'File "{directory}/tools.py", line 2, in verify',
    ]
    assert "time.sleep(50)" in str(hanging) and "return 1 / n" in str(raising)


def frames(error: FigureError) -> list[str]:
    return [line.strip() for line in str(error).splitlines() if line.startswith("  File ")]


def at_work() -> list[psutil.Process]:
    """The processes below this one that are computing the figure `held`: its data file is open."""
    return [child for child in psutil.Process().children(recursive=True) if holds(child)]


def holds(process: psutil.Process) -> bool:
    try:
        return any(file.path.endswith("seconds.txt") for file in process.open_files())
    except psutil.Error:  # the process has just ended
        return False


def kill(find: Callable[[psutil.Process], int]) -> Thread:
    """Start a thread that waits for a process at work and kills the process id that `find` returns for it."""

    def wait_and_kill() -> None:
        while not (found := at_work()):
            time.sleep(0.05)
        os.kill(find(found[0]), signal.SIGKILL)

    thread = Thread(target=wait_and_kill)
    thread.start()
    return thread


THE_FIGURE = (lambda process: process.pid, "its process ended before the figure was done: signal SIGKILL")
ITS_WORKER = (lambda process: process.ppid(), "its worker ended before the figure was done")


@pytest.mark.parametrize(
    ("where", "find", "message"),
    [
        pytest.param("processes", *ITS_WORKER, id="its worker-processes"),
        pytest.param("processes", *THE_FIGURE, id="the process of the figure-processes", marks=pytest.mark.proof),
        pytest.param("cluster", *ITS_WORKER, id="its worker-cluster", marks=pytest.mark.proof),
        pytest.param("cluster", *THE_FIGURE, id="the process of the figure-cluster", marks=pytest.mark.proof),
    ],
)
def test_a_killed_process_loses_one_figure(
    where: str, find, message: str, folder, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    directory = folder(held=HELD, shapes=LINE)
    (directory / "seconds.txt").write_text("50")
    figures = Figures(
        directory,
        tmp_path / "cache",
        local_workers if where == "processes" else cluster_workers(request.getfixturevalue("local").scheduler_address),
    )
    requests = [figures.request(ref) for ref in ("figure:held", "figure:line", "figure:line?n=4", "figure:line?n=5")]
    killer = kill(find)
    held, *others = figures.compute(requests).values()
    killer.join()
    assert held.code == "figure-lost" and str(held).startswith("figure held(") and message in str(held)
    assert all(isinstance(each, Media) for each in others), others


def test_the_workers_of_a_killed_build_print_nothing(tmp_path: Path) -> None:
    """The workers end after their current figure. Standard error stays open until then."""
    deck = write_deck(
        tmp_path / "deck",
        {"a.md": "# D\n\n## Which?\n\n![](figure:held)\n", "figures/held.py": HELD, "figures/seconds.txt": "2"},
    )
    command = [sys.executable, "-m", "deckgen", "build", deck, "--out", tmp_path / "out"]
    building = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    killer = kill(lambda process: building.pid)
    said = building.communicate()[1]
    killer.join()
    assert (building.returncode, said) == (-signal.SIGKILL, "")


@pytest.mark.proof
def test_a_figure_of_a_killed_machine_is_computed_by_another(folder, local: LocalCluster, tmp_path: Path) -> None:
    directory = folder(held=HELD)
    (directory / "seconds.txt").write_text("3")
    figures = Figures(directory, tmp_path / "cache", cluster_workers(local.scheduler_address))
    killer = kill(lambda process: process.parent().ppid())
    assert len(names(figures)) == 1
    killer.join()


@pytest.mark.proof
def test_a_worker_with_another_deckgen_is_an_error(folder, tmp_path: Path) -> None:
    """The worker is started by hand and has another version of deckgen."""
    copytree(Path(deckgen.__file__).parent, tmp_path / "copy" / "deckgen")
    with (tmp_path / "copy" / "deckgen" / "figures" / "style.py").open("a") as style:
        style.write("ANOTHER = 1\n")
    with LocalCluster(n_workers=0, dashboard_address=":0") as bare:
        command = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            bare.scheduler_address,
            "--no-nanny",
            "--no-dashboard",
        ]
        worker = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(tmp_path / "copy")}, cwd=tmp_path, stderr=subprocess.DEVNULL
        )
        try:
            bare.wait_for_workers(1, timeout=60)
            figures = Figures(folder(shapes=LINE), tmp_path / "cache", cluster_workers(bare.scheduler_address))
            [error] = figures.compute(figures.declared).values()
        finally:
            worker.kill()
            worker.wait()
    assert error.code == "figure-versions"
    assert "has another house style (style) than the deck is built with" in str(error)
