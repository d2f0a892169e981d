"""Test notes that would take minutes: the text is rendered in short time, or the note is a problem at its line.

Files are read by a process with a limit of a minute of processor time. It takes a few seconds.
"""

import os
import subprocess
import sys
from pathlib import Path

from decks import write_deck
from limits import run_limited

from deckgen.model import Text
from deckgen.parse.note_limits import excess

BLANKS = " " * 100_000
# Files in which deckgen's own expressions would begin again at each blank.
BLANK_FILES = {
    "heading": f"## What?{BLANKS}x\n\nA.\n",
    "only blanks in a heading": f"## {BLANKS}\n\nA.\n",
    "tabs": "## a" + "\t" * 50_000 + "?\n\nA.\n",
    "question label": f"Q:{BLANKS}x\nA: y\n",
    "answer label": f"Q: x\nA:{BLANKS}\n",
    "question mark": f"Question\n?{BLANKS}x\nAnswer\n\nQ2\n?\nA2\n",
    "colons": f"a{BLANKS}::{BLANKS}b\n\nc :: d\n",
    "bold": f"**Q1：{BLANKS}a？**\n\nA\n\n**Q2：b？**\n\nB\n",
    "list": f"- a?{BLANKS}x\n    - b\n",
    "many colons": "a::b" * 20_000 + "\n\nc :: d\n",
    "question marks": "?\n" * 20_000,
    "highlights": f"## What?\n\n{'==a== ' * 12_000}\n",
    "tags": f"What? {'#a ' * 40_000}x #card\nA\n",
    "card tags": f"What? {'#card ' * 40_000}x #card\nA\n",
}
# Answers, and what is wrong with them.
ANSWERS = {
    "backslashes": ("\\" * 1_000_000, "characters, and 1000000 are allowed"),
    "lines": ("- \n" * 30_000, "lines, and 5000 are allowed"),
    "tags": ('<a b="' * 5000, "has more than 500 times a tag < that is never closed"),
    "links": ("[a](" * 3000, "has more than 500 times a link ]( that is never closed"),
    "pictures": ("![a](x " * 3000, "has more than 500 times a link ]( that is never closed"),
    "backticks": (" ".join("`" * n for n in range(1, 190)), "has runs of backticks of more than 20 lengths"),
    "lists in lists": ("".join("  " * n + "- a\n" for n in range(300)), "has a list item behind 200 blanks or more"),
    "headings": ("\n\n" + "### a\n" * 4000, "has 3999 headings and rules without an empty line below them"),
    "stacked rules": ("\n\n" + "---\n" * 4000 + "b", "has 4000 headings and rules without an empty line below them"),
    "references": ("[^1] " * 3000 + "\n\n[^1]: x\n", "refers to the footnote 1 3000 times, and 1000 times are allowed"),
    "signs": ("* a" * 30_000, "has the sign * 30000 times"),
    "brackets": ("[" * 5000, ""),
    "clozes": ("{{c1::a}} " * 2000, ""),
    "comments": ("$$" + "%a" * 10_000 + "$$", ""),
    "definitions": ("[^a]\n\n" + "".join(f"[^{n}]: x\n" for n in range(4000)), ""),
    "rules": ("---\n\n" * 2000, ""),
}


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "deckgen", "check", str(folder)]
    return run_limited(words, env={**os.environ, "COLUMNS": "200"})


def check_files(folder: Path, texts: dict[str, str]) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Check a file for each text. Return the result, and the lines of the problems of long notes."""
    result = check(write_deck(folder, {f"{name}.md": text for name, text in texts.items()}))
    assert "Traceback" not in result.stderr and result.returncode in (0, 1)
    assert f"\n{len(texts)} files, " in result.stdout
    return result, [line for line in result.stderr.splitlines() if "[note-too-long]" in line]


def test_lines_of_blanks_are_read_in_linear_time(tmp_path):
    check_files(tmp_path, BLANK_FILES)


def test_an_answer_is_rendered_or_is_a_problem_at_its_line(tmp_path):
    notes = "# D\n\n## What is a query?\n\nText: {}\n\n## What is a key?\n\nA vector.\n"
    result, lines = check_files(tmp_path, {name: notes.format(answer) for name, (answer, _) in ANSWERS.items()})
    right = [name for name, (_, wrong) in ANSWERS.items() if not wrong]
    assert f" {len(ANSWERS) + len(right)} notes\n" in result.stdout
    for name, (_, wrong) in ANSWERS.items():
        found = [line for line in lines if f"/{name}.md:" in line]
        assert len(found) == bool(wrong), found
        assert all(f"{name}.md:3:1: error: the note " in line and wrong in line for line in found), found


def test_marks_that_are_closed_later_are_allowed():
    assert excess(Text("[a](b) <b>c</b> " * 2000, 1)) == ""
    assert excess(Text("![a](b)\n\n" * 2000, 1)) == ""
    assert "a link ](" in excess(Text("[a](" * 1000 + ")" * 1000, 1))


def test_a_file_of_many_notes_is_no_long_note(tmp_path):
    notes = "".join(f"## What is number {n}?\n\nAnswer {n}.\n\n" for n in range(3000))
    result = check(write_deck(tmp_path / "deck", {"a.md": notes}))
    assert "Traceback" not in result.stderr and "note-too-long" not in result.stderr
