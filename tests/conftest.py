"""The same examples in every run: a suite that fails today and passes tomorrow says nothing."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from case_files import UPDATE, Case, Pair, write_found
from decks import build
from filelock import FileLock
from hypothesis import settings

NOTES = Path(__file__).parents[1] / "notes"

settings.register_profile("steady", derandomize=True, database=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(UPDATE, action="store_true", help="write what is found into the case files (in one process: -n 0)")


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case | Pair:
    """The case of a test that is parametrized with `case`."""
    return replace(request.param, update=request.config.getoption(UPDATE))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption(UPDATE):
        write_found()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run have in common."""
    base = tmp_path_factory.getbasetemp()
    path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    path.mkdir(exist_ok=True)
    return path


@pytest.fixture(scope="session")
def one_at_a_time(shared: Path) -> Callable[[], AbstractContextManager]:
    """Opens what one process of a run does while the others wait: the second finds what the first has made."""
    return lambda: FileLock(shared / "lock")


@pytest.fixture(scope="session", params=[".", "en"], ids=["zh", "en"])
def built_notes(request: pytest.FixtureRequest, shared: Path, one_at_a_time) -> dict:
    """The summary of each deck of this repository: a copy of it, built strictly, once in a run; `folder` is the deck's own folder."""
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
    """Threads without a crew of their own: the processes behind them are those of every test that makes such threads."""
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        yield executor
