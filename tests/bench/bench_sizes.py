"""Measure all steps of the work with a deck for several numbers of notes, and draw time against notes, into SIZES.md.

The arguments are numbers of notes (100, 1,000 and 10,000 by default); the figures of others are kept in `sizes.json`. Each step runs in a process
of its own. 100,000 notes take about 20 minutes of processor time. The exit status is 1 if a step with 100,000 notes takes more than 11
times the processor time of 10,000.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from make_notes import make_notes
from measuring import Measured, measured

HERE = Path(__file__).parent
FOUND, PLOT, PAGE = HERE / "sizes.json", HERE / "sizes.svg", HERE / "SIZES.md"
SIZES = (100, 1_000, 10_000)
MOST = 11.0
LARGEST = 1_000_000
READ_LOCK = "import sys; from pathlib import Path; from deckgen.identity.lock import load_lock; load_lock(Path(sys.argv[1]).read_text('utf-8'), '')"
READ_PACKAGE = "import sys; from pathlib import Path; from deckgen.package.read import read_package; read_package(Path(sys.argv[1]))"
START = 1_700_000_000
BEYOND = """## Beyond

What is dotted in the plot was not measured: it continues the straight line through the two largest measured sizes. For 1,000,000 notes these would be needed:

- **Time.** The first build and the first check grow with the notes. They run on all processors, and on a Dask cluster (`--scheduler`).
- **Memory.** A build holds all notes, their fields and the lock in memory. It would have to read them from the cache one after another, and to write the
  package as it does so.
- **The lock.** It is one text of about 420 bytes for a note. Git stores a new copy of it for each commit. With 1,000,000 notes it would have to be one file for each
  folder of notes.
- **The package.** `diff`, `verify` and `pull` refuse packages that unpack to more than 256 MiB, so that a small file cannot fill the memory. That is about
  200,000 of these notes. A package with more would have to be read in parts.
- **Anki.** People learn from decks of some thousand notes. So many notes are better kept as several decks, each with its own `deck.toml`. They can be built at the same time.
"""
# The steps in the plot, from the slowest.
DRAWN = (
    "verify",
    "release",
    "first build",
    "first check",
    "one note edited",
    "diff",
    "read the lock",
    "nothing changed",
)


def steps(home: Path, count: int) -> Iterator[tuple[str, Measured]]:
    """Run all steps with a deck, and yield the name and the figures of each."""
    deck, out = home / "deck", home / "out"
    make_notes(deck, count)
    clock = {"DECKGEN_CACHE": str(home / "cache"), "SOURCE_DATE_EPOCH": str(START)}

    def run(*words: object, python_code: str = "") -> Measured:
        return measured(*(("-c", python_code) if python_code else ("-m", "deckgen")), *words, **clock)

    run("init", deck)
    yield "first check", measured("-m", "deckgen", "check", deck, DECKGEN_CACHE=str(home / "other"))
    yield "first build", run("build", deck, "--out", out)
    yield "nothing changed", run("build", deck, "--out", out)
    (old,) = out.glob("*.apkg")
    before = home / "before.apkg"
    before.write_bytes(old.read_bytes())
    first = deck / "00000.md"
    first.write_text(first.read_text("utf-8").replace("其中", "这里", 1), "utf-8")
    clock["SOURCE_DATE_EPOCH"] = str(START + 100)
    yield "one note edited", run("build", deck, "--out", out)
    yield "check after it", run("check", deck)
    yield "read the lock", run(deck / "deck.lock", python_code=READ_LOCK)
    yield "read the package", run(old, python_code=READ_PACKAGE)
    yield "diff", run("diff", before, old)
    yield "diff as a page", run("diff", before, old, "--html", home / "page.html")
    yield "verify", run("verify", old, "--after", before)
    for words in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "a"),
    ):
        subprocess.run(("git", *words), cwd=deck, check=True)
    yield "release", run("release", deck, "1.0.0", "--out", home / "released", "--allow-dirty")


def measure(count: int) -> dict[str, list[float]]:
    """Return the seconds, the processor seconds and the memory in MB of each step."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as home:
        for name, each in steps(Path(home), count):
            found[name] = [round(value, 3) for value in each]
            print(
                f"{count:,} notes, {name}: {each.seconds:.2f} s, {each.processor:.2f} processor seconds, {each.memory:.0f} MB",
                flush=True,
            )
    return found


def beyond(sizes: dict[str, dict[str, list[float]]]) -> Iterator[str]:
    """Yield the steps whose processor time for 100,000 notes is more than the bound times that for 10,000."""
    few, many = sizes.get("10000", {}), sizes.get("100000", {})
    for name in few.keys() & many.keys():
        if many[name][1] > MOST * few[name][1]:
            yield f"{name}: {many[name][1] / few[name][1]:.1f} times"


def draw(sizes: dict[str, dict[str, list[float]]]) -> None:
    """Draw processor time against notes. Times for 1,000,000 notes are continued from the two largest measured sizes."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    rcParams["svg.hashsalt"] = "sizes"
    figure = Figure(figsize=(7, 4.6), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel="notes", ylabel="processor seconds")
    counts = sorted(map(int, sizes))
    for name in DRAWN:
        points = [(count, sizes[str(count)][name][1]) for count in counts if name in sizes[str(count)]]
        (line,) = axes.plot(*zip(*points), marker="o", markersize=3, label=name)
        if len(points) > 1:
            (few, first), (many, last) = points[-2:]
            slope = (last - first) / (many - few)
            more = [many * (LARGEST / many) ** (n / 20) for n in range(21)]
            axes.plot(more, [last + slope * (each - many) for each in more], linestyle=":", color=line.get_color())
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small", loc="upper left")
    axes.set_title("Measured (points), and continued in a straight line (dotted)", fontsize="medium")
    figure.savefig(PLOT, metadata={"Date": None})


def page(about: str, sizes: dict[str, dict[str, list[float]]]) -> str:
    """Return the page with the figures."""
    counts = sorted(sizes, key=int)
    head = "".join(f" {int(count):,} |" for count in counts)
    rows = [f"| {name} |" + "".join(cell(sizes[count].get(name)) for count in counts) for name in sizes[counts[0]]]
    return "\n".join(
        [
            "# Time against notes",
            "",
            f"Written by `tests/bench/bench_sizes.py`. {about}. A cell has the processor seconds of all processes, and the memory of all "
            "processes together in MB. The processor seconds grow by up to two times if the machine is busy.",
            "",
            f"| step |{head}",
            "|---|" + "---|" * len(counts),
            *rows,
            "",
            "![Processor seconds against notes](sizes.svg)",
            "",
            BEYOND,
        ]
    )


def cell(found: list[float] | None) -> str:
    """Return a cell of the table."""
    return f" {found[1]:.2f} s, {found[2]:.0f} MB |" if found else " |"


def main() -> None:
    sizes = json.loads(FOUND.read_text("utf-8"))["notes"] if FOUND.exists() else {}
    for count in map(int, sys.argv[1:] or SIZES):
        sizes[str(count)] = measure(count)
        about = (
            f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.0f} at the end"
        )
        text = json.dumps({"about": about, "columns": ["seconds", "processor seconds", "MB"], "notes": sizes}, indent=1)
        FOUND.write_text(f"{text}\n", "utf-8")
        PAGE.write_text(page(about, sizes), "utf-8")
    draw(sizes)
    if slow := list(beyond(sizes)):
        sys.exit(f"more than {MOST:g} times: {', '.join(slow)}")


if __name__ == "__main__":
    main()
