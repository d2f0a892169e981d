"""Measure builds and checks as ratios to Python-Markdown on the same notes, and write them to RESULTS.md.

All steps run in turn, each in a process of its own, with a cache in a temporary folder. The argument is the number of notes
(10,000 by default).
"""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

from make_notes import make_notes
from measuring import Measured, measured

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
LIBRARIES = ("deckgen-anki", "Markdown", "pymdown-extensions", "Pygments", "beautifulsoup4", "genanki", "click")
# Step → the highest ratio to Python-Markdown that is wanted, by the clock, on two processors that do nothing else.
BOUNDS = {"first check": 1.3, "first build": 1.5, "nothing changed": 0.05, "one note edited": 0.12}
RUNS = 5
BASE, USUAL = "Python-Markdown", "Python-Markdown, `extra` and `codehilite`"
# A new instance for each note would take longer. Question and answer are one text here, and two in deckgen.
BASELINE = """
import json, sys
from pathlib import Path
from markdown import Markdown
markdown = Markdown(extensions=json.loads(sys.argv[2]))
for path in sorted(Path(sys.argv[1]).glob("*.md")):
    for note in path.read_text("utf-8").split("\\n## ")[1:]:
        markdown.reset().convert("## " + note)
"""
# The extensions of Python-Markdown and pymdown-extensions that deckgen uses.
EXTENSIONS = (
    "abbr admonition attr_list def_list footnotes md_in_html tables pymdownx.betterem pymdownx.details pymdownx.highlight"
    " pymdownx.superfences pymdownx.tasklist pymdownx.tilde"
).split()
INTRODUCTION = """Ratios are to Python-Markdown with the same extensions of Python-Markdown and pymdown-extensions, one conversion for each note, on the same
notes in the same run. All steps run five times in turn, and each cell has the median. A bound is for the ratio of seconds on two processors that do nothing else. On a busy machine only the ratio of
processor seconds says something: with two processors, a first build that keeps its bound of 1.5 may take up to 3 times the processor
seconds. Memory is that of all processes together, in MB."""


def steps(home: Path, count: int) -> Iterator[tuple[str, Measured]]:
    """Run all steps, and yield the name and the figures of each."""
    deck, build = home / "deck", ("-m", "deckgen", "build", home / "deck", "--out", home / "out")
    make_notes(deck, count)
    cache, other = str(home / "cache"), str(home / "other")
    measured("-m", "deckgen", "init", deck, DECKGEN_CACHE=cache)
    yield USUAL, measured("-c", BASELINE, deck, json.dumps(["extra", "codehilite"]))
    yield BASE, measured("-c", BASELINE, deck, json.dumps(EXTENSIONS))
    yield "first check", measured("-m", "deckgen", "check", deck, DECKGEN_CACHE=other)
    yield "first build", measured(*build, DECKGEN_CACHE=cache)
    yield "nothing changed", measured(*build, DECKGEN_CACHE=cache)
    first = deck / "00000.md"
    first.write_text(first.read_text("utf-8").replace("其中", "这里", 1), "utf-8")
    yield "one note edited", measured(*build, DECKGEN_CACHE=cache)
    yield "check after it", measured("-m", "deckgen", "check", deck, DECKGEN_CACHE=cache)


def start_up() -> list[str]:
    """Return the rows of the table of start-up times: the medians of nine runs in turn."""
    commands = {"`import click`": ("-c", "import click"), "`deckgen --help`": ("-m", "deckgen", "--help")}
    runs = [{name: measured(*command).processor for name, command in commands.items()} for _ in range(9)]
    medians = {name: sorted(run[name] for run in runs)[4] for name in commands}
    base = medians["`import click`"]
    return [f"| {name} | {seconds:.3f} | {seconds / base:.2f} |" for name, seconds in medians.items()]


def table(runs: Sequence[Mapping[str, Measured]]) -> list[str]:
    """Return the rows of the table of steps: the median of all runs in each cell. A ratio is to the same run."""
    return [_row(name, [run[name] for run in runs], [run[BASE] for run in runs]) for name in runs[0]]


def _row(name: str, own: Sequence[Measured], base: Sequence[Measured]) -> str:
    seconds, processor, memory = (median(values) for values in zip(*own))
    ratio = median(each.seconds / other.seconds for each, other in zip(own, base))
    processor_ratio = median(each.processor / other.processor for each, other in zip(own, base))
    cells = name, f"{seconds:.2f}", f"{ratio:.3f}", BOUNDS.get(name, ""), f"{processor:.2f}", f"{processor_ratio:.3f}"
    return f"| {' | '.join(map(str, cells))} | {memory:.0f} |"


def report(runs: Sequence[Mapping[str, Measured]], count: int) -> str:
    """Return the page of results."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return "\n".join(
        [
            "# Results",
            "",
            f"Written by `make bench`. Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors, "
            f"load {os.getloadavg()[0]:.0f} at the end. {versions}.",
            "",
            f"## {count:,} notes",
            "",
            INTRODUCTION,
            "",
            "| step | seconds | ratio | bound | processor seconds | ratio | memory |",
            "|---|---|---|---|---|---|---|",
            *table(runs),
            "",
            "## Start-up",
            "",
            "| command | processor seconds | ratio |",
            "|---|---|---|",
            *start_up(),
            "",
        ]
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    runs: list[dict[str, Measured]] = []
    for _ in range(RUNS):
        runs.append({})
        with tempfile.TemporaryDirectory() as home:
            for name, each in steps(Path(home), count):
                runs[-1][name] = each
                print(
                    f"{name}: {each.seconds:.2f} s, {each.processor:.2f} processor seconds, {each.memory:.0f} MB",
                    flush=True,
                )
    page = report(runs, count)
    RESULTS.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
