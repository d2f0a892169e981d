"""A deck in a git repository that a test builds and releases on several days."""

import subprocess
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Desk:
    """The repository. The deck is in its folder `notes`, packages are in `build`."""

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
        """Write the notes (subject → answer), one file each. Build them on a day (counted from `NOW`), and commit."""
        for path in self.deck.glob("*.md"):
            if path.name != "CHANGELOG.md":
                path.unlink()
        write_deck(
            self.deck,
            {
                "deck.toml": self.toml(),
                **{f"{name}.md": f"# D\n\n## What is {name}?\n\n{text}\n" for name, text in notes.items()},
            },
        )
        build_in_process(self.deck, self.out, int(NOW + day * DAY))
        if commit:
            self.git("add", "--all")
            self.git("commit", "--quiet", "--message", f"day {day}", "--allow-empty")

    def toml(self) -> str:
        path = self.deck / "deck.toml"
        return path.read_text() if path.exists() else TOML

    def order(self, version: str, day: float, **more) -> ReleaseOptions:
        return ReleaseOptions(self.deck, version, self.out, int(NOW + day * DAY), **more)

    def release(self, version: str, day: float, **more) -> ReleaseResult:
        return release(self.order(version, day, **more), lambda what, done, total: None)

    def package(self, version: str, part: str = "") -> Path:
        return self.out / f"test-deck-{version}" / f"test-deck-{version}{part}.apkg"

    def packed(self, version: str, part: str = "") -> dict[str, PackedNote]:
        """Return the notes of a release by their subjects. `part` is `-cleanup` for the cleanup package."""
        return {
            note.fields[0].removeprefix("What is ").removesuffix("?"): note
            for note in read_package(self.package(version, part)).notes
        }


def new_desk(home: Path) -> Desk:
    """Make a repository with an empty deck and a picture."""
    desk = Desk(home)
    desk.deck.mkdir(parents=True)
    (home / ".gitignore").write_text("build/\n")
    (desk.deck / "dot.png").write_bytes(PIXEL)
    desk.git("init", "--quiet", "--initial-branch", "main")
    desk.git("config", "user.name", "Author")
    desk.git("config", "user.email", "author@example.org")
    return desk
