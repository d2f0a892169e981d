"""Settings and fixtures of all tests. Hypothesis uses the same examples in each run, so that results do not change."""

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from case_files import UPDATE, Case, Pair, write_found
from decks import build
from filelock import FileLock
from hypothesis import HealthCheck, settings

NOTES = Path(__file__).parents[1] / "notes"
# A file system in memory, and the bytes that a run of all tests may take of it.
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30

# A busy machine needs more time for an example than the default limits allow.
settings.register_profile(
    "steady", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(UPDATE, action="store_true", help="write the results into the case files (in one process: -n 0)")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the files of tests in memory if there is room, unless TMPDIR or --basetemp names a folder.

    deckgen and Anki wait for the disk at each file that they write. No test looks at the disk, so none needs the wait.
    pytest removes its own folders. All others are in a folder that is removed at the end, also those of killed processes.
    """
    if "TMPDIR" not in os.environ and config.option.basetemp is None and has_room(MEMORY):
        folder = tempfile.mkdtemp(prefix="deckgen-tests-", dir=MEMORY)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ.update(TMPDIR=folder, PYTEST_DEBUG_TEMPROOT=str(MEMORY))
        tempfile.tempdir = None  # it is found again


def has_room(folder: Path) -> bool:
    """Return whether programs can run in a folder, and whether it has the room for a run of all tests."""
    if not folder.is_dir():
        return False
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize >= ROOM and not state.f_flag & os.ST_NOEXEC


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case | Pair:
    """Return the case of a test that is parametrized with `case`."""
    return replace(request.param, update=request.config.getoption(UPDATE))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption(UPDATE):
        write_found()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of a run share."""
    base = tmp_path_factory.getbasetemp()
    path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    path.mkdir(exist_ok=True)
    return path


@pytest.fixture(scope="session", autouse=True)
def _cache(shared: Path) -> None:
    """Keep the caches of decks in the folder of the run, not in that of the user."""
    os.environ["DECKGEN_CACHE"] = str(shared / "cache")


@pytest.fixture(scope="session")
def one_at_a_time(shared: Path) -> Callable[[], AbstractContextManager]:
    """Return a function that makes a lock. Only one process of a run is in its block; the next one finds the result."""
    return lambda: FileLock(shared / "lock")


@pytest.fixture(scope="session", params=[".", "en"], ids=["zh", "en"])
def built_notes(request: pytest.FixtureRequest, shared: Path, one_at_a_time) -> dict:
    """Return the summary of a strict build of each deck in notes/, built once in a run. `folder` is the folder of the deck."""
    with one_at_a_time():
        copy = shared / "notes"
        known = shared / f"{request.param.strip('.') or 'zh'}.json"
        if not copy.exists():
            shutil.copytree(NOTES, copy, ignore=shutil.ignore_patterns("__pycache__"))
        if not known.exists():
            built = build(copy / request.param, shared / "out", 0, "--strict", "--no-exec")
            known.write_text(json.dumps({**built, "folder": str(NOTES / request.param)}))
        return json.loads(known.read_text())


@pytest.fixture(scope="session")
def workers() -> Iterator[Executor]:
    """Yield threads for `Figures.compute`. The tests that use them share their worker processes."""
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        yield executor
