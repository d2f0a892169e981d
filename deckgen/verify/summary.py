"""Import tests and their findings as a table and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import asdict

from deckgen.problems import Severity
from deckgen.verify.expected import expected_result
from deckgen.verify.finding import ImportFinding
from deckgen.verify.import_test import ImportTest, ImportTestRun

HEADS = ("import", "new", "updated", "duplicate", "conflicting", "schedules changed")
_NAMED = 5  # notes, cards or files that a line names at most


def rows(found: ImportTestRun) -> Iterator[tuple[str, ...]]:
    """Yield a row for each import test; HEADS are the columns. If the expected numbers differ, they are in a second row."""
    for import_test in found.all:
        expected, did = _expected(import_test, found), _did(import_test)
        yield (import_test.name, *map(str, did), str(len(import_test.schedules)))
        if expected != did:
            yield ("  expected", *map(str, expected), "0")


def lines(findings: Sequence[ImportFinding]) -> Iterator[str]:
    """Yield a line for each finding, with its package, its severity and its code."""
    for finding in findings:
        yield f"{finding.package}: {finding.severity}: {line(finding)} [{finding.code}]"


def line(finding: ImportFinding) -> str:
    """A finding as one line, without its package, severity and code. It names at most five notes, cards or files."""
    more = len(finding.what) - _NAMED
    what = "; ".join(finding.what[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
    return f"{finding.import_test}: {finding.message}{': ' if what else ''}{what}"


def verdict(findings: Sequence[ImportFinding]) -> str:
    """One sentence: how many findings are errors."""
    broken = sum(finding.severity is Severity.ERROR for finding in findings)
    if not broken:
        return "every import went as expected"
    return f"{broken} {'import finding is an error' if broken == 1 else 'import findings are errors'}"


def as_json(found: ImportTestRun, findings: Sequence[ImportFinding]) -> dict[str, Any]:
    """The import tests as the JSON object of `--json`."""
    return {
        "as": str(found.importer),
        "package": str(found.package.path),
        "after": str(found.diff.old.path) if found.diff else None,
        "kept": not any(finding.severity is Severity.ERROR for finding in findings),
        "import_tests": import_tests_json(found),
        "findings": [{**asdict(finding), "package": str(finding.package)} for finding in findings],
    }


def import_tests_json(found: ImportTestRun) -> list[dict[str, Any]]:
    """The results of the import tests of a package, as JSON."""
    return [_import_test_json(import_test, found) for import_test in found.all]


def _import_test_json(import_test: ImportTest, found: ImportTestRun) -> dict[str, Any]:
    keys = ("new", "updated", "duplicate", "conflicting")
    return {
        "name": import_test.name,
        **dict(zip(keys, _did(import_test))),
        "expected": dict(zip(keys, _expected(import_test, found))),
        "schedules_changed": len(import_test.schedules),
        "options_changed": len(import_test.options),
        "cards_added": import_test.cards_added,
        "full_sync": import_test.full_sync,
    }


def _expected(import_test: ImportTest, found: ImportTestRun) -> tuple[int, int, int, int]:
    expected = expected_result(found.diff if import_test is not found.fresh else None, found.package)
    return len(expected.new), len(expected.updated), len(expected.duplicate), 0


def _did(import_test: ImportTest) -> tuple[int, int, int, int]:
    log = import_test.log
    return (log.new, log.updated, log.duplicate, log.conflicting) if log else (0, 0, 0, 0)
