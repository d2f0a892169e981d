"""Case files: what goes in and what comes out, as text that needs no Python. README.md in this folder says how they are written.

A test asks for the cases of a file and hands each what it found. It is compared with what the file has; under `--update-cases` it is
written into the file instead.
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
    """One case. `line` is that of the title, counted from 1; `given` and `wanted` end without a line break."""

    file: Path
    line: int
    title: str
    given: str
    wanted: str
    update: bool = False

    @property
    def parts(self) -> dict[str, str]:
        """What goes in, by the names that stand behind `===`, in their order."""
        _, *rest = _PART.split(f"{self.given}\n")
        return {name.strip(): text for name, text in zip(rest[::2], rest[1::2], strict=True)}

    def agrees(self, found: str) -> None:
        """What was found is what the file has, but for the line breaks at its end; or it becomes that."""
        if self.update:
            _found.setdefault(self.file, {})[self.line] = found.rstrip("\n")
        else:
            assert found.rstrip("\n") == self.wanted, f"{self.file}:{self.line}: {self.title}"


def cases(path: str) -> list:
    """The cases of a file below tests/, as parameters of a test."""
    file = TESTS / path
    found = [
        Case(file, line, title, given.rstrip("\n"), wanted.rstrip("\n"))
        for line, title, given, wanted in read_fixture_file(file)
    ]
    assert found, f"{path} has no cases"
    return [pytest.param(case, id=case.title) for case in found]


@dataclass(frozen=True)
class Pair:
    """A note file, for cases in which its bytes or its name matter, beside a file of what comes out."""

    file: Path
    update: bool = False

    def agrees(self, found: Iterator[str] | list[str]) -> None:
        """The lines found are those of the `.expected` file; or they become those."""
        expected = self.file.with_suffix(".expected")
        text = "".join(f"{line}\n" for line in found)
        if self.update:
            expected.write_text(text, "utf-8")
        else:
            assert text == (expected.read_text("utf-8") if expected.exists() else ""), expected


def pairs(pattern: str) -> list:
    """The note files that a pattern below tests/ names, as parameters of a test."""
    found = sorted(TESTS.glob(pattern))
    assert found, f"{pattern} names no files"
    return [pytest.param(Pair(file), id=f"{file.parent.name}-{file.stem}") for file in found]


def write_found() -> None:
    """Write what was found under `--update-cases` into the case files."""
    for file, by_line in _found.items():
        lines = file.read_text("utf-8").splitlines(keepends=True)
        # From the end, so that the lines above stay where they are.
        for line, found in sorted(by_line.items(), reverse=True):
            first = next(n for n in range(line + 1, len(lines)) if lines[n].rstrip() == ".") + 1
            last = next(n for n in range(first, len(lines)) if lines[n].rstrip() == ".")
            lines[first:last] = [f"{found}\n"] if found else []
        file.write_text("".join(lines), "utf-8")
    _found.clear()
