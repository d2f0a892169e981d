"""The git repository around a deck: is it clean, is a tag free, commit and tag."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckgen.problems import DeckError


@dataclass(frozen=True, slots=True)
class Repository:
    """`folder` is any folder of the work tree."""

    folder: Path

    def changed(self, out: Path) -> list[Path]:
        """What is not committed, new files among it, but not what stands in `out`."""
        top = Path(self._git("rev-parse", "--show-toplevel").removesuffix("\n"))
        built = out.resolve()
        skip = [f":(top,exclude,literal){built.relative_to(top).as_posix()}"] if top in built.parents else []
        # Each entry is two letters, a space and the path from the top of the work tree.
        found = self._git("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ":/", *skip)
        return [top / entry[3:] for entry in found.split("\0") if entry]

    def tagged(self, tag: str) -> str | None:
        """The commit that a tag is on; None where there is no such tag."""
        found = self._run("rev-parse", "--quiet", "--verify", f"refs/tags/{tag}^{{commit}}")
        return found.stdout.strip() if found.returncode == 0 else None

    def head(self) -> str | None:
        """The commit that is checked out; None in a repository without any."""
        found = self._run("rev-parse", "--quiet", "--verify", "HEAD")
        return found.stdout.strip() if found.returncode == 0 else None

    def require_author(self) -> None:
        """Raise DeckError where git does not know who commits: better now than when half is done."""
        self._git("var", "GIT_COMMITTER_IDENT")

    def commit(self, paths: Iterable[Path], message: str) -> None:
        """Commit the files, and nothing else; where they are as they were committed, do nothing."""
        names = [str(path.resolve()) for path in paths]
        self._git("add", "--", *names)
        if self._run("diff", "--cached", "--quiet", "--", *names).returncode:
            self._git("commit", "--quiet", "--message", message, "--only", "--", *names)

    def tag(self, name: str, message: str) -> None:
        """Tag what is checked out; where it bears the tag already, do nothing."""
        if self.tagged(name) is None:
            self._git("tag", "--annotate", "--message", message, name)

    def _git(self, *arguments: str) -> str:
        found = self._run(*arguments)
        if found.returncode:
            raise DeckError.at(str(self.folder), f"git {arguments[0]}: {found.stderr.strip() or found.stdout.strip()}", code="git")
        return found.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", "-C", str(self.folder), *arguments], capture_output=True, text=True, encoding="utf-8",
                              errors="surrogateescape", stdin=subprocess.DEVNULL)


def repository_of(folder: Path) -> Repository | None:
    """The repository that a folder stands in; None where it stands in none, or there is no git."""
    try:
        found = Repository(folder)._run("rev-parse", "--is-inside-work-tree")
    except FileNotFoundError:
        return None
    return Repository(folder) if found.returncode == 0 and found.stdout.strip() == "true" else None

