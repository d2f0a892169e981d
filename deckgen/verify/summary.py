"""Rehearsals and findings as a table and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from deckgen.problems import Severity
from deckgen.verify.judge import Finding, promise
from deckgen.verify.rehearse import Rehearsal, Rehearsals

HEADS = ("import", "new", "updated", "duplicate", "conflicting", "schedules changed")
_NAMED = 5


def rows(found: Rehearsals) -> Iterator[tuple[str, ...]]:
    """A row a rehearsal, under HEADS, and below it what was promised where that is another."""
    for rehearsal in found.all:
        promised, did = _promised(rehearsal, found), _did(rehearsal)
        yield (rehearsal.name, *map(str, did), str(len(rehearsal.schedules)))
        if promised != did:
            yield ("  promised", *map(str, promised), "0")


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """A line for each finding: the package that causes it, the first of what it is about, and its code."""
    for finding in findings:
        yield f"{finding.package}: {finding.severity}: {line(finding)} [{finding.code}]"


def line(finding: Finding) -> str:
    """A finding in a line, without its package, severity and code."""
    more = len(finding.what) - _NAMED
    what = "; ".join(finding.what[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
    return f"{finding.rehearsal}: {finding.message}{': ' if what else ''}{what}"


def verdict(findings: Sequence[Finding]) -> str:
    broken = sum(finding.severity is Severity.ERROR for finding in findings)
    if not broken:
        return "every promise is kept"
    return f"{broken} {'promise is' if broken == 1 else 'promises are'} broken"


def as_json(found: Rehearsals, findings: Sequence[Finding]) -> dict:
    """The rehearsals as `--json` prints them."""
    return {
        "package": str(found.package.path),
        "after": str(found.diff.old.path) if found.diff else None,
        "kept": not any(finding.severity is Severity.ERROR for finding in findings),
        "rehearsals": [_rehearsal_json(rehearsal, found) for rehearsal in found.all],
        "findings": [{**asdict(finding), "package": str(finding.package)} for finding in findings],
    }


def _rehearsal_json(rehearsal: Rehearsal, found: Rehearsals) -> dict:
    keys = ("new", "updated", "duplicate", "conflicting")
    return {
        "name": rehearsal.name,
        **dict(zip(keys, _did(rehearsal))),
        "promised": dict(zip(keys, _promised(rehearsal, found))),
        "schedules_changed": len(rehearsal.schedules),
        "cards_added": rehearsal.cards_added,
        "full_sync": rehearsal.full_sync,
    }


def _promised(rehearsal: Rehearsal, found: Rehearsals) -> tuple[int, int, int, int]:
    promised = promise(found.diff if rehearsal is not found.fresh else None, found.package)
    return len(promised.new), len(promised.updated), len(promised.duplicate), 0


def _did(rehearsal: Rehearsal) -> tuple[int, int, int, int]:
    log = rehearsal.log
    return (log.new, log.updated, log.duplicate, log.conflicting) if log else (0, 0, 0, 0)
