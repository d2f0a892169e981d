"""The helper for case files reads, compares and rewrites them."""

import pytest
from case_files import Case, Pair, cases, write_found

TEXT = "Words about the cases.\n\none\n.\na\n\nb\n.\nA\n.\n\ntwo\n.\n=== x.md\nx\n=== y.md\n.\n.\n"


@pytest.fixture
def read(tmp_path):
    (tmp_path / "c.md").write_text(TEXT)
    return lambda **more: [Case(**{**vars(param.values[0]), **more}) for param in cases(tmp_path / "c.md")]


def test_cases_are_read(read):
    one, two = read()
    assert (one.line, one.title, one.given, one.wanted) == (3, "one", "a\n\nb", "A")
    assert (two.wanted, two.parts) == ("", {"x.md": "x\n", "y.md": ""})


def test_results_are_compared(read):
    one, two = read()
    one.agrees("A\n")
    two.agrees("")
    with pytest.raises(AssertionError, match="c.md:3: one"):
        one.agrees("B")


def test_results_are_written(read, tmp_path):
    one, two = read(update=True)
    two.agrees("C\nD\n")
    one.agrees("")
    write_found()
    assert (tmp_path / "c.md").read_text() == TEXT.replace("b\n.\nA\n.", "b\n.\n.").replace(
        "y.md\n.\n.", "y.md\n.\nC\nD\n."
    )
    assert [case.wanted for case in read()] == ["", "C\nD"]


def test_a_file_with_an_expected_file(tmp_path):
    Pair(tmp_path / "a.md", update=True).agrees(["1", "2"])
    assert (tmp_path / "a.expected").read_text() == "1\n2\n"
    Pair(tmp_path / "a.md").agrees(["1", "2"])
    with pytest.raises(AssertionError):
        Pair(tmp_path / "a.md").agrees(["1"])
