"""An author with a deck in a git repository, who builds and releases it. Times are in days after NOW."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from decks import PIXEL, build_in_process, write_deck

from deckgen.package.contents import PackedNote
from deckgen.package.read import read_package
from deckgen.release.make import ReleaseResult, release
from deckgen.release.options import ReleaseOptions

FIRST = {"apple": "Red.", "bear": "Brown.", "cat": "Grey. ![a dot](dot.png)", "dog": "Black."}
NOW = 1_700_000_000
DAY = 86_400
TOML = 'id = "0123456789abcdef"\nname = "Test Deck"\nslug = "test-deck"\nversion = "0.1.0" # the first\ndescription = "Tests."\n'


def _file_name(name: str) -> str:
    """Return a name without the signs that Windows refuses in names of files."""
    return name.replace("*", "-")


@dataclass(frozen=True)
class Author:
    """An author. `home` is the git repository; `deck` is the deck in it, and `out` the folder for packages."""

    home: Path

    @property
    def deck(self) -> Path:
        return self.home / "notes"

    @property
    def out(self) -> Path:
        return self.home / "build"

    def git(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.home, check=True, capture_output=True, text=True).stdout

    def write(self, notes: dict[str, str], day: float, commit: bool = True) -> None:
        """Replace all note files, then build and commit on this day. `notes` maps a name to its answer. Each note is in its own file."""
        for path in self.deck.glob("*.md"):
            if path.name != "CHANGELOG.md":
                path.unlink()
        write_deck(
            self.deck,
            {
                "deck.toml": self.toml(),
                **{f"{_file_name(name)}.md": f"# D\n\n## What is {name}?\n\n{text}\n" for name, text in notes.items()},
            },
        )
        build_in_process(self.deck, self.out, int(NOW + day * DAY))
        if commit:
            self.git("add", "--all")
            self.git("commit", "--quiet", "--message", f"day {day}", "--allow-empty")

    def toml(self) -> str:
        path = self.deck / "deck.toml"
        return path.read_text() if path.exists() else TOML

    def options(self, version: str, day: float, **more) -> ReleaseOptions:
        return ReleaseOptions(self.deck, version, self.out, int(NOW + day * DAY), **more)

    def release(self, version: str, day: float, **more) -> ReleaseResult:
        return release(self.options(version, day, **more), lambda what, done, total: None)

    def package(self, version: str, part: str = "") -> Path:
        return self.out / f"test-deck-{version}" / f"test-deck-{version}{part}.apkg"

    def packed(self, version: str, part: str = "") -> dict[str, PackedNote]:
        """Name of a note → the note in the package of a release."""
        return {
            note.fields[0].removeprefix("What is ").removesuffix("?"): note
            for note in read_package(self.package(version, part)).notes
        }


def new_author(home: Path) -> Author:
    """An author with a new repository. Its deck has a picture and no notes."""
    author = Author(home)
    author.deck.mkdir(parents=True)
    (home / ".gitignore").write_text("build/\n")
    (author.deck / "dot.png").write_bytes(PIXEL)
    author.git("init", "--quiet", "--initial-branch", "main")
    author.git("config", "user.name", "Author")
    author.git("config", "user.email", "author@example.org")
    return author


_RELEASED = tempfile.TemporaryDirectory()


@cache
def _released() -> Path:
    author = new_author(Path(_RELEASED.name) / "author")
    author.write(FIRST, 0)
    author.release("1.0.0", 1)
    return author.home


def released_author(home: Path) -> Author:
    """An author who wrote FIRST on day 0 and released it as 1.0.0 on day 1. The release is made once in a process, and copied."""
    shutil.copytree(_released(), home, symlinks=True)
    return Author(home)
