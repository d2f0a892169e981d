"""The same bytes wherever figures are computed; workers that die, and workers that are not like this machine."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from shutil import copytree, rmtree
from threading import Thread

import psutil
import pytest
from distributed import LocalCluster
from figure_texts import LINE, find_modules_in

import deckgen
from deckgen.figures import Figures
from deckgen.figures.cluster import cluster
from deckgen.figures.pool import processes
from deckgen.model import Media

HELD = LINE.replace("line", "held").replace('"a held"', '"a held", data=["seconds.txt"]').replace(
    "assert n > 0",
    "import time; from deckgen.figures import data_path; file = data_path('seconds.txt').open(); time.sleep(float(file.read()))",
)


@pytest.fixture(scope="module")
def local() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, worker_dashboard_address=None) as running:
        yield running


def names(figures: Figures, executor: Executor | None = None) -> list[str]:
    answers = figures.compute(figures.declared, executor)
    assert all(isinstance(each, Media) for each in answers.values()), answers
    return [each.name for each in answers.values()]


DELICATE = LINE.replace("line", "delicate").replace("from", "import numpy\nfrom", 1).replace(
    "[slope * x for x in range(n)]",
    "[*numpy.linalg.eigvalsh(numpy.cov(numpy.random.random((300, 300)))), *(len(word) for word in set('one three fifteen'.split()))]",
)


def test_the_same_bytes_from_one_process_two_processes_and_a_cluster(folder, local: LocalCluster, tmp_path: Path) -> None:
    """Also where they hang on random numbers, the order of sums, and the order of sets."""
    directory = folder(shapes=LINE, delicate=DELICATE)
    with ThreadPoolExecutor(1) as one, ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as two:
        expected = names(Figures(directory, tmp_path / "one"), one)
        assert names(Figures(directory, tmp_path / "two"), two) == expected
    assert names(Figures(directory, tmp_path / "default")) == expected
    assert names(Figures(directory, tmp_path / "cluster", cluster(local.scheduler_address))) == expected
    assert len(expected) == 2


def test_code_and_data_travel(folder, local: LocalCluster, tmp_path: Path) -> None:
    """What has been read once is needed no more, on no machine."""
    directory = folder(held=HELD)
    (directory / "seconds.txt").write_text("0")
    figures = Figures(directory, tmp_path / "cache", cluster(local.scheduler_address))
    requests = [figures.request(f"figure:held?n={n}") for n in (3, 4)]
    first = figures.compute(requests[:1])
    rmtree(directory)
    assert [*map(type, (first | figures.compute(requests[1:])).values())] == [Media, Media]


def at_work() -> list[psutil.Process]:
    """The processes below this one that are computing the figure `held`: its data file is open."""
    return [child for child in psutil.Process().children(recursive=True) if holds(child)]


def holds(process: psutil.Process) -> bool:
    try:
        return any(file.path.endswith("seconds.txt") for file in process.open_files())
    except psutil.Error:  # it has just ended
        return False


def kill(find: Callable[[psutil.Process], int]) -> Thread:
    """A thread that kills what `find` makes of the process at work, once there is one."""

    def wait_and_kill() -> None:
        while not (found := at_work()):
            time.sleep(0.05)
        os.kill(find(found[0]), signal.SIGKILL)

    thread = Thread(target=wait_and_kill)
    thread.start()
    return thread


@pytest.mark.parametrize("where", ["processes", "cluster"])
@pytest.mark.parametrize(
    ("find", "message"),
    [(lambda process: process.pid, "its process ended before it was done: signal SIGKILL"),
     (lambda process: process.ppid(), "its worker ended before it was done")],
    ids=["the process of the figure", "its worker"],
)
def test_a_kill_costs_one_figure(where: str, find, message: str, folder, local: LocalCluster, tmp_path: Path) -> None:
    directory = folder(held=HELD, shapes=LINE)
    (directory / "seconds.txt").write_text("50")
    figures = Figures(directory, tmp_path / "cache", processes if where == "processes" else cluster(local.scheduler_address))
    requests = [figures.request(ref) for ref in ("figure:held", "figure:line", "figure:line?n=4", "figure:line?n=5")]
    killer = kill(find)
    held, *others = figures.compute(requests).values()
    killer.join()
    assert held.code == "figure-lost" and str(held).startswith("figure held(") and message in str(held)
    assert all(isinstance(each, Media) for each in others), others


def test_what_a_killed_machine_had_begun_is_computed_by_another(folder, local: LocalCluster, tmp_path: Path) -> None:
    directory = folder(held=HELD)
    (directory / "seconds.txt").write_text("3")
    figures = Figures(directory, tmp_path / "cache", cluster(local.scheduler_address))
    killer = kill(lambda process: process.parent().ppid())
    assert len(names(figures)) == 1
    killer.join()


def test_a_worker_with_another_deckgen_is_told_so(folder, tmp_path: Path) -> None:
    copytree(Path(deckgen.__file__).parent, tmp_path / "copy" / "deckgen")
    with (tmp_path / "copy" / "deckgen" / "figures" / "style.py").open("a") as style:
        style.write("# another\n")
    figures = Figures(folder(shapes=LINE), tmp_path / "cache")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), find_modules_in, (str(tmp_path / "copy"),)) as other:
        [error] = figures.compute(figures.declared, other).values()
    assert error.code == "figure-versions"
    assert "has another house style (style) than the deck is built with" in str(error)
