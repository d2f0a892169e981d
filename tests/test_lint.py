"""What lints find: each case is a .md file in the folder of its lint, beside what must be told of it."""

from pathlib import Path

import pytest
from deckgen.lint import LINTS, lint
from deckgen.pipeline import check
from deckgen.problems import Severity

CASES = sorted((Path(__file__).parent / "cases" / "lint").glob("*/*.md"))
assert {case.parent.name for case in CASES} == set(LINTS)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_case(case, monkeypatch):
    monkeypatch.chdir(case.parent)
    notes = check([Path(case.name)], lambda what, done, total: None).notes
    found = sorted(lint(notes, [case.parent.name]))
    assert {(p.severity, p.code, p.file) for p in found} <= {(Severity.WARNING, case.parent.name, case.name)}
    assert [f"{p.line}:{p.column} {p.message}" for p in found] == case.with_suffix(".expected").read_text().splitlines()
