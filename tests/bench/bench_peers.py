"""Measure deckgen and other tools on the same notes, in turn, each in an environment of its own, and add them to RESULTS.md.

The arguments are the number of notes (1,000 by default), and a folder for the environments (a temporary one by default). A tool that
cannot be installed, or does not make the notes, is named. Each tool gets the notes in its own syntax, as near as it can express them.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from make_notes import PER_FILE, note
from measuring import Measured, measured

RESULTS = Path(__file__).parent / "RESULTS.md"
HEADING = "## Other tools"
FEW = 100  # notes of a tool that takes long
Writer = Callable[[str, list[tuple[int, str, str]]], str]


@dataclass(frozen=True)
class Tool:
    """`packages` are installed with pip by the Python `python`. `write` gives the text of a file. `command` gets the folders of notes and packages."""

    name: str
    packages: tuple[str, ...]
    write: Writer
    command: Callable[[Path, Path], list[str]]
    python: str = sys.executable
    few: bool = False


def headings(title: str, notes: list[tuple[int, str, str]]) -> str:
    return f"# {title}\n\n" + "\n".join(f"## {question}\n\n{answer}" for _, question, answer in notes)


def with_ids(title: str, notes: list[tuple[int, str, str]]) -> str:
    return f"# {title} (1234567890)\n\n" + "\n\n".join(f"## {q} (n{n:09d})\n\n{a}" for n, q, a in notes)


def blocks(title: str, notes: list[tuple[int, str, str]]) -> str:
    return f"---\ndeck: {title}\n---\n\n" + "\n".join(
        f"---\n\n{q} ::: {a}\n\n---\n[^uid]: n{n:09d}\n" for n, q, a in notes
    )


def lines(title: str, notes: list[tuple[int, str, str]]) -> str:
    return f"# {title}\n\n" + "\n".join(f"- {q} ?:: {' '.join(a.split())}" for _, q, a in notes)


CONVERT = """
import sys
from pathlib import Path
from ankiops.markdown_to_html import MarkdownToHTML
convert = MarkdownToHTML().convert
for path in sorted(Path(sys.argv[1]).glob("*.md")):
    for text in path.read_text("utf-8").split("\\n## ")[1:]:
        question, _, answer = text.partition("\\n\\n")
        convert(question), convert(answer)
"""
# genanki writes the Markdown source: it has no converter.
WRITE = """
import sys
from pathlib import Path
import genanki
model = genanki.Model(1, "M", fields=[{"name": "Q"}, {"name": "A"}], templates=[{"name": "C", "qfmt": "{{Q}}", "afmt": "{{A}}"}])
deck = genanki.Deck(2, "D")
for path in sorted(Path(sys.argv[1]).glob("*.md")):
    for text in path.read_text("utf-8").split("\\n## ")[1:]:
        question, _, answer = text.partition("\\n\\n")
        deck.add_note(genanki.Note(model, [question, answer.replace("<", "&lt;")]))
genanki.Package(deck).write_to_file(Path(sys.argv[2]) / "a.apkg")
"""
TOOLS = (
    Tool("genanki alone", ("genanki",), headings, lambda notes, out: ["-c", WRITE, str(notes), str(out)]),
    Tool("AnkiOps, only its converter", ("ankiops",), headings, lambda notes, out: ["-c", CONVERT, str(notes)]),
    Tool("ankivalenz", ("ankivalenz",), lines, lambda notes, out: ["ankivalenz", "run", str(notes)]),
    # With click 8.2 its command line does not work.
    Tool(
        "markdown-anki-decks",
        ("markdown-anki-decks", "click<8.2"),
        headings,
        lambda notes, out: ["mdankideck", str(notes), str(out)],
    ),
    Tool(
        "ankcompiler",
        ("ankcompiler",),
        blocks,
        lambda notes, out: ["ankc", "build", "--all", "--path", str(notes), "--output", str(out)],
    ),
    Tool(
        "md2anki",
        ("md2anki",),
        with_ids,
        lambda notes, out: ["md2anki", *map(str, sorted(notes.glob("*.md"))), "-o-anki", str(out / "a.apkg")],
        "python3.12",
        few=True,
    ),
    Tool("ankdown", ("ankdown",), headings, lambda notes, out: ["ankdown", str(notes)]),
)


def write_notes(folder: Path, count: int, write: Writer) -> None:
    """Write notes in the syntax of a tool."""
    folder.mkdir(parents=True)
    for start in range(0, count, PER_FILE):
        parts = [(n, *note(n).removeprefix("## ").split("\n\n", 1)) for n in range(start, min(start + PER_FILE, count))]
        (folder / f"{start // PER_FILE:05d}.md").write_text(write(f"组 {start // PER_FILE}", parts), "utf-8")


def installed(tool: Tool, folder: Path) -> Path | None:
    """Return the folder with the commands of a tool, None if it cannot be installed."""
    made = folder / tool.packages[0]
    commands = [
        [tool.python, "-m", "venv", made],
        [made / "bin" / "python", "-m", "pip", "install", "--quiet", *tool.packages],
    ]
    for command in commands if not (made / "done").exists() else []:
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return None
    (made / "done").touch()
    return made / "bin"


def run(tool: Tool, count: int, home: Path, environments: Path) -> Measured | str:
    """Measure a tool, or say why that is not possible."""
    place = installed(tool, environments)
    if place is None:
        return "cannot be installed"
    notes, out = home / "notes", home / "out"
    out.mkdir(parents=True)
    write_notes(notes, count, tool.write)
    if tool.name == "ankivalenz":
        (notes / "ankivalenz.json").write_text(json.dumps({"deck_id": 1, "deck_name": "D"}))
    first, *others = tool.command(notes, out)
    words = [first, *others] if first == "-c" else [place / first, *others]
    found = measured(*words, python=str(place / "python"))
    packages = [*out.glob("*.apkg"), *notes.glob("*.apkg")]
    return found if packages or "converter" in tool.name else "makes no package"


def of_deckgen(count: int, home: Path) -> Iterator[tuple[str, Measured]]:
    """Yield the figures of a first build, and of one after an edit."""
    deck, build = home / "deck", ("-m", "deckgen", "build", home / "deck", "--out", home / "out")
    write_notes(deck, count, headings)
    cache = str(home / "cache")
    measured("-m", "deckgen", "init", deck, DECKGEN_CACHE=cache)
    yield "deckgen, first build", measured(*build, DECKGEN_CACHE=cache)
    first = deck / "00000.md"
    first.write_text(first.read_text("utf-8").replace("其中", "这里", 1), "utf-8")
    yield "deckgen, one note edited", measured(*build, DECKGEN_CACHE=cache)


def rows(count: int, home: Path, environments: Path) -> Iterator[str]:
    """Yield the rows of the table. Ratios are to the first build of deckgen with as many notes."""
    ours = dict(of_deckgen(count, home / "ours"))
    few = dict(of_deckgen(FEW, home / "few"))
    base, base_few = ours["deckgen, first build"], few["deckgen, first build"]
    for name, found in ours.items():
        yield row(name, count, found, base)
    for tool in TOOLS:
        number = FEW if tool.few else count
        found = run(tool, number, home / tool.packages[0], environments)
        yield (
            f"| {tool.name} | {number:,} | {found} | | |"
            if isinstance(found, str)
            else row(tool.name, number, found, base_few if tool.few else base)
        )


def row(name: str, count: int, found: Measured, base: Measured) -> str:
    """Return a row of the table."""
    return (
        f"| {name} | {count:,} | {found.seconds:.2f} | {found.processor:.2f} | {found.processor / base.processor:.2f} |"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    table = []
    with tempfile.TemporaryDirectory() as home:
        environments = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(home) / "environments"
        for line in rows(count, Path(home), environments):
            print(line, flush=True)
            table.append(line)
    page = RESULTS.read_text("utf-8").partition(f"\n{HEADING}\n")[0].rstrip()
    introduction = "The same notes in the syntax of each tool, in turn in one run. Ratios are of processor seconds, to the first build of deckgen."
    head = ["| tool | notes | seconds | processor seconds | ratio |", "|---|---|---|---|---|"]
    RESULTS.write_text("\n".join([page, "", HEADING, "", introduction, "", *head, *table, ""]), "utf-8")


if __name__ == "__main__":
    main()
