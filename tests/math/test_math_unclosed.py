"""Delimiters that are never closed are reported if TeX follows, and not if a price or a variable follows."""

import json
import time
import timeit

import pytest
from case_files import cases
from decks import run, write_deck

from deckgen.scan import scan


@pytest.mark.parametrize("case", cases("math/cases/unclosed.md"), indirect=True)
def test_problems_of_unclosed_delimiters(case):
    found = scan(f"{case.given}\n").unclosed
    case.agrees("\n".join(case.given[fault.offset : fault.end].rstrip("\n") for fault in found))


def test_only_the_unclosed_delimiter_is_reported(tmp_path):
    write_deck(tmp_path, {"a.md": "## What is energy?\n\n$E_k = \\frac12 mv^2 is it, and \\alpha is not.\n"})
    result = run("check", "a.md", "--json", cwd=tmp_path)
    assert [(p["line"], p["column"], p["severity"], p["code"]) for p in json.loads(result.stdout)] == [
        (3, 1, "warning", "math-unclosed"),
        (3, 32, "info", "math-pseudo"),
    ]
    assert result.returncode == 0 and run("check", "a.md", "--strict", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("piece", ["\\(", "\\[ x ", "$x_1 + ", "$", "$\\alpha ", "$ \\frac12 word "])
def test_the_time_is_linear_in_the_length(piece):
    def seconds(count: int) -> float:
        return min(timeit.repeat(lambda: scan(piece * count), timer=time.process_time, number=1, repeat=3))

    assert seconds(40_000) < 100 * seconds(2_000)
