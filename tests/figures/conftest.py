"""Decks of figures to test with, and two worker processes shared by the tests."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from pathlib import Path
from textwrap import dedent

import pytest

from deckgen.figures.pool import processes


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes modules into a figures folder, by path without `.py`, and returns the folder."""

    def write(modules: Mapping[str, str] | None = None, **more: str) -> Path:
        for name, text in {**(modules or {}), **more}.items():
            path = tmp_path / "figures" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), "utf-8")
        return tmp_path / "figures"

    return write


@pytest.fixture(scope="session")
def workers() -> Iterator[Executor]:
    with processes() as executor:
        yield executor
