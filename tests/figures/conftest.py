"""Decks of figures to test with, and worker processes shared by the tests."""

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest


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
