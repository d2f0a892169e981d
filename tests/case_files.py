"""Case files: inputs and expected results as text, without Python. README.md in this folder describes their format.

A test passes its result to `agrees` of a case. The result is compared with the file. With `--update-cases` it is written into
the file instead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

TESTS = Path(__file__).parent
UPDATE = "--update-cases"
_PART = re.compile(r"(?m)^=== (.+)\n")
_found: dict[Path, dict[int, str]] = {}


@dataclass(frozen=True)
class Case:
    """One case. `line` (1-based) is the line of the title. `given` and `wanted` have no line break at the end."""

    file: Path
    line: int
    title: str
    given: str
    wanted: str
    update: bool = False

    @property
    def parts(self) -> dict[str, str]:
        """The inputs by their names after `===`, in their order."""
        _, *rest = _PART.split(f"{self.given}\n")
        return {name.strip(): text for name, text in zip(rest[::2], rest[1::2], strict=True)}

    def agrees(self, found: str) -> None:
        """Check that the result is the expected one, except for line breaks at the end. With `update`, store it for the file."""
        if self.update:
            _found.setdefault(self.file, {})[self.line] = found.rstrip("\n")
        else:
            assert found.rstrip("\n") == self.wanted, f"{self.file}:{self.line}: {self.title}"


def cases(path: str) -> list:
    """Return the cases of a file as parameters of a test. `path` is relative to tests/."""
    file = TESTS / path
    found = [
        Case(file, line, title, given.rstrip("\n"), wanted.rstrip("\n"))
        for line, title, given, wanted in read_fixture_file(file)
    ]
    assert found, f"{path} has no cases"
    return [pytest.param(case, id=case.title) for case in found]


@dataclass(frozen=True)
class Pair:
    """A case as a note file, for tests of its bytes or its name. Its expected result is in a file next to it."""

    file: Path
    update: bool = False

    def agrees(self, found: Iterator[str] | list[str]) -> None:
        """Check that the lines are those of the `.expected` file. With `update`, write them into it."""
        expected = self.file.with_suffix(".expected")
        text = "".join(f"{line}\n" for line in found)
        if self.update:
            expected.write_text(text, "utf-8")
        else:
            assert text == (expected.read_text("utf-8") if expected.exists() else ""), expected


def pairs(pattern: str) -> list:
    """Return the note files of a pattern as parameters of a test. The pattern is relative to tests/."""
    found = sorted(TESTS.glob(pattern))
    assert found, f"{pattern} names no files"
    return [pytest.param(Pair(file), id=f"{file.parent.name}-{file.stem}") for file in found]


def write_found() -> None:
    """Write the results that `agrees` stored into the case files."""
    for file, by_line in _found.items():
        lines = file.read_text("utf-8").splitlines(keepends=True)
        # Last case first, so that the line numbers of earlier cases stay right.
        for line, found in sorted(by_line.items(), reverse=True):
            first = next(n for n in range(line + 1, len(lines)) if lines[n].rstrip() == ".") + 1
            last = next(n for n in range(first, len(lines)) if lines[n].rstrip() == ".")
            lines[first:last] = [f"{found}\n"] if found else []
        file.write_text("".join(lines), "utf-8")
    _found.clear()
