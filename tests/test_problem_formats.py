"""Problems in each format, and which output gets which format and colours."""

import json
import re
from pathlib import Path

import pytest
from decks import run, write_deck
from rich.cells import cell_len
from terminals import SEQUENCE, plain, run_on_terminal

from deckgen.cli.excerpt import excerpt, source_lines
from deckgen.cli.problem_formats import Format, formatted
from deckgen.problems import Problem, Severity

LINE = "deck/a.md:5:8: warning: no file p.png (looked in deck/) [media-missing]\n"
FULL = """\
deck/a.md (2 warnings)
deck/a.md:5:8: warning: no file p.png (looked in deck/) [media-missing]
     5 | A ![p](p.png)
       |        ^
deck/a.md:9:8: warning: no file q.png (looked in deck/) [media-missing]
     9 | 图 ![q](q.png)
       |         ^

deck/b.md (1 warning)
deck/b.md:5:6: warning: no file r.png (looked in deck/) [media-missing]
     5 | ![r](r.png)
       |      ^

3 warnings in 2 files
"""


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return write_deck(
        tmp_path / "deck",
        {
            "a.md": "# A\n\n## One?\n\nA ![p](p.png)\n\n## Two?\n\n图 ![q](q.png)\n",
            "b.md": "# B\n\n## Why?\n\n![r](r.png)\n",
        },
    )


def problem(file: Path, line: int, column: int, message: str = "wrong", severity=Severity.ERROR) -> Problem:
    return Problem(str(file), line, column, severity, "code", message)


def excerpt_of(found: Problem, columns: int) -> list[tuple[str, str]]:
    return list(excerpt(found, source_lines(found.file), columns))


def test_a_terminal_gets_the_source_and_a_caret_grouped_by_file(deck):
    status, shown = run_on_terminal("check", "deck", cwd=deck.parent)
    assert status == 0
    problems = plain(shown).partition("2 files, 3 notes")[2].partition("\n")[2]
    assert problems == FULL + "Next: deckgen explain media-missing says more of the first warning\n"


def test_a_pipe_and_a_file_get_the_stable_line(deck):
    result = run("check", "deck", cwd=deck.parent)
    assert result.stderr.startswith(LINE) and result.stderr.count("\n") == 3
    status, shown = run_on_terminal("check", "deck", "--format", "line", cwd=deck.parent)
    assert plain(shown).endswith(result.stderr)


def test_the_table_in_a_file_and_the_problems_on_a_terminal(deck, tmp_path):
    status, shown = run_on_terminal("check", "deck", cwd=deck.parent, stdout=tmp_path / "out")
    # A slow machine shows progress first. It is erased.
    assert plain(shown.rpartition("\x1b[2K")[2]).startswith("deck/a.md (2 warnings)\n")
    assert "\x1b" not in (tmp_path / "out").read_text()


def test_no_color_and_force_color(deck):
    colour = "\x1b[33m warning: \x1b[0m"
    assert colour in run_on_terminal("check", "deck", cwd=deck.parent)[1]
    assert "\x1b" not in run_on_terminal("check", "deck", cwd=deck.parent, NO_COLOR="1")[1]
    assert "\x1b" not in run_on_terminal("check", "deck", cwd=deck.parent, TERM="dumb")[1]
    assert "\x1b" not in run_on_terminal("check", "deck", cwd=deck.parent, NO_COLOR="1", FORCE_COLOR="1")[1]
    piped = run("check", "deck", cwd=deck.parent, FORCE_COLOR="1").stderr
    assert colour in piped and plain(piped) == run("check", "deck", cwd=deck.parent).stderr
    assert "\x1b" not in run("check", "deck", cwd=deck.parent, FORCE_COLOR="").stderr
    assert "\x1b" not in run("check", "deck", cwd=deck.parent).stderr


def test_without_colours_a_terminal_marks_the_words_of_a_diff(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "# A\n\n## One?\n\nold words here\n"})
    run("build", deck, "--out", tmp_path, now=1_700_000_000)
    (tmp_path / "test-deck-1.0.0.apkg").rename(tmp_path / "old.apkg")
    (deck / "a.md").write_text("# A\n\n## One?\n\nnew words here\n")
    run("build", deck, "--out", tmp_path, now=1_700_000_001)
    arguments = ("diff", "old.apkg", "test-deck-1.0.0.apkg")
    assert "[-old-]{+new+} words" in run_on_terminal(*arguments, cwd=tmp_path, NO_COLOR="1")[1]
    assert "[-" not in plain(run_on_terminal(*arguments, cwd=tmp_path)[1])


def test_gcc_has_one_line_with_a_place_for_each_problem(deck):
    (deck / "p.png").write_bytes(b"")
    result = run("check", "deck", "--format", "gcc", cwd=deck.parent)
    for line in result.stderr.splitlines():
        assert re.fullmatch(r"[^:]+:\d+:\d+: (error|warning|note): .* \[[a-z-]+\]", line)
    message = "no such folder (name the folder that has deck.toml) [deck-missing]\n"
    missing = run("build", "nowhere", "--format", "gcc", cwd=deck.parent)
    assert missing.returncode == 1 and missing.stderr == f"nowhere:1:1: error: {message}"
    assert run("build", "nowhere", cwd=deck.parent).stderr == f"nowhere: error: {message}"


def test_gcc_drops_the_code_of_figures_and_calls_information_a_note():
    text = "\n".join(
        formatted([problem(Path("a.md"), 3, 1, "broken\n  File x\n    y()", Severity.INFO)], Format.GCC, 80)
    )
    assert text == "a.md:3:1: note: broken [code]"


def test_the_formats_json_and_github_are_the_options_json_and_github(deck):
    for name in ("json", "github"):
        long, short = (run("check", "deck", *each, cwd=deck.parent) for each in (["--format", name], [f"--{name}"]))
        assert (long.stdout, long.stderr) == (short.stdout, "")
    assert len(json.loads(run("check", "deck", "--format", "json", cwd=deck.parent).stdout)) == 3
    both = run("check", "deck", "--github", "--format", "line", cwd=deck.parent)
    assert both.returncode == 2 and "excludes" in both.stderr
    assert run("build", "deck", "--format", "json", cwd=deck.parent).returncode == 2


def test_the_excerpt_of_a_long_line_is_cut_around_the_caret(tmp_path):
    file = tmp_path / "a.md"
    text = "深度学习" * 60 + "X" + "后面的字" * 60
    file.write_text(f"{text}\n")
    for columns in (40, 80, 200):
        (left, shown), (below, caret) = excerpt_of(problem(file, 1, text.index("X") + 1), columns)
        assert cell_len(left + shown) <= columns and shown[0] == shown[-1] == "…"
        assert cell_len(left) == cell_len(below)
        assert cell_len(shown[: shown.index("X")]) == len(caret) - 1


@pytest.mark.parametrize("column, caret", [(1, 0), (2, 4), (3, 5), (99, 6)])
def test_tabs_are_spaces_and_a_column_behind_the_line_is_its_end(tmp_path, column, caret):
    (tmp_path / "a.md").write_bytes("\ufeff\tab\r\nnext\r\n".encode())
    assert excerpt_of(problem(tmp_path / "a.md", 1, column), 80)[1][1] == " " * caret + "^"


@pytest.mark.parametrize("content", [None, b"", b"one line", b"a\n   \nb", b"\xff\n\n"])
def test_without_such_a_line_there_is_no_excerpt(tmp_path, content):
    file = tmp_path / "a.md"
    if content is not None:
        file.write_bytes(content)
    assert excerpt_of(problem(file, 2, 1), 80) == []
    assert excerpt_of(problem(file, 0, 0), 80) == []
    assert excerpt_of(problem(tmp_path, 1, 1), 80) == []


def test_a_terminal_gets_no_control_characters_from_files(tmp_path):
    """A note with an escape sequence is an error. Its line shows the sequence, and does not run it."""
    write_deck(tmp_path / "deck", {"a.md": "# A\n\n## One?\n\n\x1b]0;title\x07 \x1b[31mred\n"})
    status, shown = run_on_terminal("check", "deck", cwd=tmp_path)
    assert status == 1 and "␛]0;title␇ ␛[31mred" in plain(shown)
    assert not SEQUENCE.search(plain(shown)) and "\x07" not in shown


def test_a_build_on_a_terminal_ends_with_a_summary(deck):
    shown = plain(run_on_terminal("build", "deck", cwd=deck.parent)[1])
    end = shown[shown.index("added    ") :]
    assert re.fullmatch(
        r"added    deck/a\.md:3: One\?\nadded    deck/a\.md:7: Two\?\nadded    deck/b\.md:3: Why\?\n\n"
        r"build/test-deck-1\.0\.0\.apkg\n  3 notes, 3 cards, 0 media, \d+ KiB\n"
        r"  3 added, 0 changed, 0 unchanged, 0 retired\n  3 warnings, in \d+\.\d s\n"
        r"Next: import the package in Anki with File → Import, and keep deck.lock with your notes: it has their identities\n",
        end,
    )
    again = plain(run_on_terminal("build", "deck", cwd=deck.parent)[1])
    assert "Next" not in again and "3 unchanged" in again


@pytest.mark.parametrize("how", [Format.FULL, Format.LINE, Format.GCC])
def test_control_characters_do_not_reach_the_terminal(tmp_path, how):
    found = problem(tmp_path / "a\x1b[2J.md", 1, 1, "no answer to “\u202eabc\x1b]0;title\x07”")
    [line] = [line for line in formatted([found], how, 80) if "no answer" in line]
    assert not re.search("[\x07\u202e]|\x1b[^\\[]", line) and "\x1b[2J" not in line
