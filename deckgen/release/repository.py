"""The git repository of a deck: find changed files and tags, commit, and tag. It runs the git command."""

import os
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from deckgen.problems import DeckError

_AGAIN = "the release is made; solve the problem and run the same command again to commit and tag it"


class Repository(Struct, frozen=True):
    """A git repository. `folder` is any folder of its work tree."""

    folder: Path

    def changed(self, root: Path, out: Path) -> list[Path]:
        """The files that are not committed, new files too. Files in `out` are left out, unless `out` has the deck (`root`).

        Raises DeckError if git fails.
        """
        top, out = self._top(), out.resolve()
        skip = top in out.parents and not root.resolve().is_relative_to(out)
        paths = [":/", *([f":(top,exclude,literal){out.relative_to(top).as_posix()}"] if skip else [])]
        # Each entry is two letters, a space and the path from the top of the work tree.
        found = self._git("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *paths)
        return [top / entry[3:] for entry in found.split("\0") if entry]

    def ignored(self, paths: Iterable[Path]) -> list[Path]:
        """The files among `paths` that git ignores and does not track. Raises DeckError if git fails."""
        top = self._top()
        names = [str(path.resolve()) for path in paths if path.resolve().is_relative_to(top)]
        found = self._run("check-ignore", "-z", "--stdin", text="".join(f"{name}\0" for name in names))
        return [Path(name) for name in found.stdout.split("\0") if name]

    def merging(self) -> bool:
        """Whether a merge was begun and is not finished."""
        return self._run("rev-parse", "--quiet", "--verify", "MERGE_HEAD").returncode == 0

    def versions(self, prefix: str) -> list[str]:
        """The tags that begin with the prefix, without the prefix. Raises DeckError if git fails."""
        return [tag.removeprefix(prefix) for tag in self._git("tag", "--list", f"{prefix}*").split()]

    def tagged(self, tag: str) -> str | None:
        """The commit that a tag is on; None if there is no such tag."""
        found = self._run("rev-parse", "--quiet", "--verify", f"refs/tags/{tag}^{{commit}}")
        return found.stdout.strip() if found.returncode == 0 else None

    def head(self) -> str | None:
        """The commit that is checked out; None in a repository without commits."""
        found = self._run("rev-parse", "--quiet", "--verify", "HEAD")
        return found.stdout.strip() if found.returncode == 0 else None

    def commits_of(self, path: Path) -> list[str]:
        """The commits that changed a file, the newest first. Raises DeckError if git fails."""
        return self._git("log", "--format=%H", "--", str(path.resolve())).split() if self.head() else []

    def text_at(self, commit: str, path: Path) -> str | None:
        """The text of a file in a commit; None if the commit does not have the file. Raises DeckError if git fails."""
        name = path.resolve().relative_to(self._top()).as_posix()
        found = self._run("show", f"{commit}:{name}")
        return None if found.returncode else found.stdout

    def extract(self, commit: str, folder: Path) -> Path:
        """Write the files of a commit into a folder, and return the folder there of this repository's `folder`.

        Raises DeckError if git fails. Links out of the repository are left out.
        """
        archive = folder / "commit.tar"
        self._git("-C", str(self._top()), "archive", "--format=tar", "-o", str(archive), commit)
        with tarfile.open(archive) as opened:
            opened.extractall(folder / "files", filter=_without_links_out)
        return folder / "files" / self.folder.resolve().relative_to(self._top())

    def require_author(self) -> None:
        """Check that git knows the name of the author. Raises DeckError if not: a later error would leave an incomplete release."""
        self._git("var", "GIT_COMMITTER_IDENT")

    def commit(self, paths: Iterable[Path], message: str) -> None:
        """Commit the files and nothing else. Do nothing if they are unchanged. Raises DeckError if git fails."""
        names = [str(path.resolve()) for path in paths]
        self._git("add", "--", *names, hint=_AGAIN)
        if self._run("diff", "--cached", "--quiet", "--", *names).returncode:
            self._git("commit", "--quiet", "--message", message, "--only", "--", *names, hint=_AGAIN)

    def tag(self, name: str, message: str) -> None:
        """Tag the commit that is checked out. Do nothing if the tag exists. Raises DeckError if git fails."""
        if self.tagged(name) is None:
            self._git("tag", "--annotate", "--message", message, name, hint=_AGAIN)

    def _top(self) -> Path:
        return Path(self._git("rev-parse", "--show-toplevel").removesuffix("\n"))

    def _git(self, *arguments: str, hint: str = "") -> str:
        found = self._run(*arguments)
        if found.returncode:
            raise DeckError.at(
                str(self.folder),
                f"git {arguments[0]}: {_in_one_line(found.stderr) or _in_one_line(found.stdout)}",
                code="git-failed",
                hint=hint,
            )
        return found.stdout

    def _run(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        # LC_ALL=C: git reports in English, because `repository_of` compares one of its messages.
        return subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            capture_output=True,
            input=text,
            encoding="utf-8",
            errors="surrogateescape",
            env={**os.environ, "LC_ALL": "C"},
        )


def _in_one_line(output: str) -> str:
    """The output of a git command as a part of a problem, which has one line."""
    return " ".join(line.strip() for line in output.splitlines() if line.strip())


def _without_links_out(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    try:
        return tarfile.data_filter(member, folder)
    except tarfile.FilterError:
        return None


def repository_of(folder: Path) -> Repository | None:
    """The repository that a folder is in; None if there is none. Raises DeckError if git is not installed or fails."""
    try:
        found = Repository(folder)._run("rev-parse", "--is-inside-work-tree")
    except FileNotFoundError as error:
        raise DeckError.at(
            "git", "is not installed", code="git-failed", hint="use --allow-dirty to release without commit and tag"
        ) from error
    if found.returncode and "not a git repository" not in found.stderr:
        raise DeckError.at(str(folder), f"git: {_in_one_line(found.stderr)}", code="git-failed")
    return Repository(folder) if found.stdout.strip() == "true" else None
