"""Run the targets of `make fuzz` on the files that are kept: seeds and findings."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))
from targets import TARGETS

CASES = sorted((Path(__file__).parent / "cases" / "fuzz").rglob("*.*"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_kept_file_is_read_or_refused(path):
    TARGETS[path.parent.name](path.read_bytes())


def test_each_target_has_files():
    assert {path.parent.name for path in CASES} == set(TARGETS)
