"""Which dialect the files of a new deck are read as, as settings of its deck.toml."""

import glob
import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from deckgen.parse.dialects import BY_NAME
from deckgen.parse.file_report import FileReport, file_pattern

_MOST_SUGGESTIONS = 12

Reports = Mapping[str, FileReport]
"""The reports by the files' paths in the deck."""


def dialect_settings(reports: Reports) -> str:
    """The lines of deck.toml that name dialects: for all files, or by patterns where files would not be recognised by themselves.

    What only the author can decide is a comment.
    """
    needed = _needed(reports)
    used = {report.dialect for report in reports.values() if report.notes}
    suggested = {key: _suggestion(report) for key, report in reports.items() if _suggestion(report)}
    if needed and len(used | set(needed.values())) == 1 and not suggested:
        name = next(iter(needed.values()))
        return f'# How questions are written. By themselves not all files here would tell, or not with one question fewer.\ndialect = "{name}"\n'
    items = _items({key: f'dialect = "{name}"' for key, name in needed.items()}, _agreeing(reports))
    comments = _items(suggested, suggested)
    return _overrides(items, comments) if items or comments else ""


def _needed(reports: Reports) -> dict[str, str]:
    """The dialects of files that have only as many questions as they are recognised by, or fewer."""
    needed = {}
    for key, report in reports.items():
        if report.dialect and 1 < report.notes == BY_NAME[report.dialect].fewest:
            needed[key] = report.dialect
        elif _is_certain(report):
            needed[key] = report.candidates[0].name
    return needed


def _is_certain(report: FileReport) -> bool:
    """Whether a file that is read as none has some notes of one dialect, and only their number is too small to recognise it by."""
    certain = [each for each in report.candidates if not each.uncertain and 1 < each.notes < each.dialect.fewest]
    return report.dialect is None and len(certain) == 1 and certain[0] is report.candidates[0]


def _suggestion(report: FileReport) -> str:
    """The settings that would read notes from a file of which only the author can tell what it holds; "" for any other."""
    undecided = report.dialect is None and report.candidates and not _is_certain(report)
    return report.candidates[0].override if undecided else ""


def _agreeing(reports: Reports) -> dict[str, str]:
    """The settings that each file is read with, whether they are needed or not."""
    found = {key: f'dialect = "{report.dialect}"' for key, report in reports.items() if report.dialect and report.notes}
    return {**found, **{key: f'dialect = "{name}"' for key, name in _needed(reports).items()}}


def _items(wanted: Mapping[str, str], agreeing: Mapping[str, str]) -> list[str]:
    """An item of `overrides` for each setting: one for a folder if all its files agree, else one for each file."""
    items: dict[str, None] = {}
    for key, setting in wanted.items():
        items[f"{{files = {_quoted(_pattern(key, setting, agreeing))}, {setting}}}"] = None
    return list(items)


def _pattern(key: str, setting: str, agreeing: Mapping[str, str]) -> str:
    """The pattern of the highest folder in which several files are, and all have the setting; else that of the file alone."""
    for folder in reversed(PurePosixPath(key).parents[:-1]):
        inside = [other for path, other in agreeing.items() if PurePosixPath(path).is_relative_to(folder)]
        if len(inside) > 1 and set(inside) == {setting}:
            return f"{glob.escape(folder.as_posix())}/*.md"
    return file_pattern(key)


def _overrides(items: Sequence[str], comments: Sequence[str]) -> str:
    lines = ["# Files that would not be recognised by themselves, or not with one question fewer.", "overrides = ["]
    lines += [f"  {item}," for item in items]
    if comments:
        lines.append("  # No questions were found in these files. Without the #, a line reads them so:")
        lines += [f"  # {item}," for item in comments[:_MOST_SUGGESTIONS]]
    if len(comments) > _MOST_SUGGESTIONS:
        lines.append(f"  # and {len(comments) - _MOST_SUGGESTIONS} more: deckgen check FILE shows the line for a file")
    return "\n".join([*lines, "]", ""])


def _quoted(pattern: str) -> str:
    return json.dumps(pattern, ensure_ascii=False)
