"""Test that names of note files that not all systems allow are warnings."""

import pytest
from decks import PIXEL, run, write_deck

NOTE = "# D\n\n## What is {}?\n\nThat.\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("con.md", "Windows refuses the name con.md: it is the name of a device"),
        ("Aux/a.md", "Windows refuses the name Aux: it is the name of a device"),
        ("what?.md", "Windows refuses the sign '?' in the name what?.md"),
        ("a:b.md", "Windows refuses the sign ':' in the name a:b.md"),
        ("dot./a.md", "Windows refuses the name dot.: it ends with a dot or a blank"),
    ],
)
def test_a_name_that_windows_refuses_is_a_warning(name, message, tmp_path):
    result = run("build", write_deck(tmp_path / "deck", {name: NOTE.format("a")}), "--out", tmp_path / "out")
    assert result.returncode == 0
    assert f"{name}: warning: {message} (" in result.stderr and result.stderr.count("[file-name]") == 1


def test_paths_that_differ_only_in_case_are_a_warning(tmp_path):
    files = {name: NOTE.format(name) for name in ("x/a.md", "X/A.md", "x/b.md", "é.md", "e\u0301.md")}
    result = run("check", write_deck(tmp_path / "deck", files))
    lines = [line for line in result.stderr.splitlines() if "[file-name]" in line]
    assert len(lines) == 2 and all("where case does not count" in line for line in lines)


def test_common_names_have_no_warning(tmp_path):
    files = {name: NOTE.format(name) for name in ("a b.md", "注意力.md", "console.md", "com10.md", "a.b.md", "(1).md")}
    assert "[file-name]" not in run("check", write_deck(tmp_path / "deck", files)).stderr


def test_the_first_use_of_a_media_file_with_such_a_name_is_a_warning(tmp_path):
    """A repository with such a file cannot be cloned on Windows. The digests in the names of the package do not help there."""
    notes = "# D\n\n## What is a?\n\n![x](con.png) ![y](b.png)\n\n## What is b?\n\n![y](B.png) ![z](a:c.png) ![x](con.png)\n"
    other = PIXEL.replace(b"\x81\x77", b"\x81\x78")
    deck = write_deck(
        tmp_path / "deck", {"a.md": notes, "con.png": PIXEL, "b.png": PIXEL, "B.png": other, "a:c.png": other}
    )
    for place in (tmp_path, deck):
        lines = [
            line.partition("a.md:")[2]
            for line in run("check", deck, cwd=place).stderr.splitlines()
            if "[file-name]" in line
        ]
        assert [line.partition(" (")[0] for line in lines] == [
            "3:1: warning: Windows refuses the name con.png: it is the name of a device",
            "7:1: warning: Windows refuses the sign ':' in the name a:c.png",
            "7:1: warning: the path is that of b.png where case does not count",
        ]
