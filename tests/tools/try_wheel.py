"""Tests a wheel as a stranger installs it: in new environments, in folders outside of the repository, without a compiler.

    python tests/tools/try_wheel.py dist/*.whl

It runs the first minutes of a user: an example deck, its list, check, build, preview, release. Each extra has an environment of its own.
"""

import json
import os
import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

EXTRAS = ("", "figures", "preview", "verify")
# The size of an environment without extras may not grow unseen.
MOST_MEGABYTES = 60
NOTES = "# Physics\n\n## What is a newton?\n\n$1\\,\\mathrm{kg\\,m/s^2}$\n\n## What is a joule?\n\nOne newton metre.\n"


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and the folder in which its commands run."""

    home: Path
    folder: Path

    @property
    def programs(self) -> Path:
        return self.home / ("Scripts" if os.name == "nt" else "bin")

    def run(self, program: str, *arguments: object) -> str:
        """Run a program of the environment and return its output. Stop if it fails."""
        # Nothing of this repository or of the user's own Python may be imported.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment["PATH"] = os.pathsep.join([str(self.programs), environment["PATH"]])
        command = [str(self.programs / program), *map(str, arguments)]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode:
            sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


def install(wheel: Path, extra: str, folder: Path) -> Environment:
    """Return a new environment with the wheel and an extra. Only wheels are installed, so that no compiler is needed."""
    venv.create(folder / "environment", with_pip=True)
    (folder / "work").mkdir()
    made = Environment(folder / "environment", folder / "work")
    wanted = f"{wheel}[{extra}]" if extra else str(wheel)
    made.run("python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:", wanted)
    made.run("python", "-m", "pip", "check")
    return made


def try_commands(made: Environment) -> None:
    """Make decks of the example and of own notes. Build each twice: the second build changes nothing."""
    (made.folder / "own").mkdir()
    (made.folder / "own" / "notes.md").write_text(NOTES, "utf-8")
    made.run("deckgen", "init", "own")
    made.run("deckgen", "init", "--example", "example")
    for deck in ("own", "example"):
        made.run("deckgen", "list", deck)
        made.run("deckgen", "check", deck, "--strict")
        made.run("deckgen", "build", deck, "--strict", "--out", "out")
        again = json.loads(made.run("deckgen", "build", deck, "--locked", "--json", "--out", "out"))
        assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, again["notes"]), again
    made.run("deckgen", "explain", "media-missing")
    report = {check["name"]: check for check in json.loads(made.run("deckgen", "doctor", "--json"))}
    assert report["libraries"]["state"] == "ok" and report["libraries"]["found"], report
    assert report["deckgen"]["found"] == made.run("deckgen", "--version").split()[-1], report


def try_preview(made: Environment) -> None:
    """Write the page of the preview as files."""
    made.run("deckgen", "preview", "example", "--out", "site")
    assert (made.folder / "site" / "index.html").is_file()


def try_figures(made: Environment) -> None:
    """Compute the figures of the example and compare them with the frozen pictures."""
    made.run("deckgen", "figures", "example", "--check")


def try_engine(made: Environment) -> None:
    """Import the package of the example into Anki's engine."""
    (package,) = (made.folder / "out").glob("searching-*.apkg")
    made.run("deckgen", "verify", package)


CHECKS = {"preview": try_preview, "figures": try_figures, "verify": try_engine}


def check_place(made: Environment) -> None:
    """The package is imported from the environment, and it has its types and its data files."""
    place = Path(made.run("python", "-c", "import deckgen; print(deckgen.__file__)").strip()).resolve()
    assert place.is_relative_to(made.home.resolve()), place
    assert (place.parent / "py.typed").is_file()


def check_contents(wheel: Path) -> None:
    """The wheel has all files of the package, and none of the tests or notes."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    root = Path(__file__).parents[2]
    listed = subprocess.run(["git", "ls-files", "deckgen"], cwd=root, capture_output=True, text=True, check=True)
    wanted = set(listed.stdout.splitlines())
    assert names == wanted, f"missing: {sorted(wanted - names)}; not in git: {sorted(names - wanted)}"


def megabytes(folder: Path) -> float:
    """Return the size of an environment without pip and setuptools, in MB."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    return sum(file.stat().st_size for file in files if not {"pip", "setuptools"} & set(file.parts)) / 1e6


def try_extra(wheel: Path, extra: str) -> None:
    """Install the wheel with an extra and run the commands that need it."""
    with TemporaryDirectory() as folder:
        made = install(wheel, extra, Path(folder))
        size = megabytes(made.home)
        assert extra or size < MOST_MEGABYTES, f"{size:.0f} MB"
        check_place(made)
        try_commands(made)
        if extra:
            CHECKS[extra](made)
    print(f"{wheel.name}{f' [{extra}]' if extra else ''}: works, {size:.0f} MB")


if __name__ == "__main__":
    (name,) = sys.argv[1:]
    wheel = Path(name).resolve()
    check_contents(wheel)
    for extra in EXTRAS:
        try_extra(wheel, extra)
