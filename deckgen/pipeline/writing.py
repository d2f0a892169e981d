"""The last stage: the package and the texts that go with it → files."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from deckgen.files import prepared
from deckgen.package.write import PackageDeck, write_package


def write_deck(path: Path, deck: PackageDeck, texts: Mapping[Path, str]) -> None:
    """Write a package and the files of `texts` (path → text).

    All files are whole on disk before any takes its name; the lock takes it first, the package last. Raises OSError where a file cannot be written; then none was changed.

    A package without its lock would be stamped again with the same second by the next build, and Anki would ignore
    what changed in between; a lock without its package is made good by building again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        package_file, commit_package = stack.enter_context(prepared(path))
        write_package(package_file, deck)
        commit_package.sync()
        commits = []
        for text_path, text in texts.items():
            file, commit = stack.enter_context(prepared(text_path))
            file.write(text.encode())
            commit.sync()
            commits.append(commit)
        for commit in (*commits, commit_package):
            commit()
