"""Case files: a title, a line with only a dot, what goes in, a dot, what comes out, a dot."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "cases"
_CASE = re.compile(r"^([^\n.][^\n]*)\n\.\n(.*?)\n\.\n(.*?)\n?^\.$", re.M | re.S)


def cases(name: str) -> list:
    """The cases of a file as parameters of a test: what goes in, and what comes out."""
    found = _CASE.findall((FOLDER / name).read_text("utf-8"))
    assert found
    return [pytest.param(given, wanted, id=title) for title, given, wanted in found]
