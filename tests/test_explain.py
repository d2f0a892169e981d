"""Test the table of problem codes: it has each code that deckgen can report, with its severities, and its examples are right."""

import json
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from decks import PIXEL, write_deck
from emitted_codes import Emission, emissions

from deckgen.cli import main
from deckgen.explain import Area, Entry, areas
from deckgen.explain.markdown import page
from deckgen.pipeline import check
from deckgen.problems import DeckError, Problem

ROOT = Path(__file__).parents[1]
ENTRIES = {entry.code: (area, entry) for area in areas() for entry in area.entries}
EXAMPLES = [code for code, (_, entry) in ENTRIES.items() if entry.example]
DECK_TOML = 'id = "1"\nname = "Deck"\nslug = "deck"\nversion = "0.1.0"\n'
NOTE = "## What is attention?\n\nA weighted sum.\n"


@cache
def emitted() -> dict[str, list[Emission]]:
    """Code → the places of the source that report it."""
    found = defaultdict(list)
    for emission in emissions():
        found[emission.code].append(emission)
    return found


def test_each_code_that_can_be_reported_has_an_entry():
    lacking = {code: [found.place for found in places] for code, places in emitted().items() if code not in ENTRIES}
    assert not lacking, "write an entry for each in deckgen/explain/*.toml, then run: make problems"


def test_no_entry_has_a_code_that_is_never_reported():
    assert ENTRIES.keys() <= emitted().keys(), (
        "nothing reports these: remove their entries from deckgen/explain/*.toml, then run: make problems"
    )


def test_entries_have_the_severities_of_the_code():
    wanted = {code: {found.severity for found in places} for code, places in emitted().items() if code in ENTRIES}
    assert {code: set(ENTRIES[code][1].severities) for code in wanted} == wanted


def test_entries_are_sorted_and_unique():
    for area in areas():
        codes = [entry.code for entry in area.entries]
        assert codes == sorted(codes), area.title
    assert len(ENTRIES) == sum(len(area.entries) for area in areas())


def test_entries_of_notes_formulas_and_media_have_examples():
    without = {entry.code for area in areas()[:3] for entry in area.entries if not entry.example}
    # Very long and very deep notes, and problems that a text cannot show: invisible characters, bytes, permissions and servers.
    assert without == {
        *(
            "answer-long",
            "note-nested",
            "note-too-long",
            "file-control",
            "file-encoding",
            "file-unreadable",
            "media-unreadable",
        ),
        *("fetch-failed", "fetched-manifest"),
        # They depend on the tools of the machine.
        *("diagram-damaged", "diagram-failed", "diagram-undrawn"),
    }


def problems(folder: Path, area: Area, entry: Entry, text: str) -> tuple[Problem, ...]:
    """The problems that `deckgen check` reports for an example with this text."""
    example = entry.example
    files = {"deck.toml": DECK_TOML + example.deck, "notes.md": NOTE, **area.files, **example.files, example.file: text}
    write_deck(folder, {name: content or PIXEL for name, content in files.items()})
    try:
        return check([folder], lambda what, done, total: None).problems
    except DeckError as error:
        return error.problems


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_have_only_their_problem_and_the_fixed_text_has_none(code, tmp_path):
    area, entry = ENTRIES[code]
    found = problems(tmp_path / "wrong", area, entry, entry.example.input)
    assert {problem.code for problem in found} == {code}, found
    assert {problem.severity for problem in found} <= set(entry.severities)
    assert problems(tmp_path / "right", area, entry, entry.example.fixed) == ()


def test_docs_problems_md_is_up_to_date():
    assert (ROOT / "docs" / "problems.md").read_text("utf-8") == page(areas()), "run: make problems"


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


def test_explain_prints_an_entry():
    result = explain("answer-missing")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# answer-missing\n\n*error or warning*: A question has no answer.\n")
    assert ENTRIES["answer-missing"][1].example.fixed.strip() in result.stdout


def test_explain_lists_all_codes_by_area():
    result = explain()
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ")] == [*ENTRIES]
    assert [line for line in result.stdout.splitlines() if line and line[0] != " "] == [area.title for area in areas()]


def test_explain_prints_json():
    listed = json.loads(explain("--json").stdout)
    assert [row["code"] for row in listed] == [*ENTRIES]
    one = json.loads(explain("figure-block", "--json").stdout)
    assert one["severities"] == ["error"]
    assert list(one["example"]["files"]) == ["figures/waves.py"]
    assert {key: one[key] for key in listed[0]} in listed


@pytest.mark.parametrize(
    ("code", "hint"), [("answr-missing", "did you mean answer-missing"), ("x", "`deckgen explain` lists all codes")]
)
def test_an_unknown_code_is_wrong_usage(code, hint):
    result = explain(code)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"no problem has the code '{code}' ({hint}" in result.stderr


def test_only_explain_reads_the_table():
    source = "import sys, deckgen.cli; print([name for name in sys.modules if name.startswith('deckgen.explain')])"
    assert subprocess.run([sys.executable, "-c", source], capture_output=True, text=True).stdout == "[]\n"


HEAD = """
from dataclasses import dataclass
from enum import StrEnum

class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"

@dataclass
class Problem:
    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
"""


def scanned(folder: Path, source: str) -> set[tuple[str, str]]:
    """The codes and severities that the scan finds in this source."""
    (folder / "deckgen").mkdir()
    (folder / "deckgen" / "some.py").write_text(HEAD + source)
    return {(found.code, found.severity) for found in emissions(folder / "deckgen")}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Problem("f", 1, 1, Severity.ERROR, "a", "m")', {("a", "error")}),
        (
            'Problem("f", 1, 1, code="a" if x else "b", severity=Severity.WARNING, message="m")',
            {("a", "warning"), ("b", "warning")},
        ),
        ('Problem("f", *place, Severity.ERROR, "a", "m")', {("a", "error")}),
        ('def rows():\n    yield Severity.WARNING, "a", "m"\n\nProblem("f", 1, 1, *next(rows()))', {("a", "warning")}),
        ('A = "a"\ndef make():\n    return Problem("f", 1, 1, Severity.ERROR, A, "m")', {("a", "error")}),
        (
            'def make(code: str):\n    return Problem("f", 1, 1, Severity.ERROR, code, "m")\n\nmake("a")\nmake(code="b")',
            {("a", "error"), ("b", "error")},
        ),
        (
            'def make(code: str, severity: Severity = Severity.WARNING):\n    return Problem("f", 1, 1, severity, code, "m")\n\nmake("a")',
            {("a", "warning")},
        ),
        (
            'def make():\n    for name, code in (("x", "a"), ("y", "b")):\n        yield Problem("f", 1, 1, Severity.ERROR, code, name)',
            {("a", "error"), ("b", "error")},
        ),
        (
            'def make(x):\n    code, m = ("a", "m") if x else ("b", "m")\n    return Problem("f", 1, 1, Severity.ERROR, code, m)',
            {("a", "error"), ("b", "error")},
        ),
        (
            'def code_of(x):\n    return "a" if x else "b"\n\nProblem("f", 1, 1, Severity.ERROR, code_of(1), "m")',
            {("a", "error"), ("b", "error")},
        ),
        (
            'class Page:\n    def fault(self, code: str):\n        return Problem("f", 1, 1, Severity.ERROR, code, "m")\n\nPage().fault("a")',
            {("a", "error")},
        ),
        (
            'def make(code: str):\n    return Problem("f", 1, 1, Severity.ERROR, code, "m")\n\n'
            'def doubt(code: str):\n    return Problem("f", 1, 1, Severity.WARNING, code, "m")\n\n'
            'def each():\n    for x, report in ((1, make), (2, doubt)):\n        yield report("a")',
            {("a", "error"), ("a", "warning")},
        ),
        (
            "class E:\n    @classmethod\n    def at(cls, file: str, code: str):\n"
            '        return Problem(file, 1, 1, Severity.ERROR, code, "m")\n\nE.at("f", "a")\nuses.at("f", error)',
            {("a", "error")},
        ),
        ('Problem("f", 1, 1, other.severity, other.code, "m")', set()),
    ],
)
def test_the_scan_finds_codes_and_severities(source, found, tmp_path):
    assert scanned(tmp_path, source) == found


@pytest.mark.parametrize(
    "source",
    [
        'Problem("f", 1, 1, Severity.ERROR, "a" + x, "m")',
        'Problem("f", 1, 1, Severity.ERROR, CODES[x], "m")',
        'def make(x):\n    return Problem("f", 1, 1, Severity.ERROR, x, "m")',
        'Problem("f", 1, 1, severity_of(x), "a", "m")',
        'Problem("f", *place, severity_of(x), "a", "m")',
    ],
)
def test_the_scan_fails_at_a_code_that_it_cannot_read(source, tmp_path):
    with pytest.raises(AssertionError, match="cannot be read: write"):
        scanned(tmp_path, source)
