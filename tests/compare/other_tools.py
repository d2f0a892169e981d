"""The tools of the comparison: how each is installed, how its notes are written, and how it gets them into a collection."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anki_desktop import desktop, install_ankiconnect, listens, new_base, require_ankiconnect, require_desktop
from engine_side import import_into
from entries import CLOZE, ENTRIES, PROGRAM, Entry
from relay import relay

from deckgen.doctor.anki import anki_connect as anki_connect_check
from deckgen.doctor.check import State

PORT = 8765  # AnkiOps has no option for another one.
_ROOT = Path(__file__).parents[2]


@dataclass
class Place:
    """Where a tool works: its installation, the folder of its notes, and the collection. `port` is that of AnkiConnect behind the relay."""

    home: Path
    notes: Path
    collection: Path
    port: int = 0

    def run(self, program: str | Path, *arguments: object, cwd: Path | None = None) -> str:
        """Run a program of the tool. Return what it prints. Stop if it fails."""
        path = self.home / program
        command = [str(path if path.exists() else program), *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=cwd or self.notes,
            capture_output=True,
            text=True,
            env=self._environment(),
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        """The environment of the tool: its own home and programs, and a name for the commits that a tool makes."""
        people = {
            f"GIT_{role}_{key}": f"author@{key.lower()}.example"
            for role in ("AUTHOR", "COMMITTER")
            for key in ("NAME", "EMAIL")
        }
        own = {"PYTHONPATH": "", "HOME": str(self.home), "PATH": f"{self.home}/bin{os.pathsep}{os.environ['PATH']}"}
        return {**os.environ, **people, **own}


@dataclass(frozen=True)
class Tool:
    """A tool. `write` writes the notes, `bring` puts the present notes into the collection, `move` moves the first note to another file."""

    name: str
    install: Callable[[Path], str]
    write: Callable[[Path], None]
    bring: Callable[[Place], None]
    move: Callable[[Path], None]
    note_ids: str


def pip(*packages: str) -> Callable[[Path], str]:
    """A function that installs packages of Python into a new environment, and returns the version of the first one."""

    def install(home: Path) -> str:
        # md2anki needs Python 3.12, although it names 3.9.
        subprocess.run([os.environ.get("COMPARE_PYTHON", "python3"), "-m", "venv", str(home)], check=True)
        python = str(home / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True, capture_output=True)
        name = packages[0] if not packages[0].startswith("/") else "deckgen-anki"
        code = f"from importlib.metadata import version; print(version({name!r}))"
        return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    return install


def npm(package: str) -> Callable[[Path], str]:
    """A function that installs a package of Node.js into a new folder, and returns its version."""

    def install(home: Path) -> str:
        home.mkdir(parents=True)
        (home / "package.json").write_text('{"private": true}')
        subprocess.run(["npm", "install", "--silent", package], cwd=home, check=True, stdout=subprocess.DEVNULL)
        code = f"process.stdout.write(require('./node_modules/{package}/package.json').version)"
        return subprocess.run(["node", "-e", code], cwd=home, check=True, capture_output=True, text=True).stdout

    return install


def sections(entries: tuple[Entry, ...]) -> str:
    """Headings with questions, as deckgen reads them."""
    return "# Compare\n\n" + "\n".join(
        f"## {each.question or 'What is the quotient?'}\n\n{each.answer}\n" for each in entries
    )


def write_deckgen(folder: Path) -> None:
    (folder / "a.md").write_text(sections(ENTRIES))
    (folder / "b.md").write_text("# Compare\n\n## What is a value?\n\nWhat a position hands over.\n")
    (folder / "deck.toml").write_text(
        'id = "5f1c0a9e7d3b2846"\nname = "Compare"\nslug = "compare"\nversion = "0.1.0"\n'
    )


def bring_deckgen(place: Place) -> None:
    place.run("bin/deckgen", "build", ".", "--out", "../out")
    import_into(place.collection, place.notes.parent / "out" / "compare-0.1.0.apkg")


def move_section(mark: str = "## ") -> Callable[[Path], None]:
    """A function that moves the first section of a.md to the end of b.md, as text."""

    def move(folder: Path) -> None:
        head, first, *rest = (folder / "a.md").read_text().split(f"\n{mark}")
        (folder / "a.md").write_text(f"\n{mark}".join([head, *rest]))
        with (folder / "b.md").open("a") as other:
            other.write(f"\n{mark}{first.rstrip()}\n")

    return move


def write_md2anki(folder: Path) -> None:
    ids = (f"66b3661f-e22e-4986-a50d-569fdac454a{n}" for n in range(9))
    extra = " `{=<md2anki_type_cloze>=}`"
    lines = []
    for each in ENTRIES:
        if each is CLOZE:
            lines.append(f"## {each.answer}{extra} ({next(ids)})\n\nmore\n")
        else:
            lines.append(f"## {each.question} ({next(ids)})\n\n{each.answer}\n")
    (folder / "a.md").write_text("# Compare (3714486828)\n\n" + "\n".join(lines))
    (folder / "b.md").write_text(
        f"# Compare (3714486828)\n\n## What is a value? ({next(ids)})\n\nWhat a position hands over.\n"
    )


def bring_md2anki(place: Place) -> None:
    place.run("bin/md2anki", "a.md", "b.md", "-o-anki", "../compare.apkg")
    import_into(place.collection, place.notes.parent / "compare.apkg")


def write_ankcompiler(folder: Path) -> None:
    head = "---\ndeck: Compare\n---\n"
    cards = [each.answer if each is CLOZE else f"{each.question} ::: {each.answer}" for each in ENTRIES]
    (folder / "a.md").write_text(head + "---\n".join(f"\n{card}\n\n" for card in cards))
    (folder / "b.md").write_text(f"{head}\nWhat is a value? ::: What a position hands over.\n")


def bring_ankcompiler(place: Place) -> None:
    if "[^uid]" not in (place.notes / "a.md").read_text():
        place.run("bin/ankc", "uid", "--fix", "--force")
    place.run("bin/ankc", "build", "--all", "--output", "..")
    import_into(place.collection, place.notes.parent / "compare.apkg")


def move_ankcompiler(folder: Path) -> None:
    """Move the first card with its uid: from the opening line to the line of the uid."""
    text = (folder / "a.md").read_text()
    start = text.index("---\n\nWhat is a query")
    end = text.index("\n", text.index("[^uid]", start)) + 1
    (folder / "a.md").write_text(text[:start] + text[end:].lstrip("\n"))
    with (folder / "b.md").open("a") as other:
        other.write(f"\n{text[start:end]}")


def write_ankiops(folder: Path) -> None:
    cards = [f"T: {each.answer}" if each is CLOZE else f"Q: {each.question}\nA: {each.answer}" for each in ENTRIES]
    (folder / "Compare.md").write_text("\n\n---\n\n".join(cards) + "\n")
    (folder / "Other.md").write_text("Q: What is a value?\nA: What a position hands over.\n")


def bring_ankiops(place: Place) -> None:
    with anki_connect(place):
        if not (place.notes / ".ankiops.db").exists():
            kept = {path: path.read_text() for path in place.notes.glob("*.md")}
            place.run("bin/ankiops", "init")
            for path, text in kept.items():
                path.write_text(text)
        place.run("bin/ankiops", "files-to-anki")


def move_ankiops(folder: Path) -> None:
    first, *rest = (folder / "Compare.md").read_text().split("\n\n---\n\n")
    (folder / "Compare.md").write_text("\n\n---\n\n".join(rest))
    with (folder / "Other.md").open("a") as other:
        other.write(f"\n\n---\n\n{first}\n")


def write_yanki(folder: Path) -> None:
    for name in ("Compare", "Other"):
        (folder / name).mkdir()
    for each in ENTRIES:
        text = f"{each.question}\n\n---\n\n{each.answer}\n"
        if each is CLOZE:
            text = each.answer.replace("{{c1::", "~~").replace("}} of", "~~ of") + "\n"
        (folder / "Compare" / f"{each.key}.md").write_text(text)
    (folder / "Other" / "value.md").write_text("What is a value?\n\n---\n\nWhat a position hands over.\n")


def bring_yanki(place: Place) -> None:
    with anki_connect(place):
        address = f"http://127.0.0.1:{PORT}"
        place.run(
            "node_modules/.bin/yanki", "sync", ".", "--anki-connect", address, "--no-anki-web", "--no-check-database"
        )


def move_yanki(folder: Path) -> None:
    shutil.move(folder / "Compare" / "query.md", folder / "Other" / "query.md")


def write_genanki(folder: Path) -> None:
    shutil.copy(Path(__file__).with_name("use_genanki.py"), folder / "make.py")
    for n, each in enumerate(ENTRIES):
        answer = f"<pre>{PROGRAM.answer.splitlines()[1]}</pre>" if each is PROGRAM else each.answer
        (folder / f"{n}.txt").write_text(f"{each.question}\n{answer}\n")
    (folder / "8.txt").write_text("What is a value?\nWhat a position hands over.\n")


def bring_genanki(place: Place) -> None:
    place.run("bin/python", "make.py", "../compare.apkg")
    import_into(place.collection, place.notes.parent / "compare.apkg")


def move_genanki(folder: Path) -> None:
    (folder / "0.txt").rename(folder / "9.txt")


@contextmanager
def anki_connect(place: Place) -> Iterator[None]:
    """Run Anki's desktop program with the add-on AnkiConnect, and the relay. At the end Anki closes its collection."""
    base = place.notes.parent / "Anki"
    if not base.exists():
        new_base(require_desktop(), base)
        place.port = install_ankiconnect(base, require_ankiconnect())
    with desktop(require_desktop(), base) as running, relay(PORT, place.port):
        running.wait(lambda: listens(place.port), "port of AnkiConnect")
        running.wait(lambda: anki_connect_check(f"http://127.0.0.1:{PORT}").state is State.OK, "answer of AnkiConnect")
        place.collection = running.collection
        yield


TOOLS = (
    Tool("deckgen", pip(str(_ROOT)), write_deckgen, bring_deckgen, move_section(), "none are needed"),
    Tool("AnkiOps", pip("ankiops"), write_ankiops, bring_ankiops, move_ankiops, "written by the tool"),
    Tool("yanki", npm("yanki"), write_yanki, bring_yanki, move_yanki, "written by the tool"),
    Tool("md2anki", pip("md2anki"), write_md2anki, bring_md2anki, move_section(), "written by the author or the tool"),
    Tool(
        "ankcompiler", pip("ankcompiler"), write_ankcompiler, bring_ankcompiler, move_ankcompiler, "written by the tool"
    ),
    Tool("genanki", pip("genanki"), write_genanki, bring_genanki, move_genanki, "the author's program decides"),
)
