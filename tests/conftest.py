"""The same examples in every run: a suite that fails today and passes tomorrow says nothing."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, database=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def deck_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a run keeps the pictures of the deck of this repository: computed once, by whichever of its processes is first."""
    base = tmp_path_factory.getbasetemp()
    path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "deck-pictures"
    path.mkdir(exist_ok=True)
    return path
