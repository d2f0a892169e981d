"""What became of each note file, as lines, as a table and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from deckgen.cli.report import many, problems_json
from deckgen.parse.file_report import FileReport
from deckgen.parse.left_out import LeftOut
from deckgen.problems import Problem

_HEADS = ("file", "dialect", "notes", "no answer", "left out", "why")
_LONGEST = 10
_WIDEST = 48


def lines(reports: Sequence[FileReport]) -> Iterator[str]:
    """A few lines for one file; for several a table with a line for each."""
    if len(reports) == 1:
        yield from _file_lines(reports[0])
    elif reports:
        yield from _table([_HEADS, *map(_row, reports)])
        yield _total(reports)


def left_out_lines(reports: Iterable[FileReport]) -> Iterator[str]:
    """Each text that is on no card, with its place; signs that hold no word are counted."""
    for report in reports:
        for each in report.left_out:
            if not each.signs_alone:
                yield f"{report.file}:{each.line}:{each.column}: {each.kind}: {each.text}"
        if lines := {each.line for each in report.left_out if each.signs_alone}:
            yield f"{report.file}: signs alone, such as # and ---, on {many(len(lines), 'line')}"


def as_json(reports: Iterable[FileReport], problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """A list with an object for each file, its problems among it. `docs/notes.md` describes it."""
    return [_json(report, [each for each in problems if each.file == report.file]) for report in reports]


def _file_lines(report: FileReport) -> Iterator[str]:
    yield f"{report.file}: {many(report.notes, 'note')}, {_reading(report)}"
    if report.runner_up:
        other = report.runner_up
        shortfall = f"; {other.shortfall}" if other.shortfall else ""
        yield f"  not chosen: {other.name} ({other.detection.reason}{shortfall})"
    for each in report.candidates:
        yield f"  {each.name} would read {many(each.notes, 'note')} ({each.seen}; {each.lacks})"
        yield f"    in the front matter: {each.settings}"
        yield f'    or in deck.toml: overrides = [{{files = "{report.pattern}", {each.override}}}]'
    if report.unanswered:
        yield f"  without an answer: {_line_numbers(report.unanswered)}"
    if report.missed_lines:
        yield f"  left out: {many(report.missed_lines, 'line')} (--left-out lists them)"


def _reading(report: FileReport) -> str:
    """How the file was read, and why."""
    if report.dialect:
        return f"{report.dialect} ({report.why})"
    return f"left out ({report.why})" if report.why else "no dialect recognised"


def _total(reports: Sequence[FileReport]) -> str:
    without = sum(not report.notes for report in reports)
    notes = many(sum(report.notes for report in reports), "note")
    return f"{many(len(reports), 'file')}, {notes}" + (f"; {many(without, 'file')} without notes" if without else "")


def _row(report: FileReport) -> tuple[str, ...]:
    unanswered, missed = str(len(report.unanswered) or ""), str(report.missed_lines or "")
    return report.file, report.dialect or "none", str(report.notes), unanswered, missed, _short_reason(report)


def _short_reason(report: FileReport) -> str:
    """Why the file is read as it is, or what would read it."""
    if report.candidates:
        first = report.candidates[0]
        return f"{first.name} would read {many(first.notes, 'note')}: {first.settings}"
    return report.why if report.dialect or not report.why else f"left out: {report.why}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows, the first with the heads, with the columns side by side, numbers to the right. Columns without a text are left out.

    A text that is longer than the widest column moves the rest of its row.
    """
    columns = [column for column in zip(*rows) if any(column[1:])]
    padded = [list(_padded(column)) for column in columns]
    for row in zip(*padded):
        yield "  ".join(row).rstrip()


def _padded(column: Sequence[str]) -> Iterator[str]:
    """The texts of a column, all of one width."""
    width = min(_WIDEST, max(map(cell_len, column)))
    numbers = all(not cell or cell.isdecimal() for cell in column[1:])
    for cell in column:
        blanks = " " * (width - cell_len(cell))
        yield blanks + cell if numbers else cell + blanks


def _line_numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_LONGEST]))
    more = f" and {len(numbers) - _LONGEST} more" if len(numbers) > _LONGEST else ""
    return f"{'line' if len(numbers) == 1 else 'lines'} {shown}{more}"


def _json(report: FileReport, problems: Sequence[Problem]) -> dict[str, Any]:
    other = report.runner_up
    return {
        "file": report.file,
        "dialect": report.dialect,
        "why": report.why,
        "runner_up": other and {"dialect": other.name, "seen": other.detection.reason, "lacks": other.shortfall},
        "notes": report.notes,
        "unanswered": list(report.unanswered),
        "candidates": [
            {
                "dialect": each.name,
                "notes": each.notes,
                "seen": each.seen,
                "lacks": each.lacks,
                "front_matter": each.settings,
                "override": f'{{files = "{report.pattern}", {each.override}}}',
            }
            for each in report.candidates
        ],
        "left_out_lines": report.missed_lines,
        "left_out": list(map(_left_out_json, report.left_out)),
        "problems": problems_json(problems),
    }


def _left_out_json(each: LeftOut) -> dict[str, Any]:
    return {"line": each.line, "column": each.column, "kind": str(each.kind), "text": each.text}
