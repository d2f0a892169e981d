"""Commands on a deck in a read-only folder: each names the file that it cannot write, and changes nothing. `test_disk_full.py` tests builds."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from author import FIRST, released_author
from decks import BOXES, build, package_of, run, write_deck
from engine import collection, import_package
from pulling import DAY, NOW, edit

pytestmark = [pytest.mark.proof, pytest.mark.skipif(os.name == "nt", reason="folders are never read-only")]
NOTES = "# Deck\n\n## What is a query?\n\nWhat a position asks for.\n\n## Which boxes?\n\n![](figure:boxes)\n"


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder read-only in the block: for root by a mount, because permissions do not concern root, and else by permissions."""
    root = os.geteuid() == 0
    before, after = (
        ((["mount", "--bind", folder, folder], ["mount", "-o", "remount,bind,ro", folder]), ["umount", folder])
        if root
        else ((["chmod", "-R", "a-w", folder],), ["chmod", "-R", "u+w", folder])
    )
    for command in before:
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip("cannot make a folder read-only here")
    try:
        yield
    finally:
        subprocess.run(after, check=True)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(result: subprocess.CompletedProcess, file: str) -> bool:
    """Whether a command ended with one problem, which names the file by a pattern."""
    pattern = rf"[^\n]*/{file}: error: (Read-only file system|Permission denied)[^\n]*\n"
    return result.returncode == 1 and re.fullmatch(pattern, result.stderr) is not None


def test_commands_on_a_read_only_deck_name_the_file_and_change_nothing(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES, "figures/boxes.py": BOXES})
    package = package_of(build(deck, tmp_path / "out", NOW))
    with collection(tmp_path / "editor") as col:
        import_package(col, package)
        edit(col, "edit What is a query? | Back | asks for => is asking for")
    (deck / "a.md").write_text(NOTES.replace("![](figure:boxes)", "Two."))
    before = files(deck)
    options = ("--out", tmp_path / "out")
    with read_only(deck):
        results = {
            r"deck\.lock": [run("build", deck, *options, now=NOW + DAY)],
            r"a\.md": [run("pull", deck, "--from", tmp_path / "editor", *options, now=NOW + 2 * DAY)],
            r"figures/frozen/boxes-\w+\.(json|webp)": [run("figures", deck, "--prune")],
            "site": [run("preview", deck, "--out", deck / "site")],
            r"page\.html": [run("stats", deck, "--html", deck / "page.html")],
        }
        assert run("check", deck).returncode == 0
    for file, found in results.items():
        assert all(refused(result, file) for result in found), found
    assert files(deck) == before


def test_a_picture_that_cannot_be_frozen_names_its_folder(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES, "figures/boxes.py": BOXES})
    before = files(deck)
    with read_only(deck):
        results = [run("build", deck, "--out", tmp_path / "out", now=NOW), run("figures", deck)]
    assert all(refused(result, "figures/frozen") for result in results), results
    assert files(deck) == before and not (tmp_path / "out").exists()


def test_a_release_of_a_read_only_deck_names_the_file_and_leaves_no_folder(tmp_path):
    author = released_author(tmp_path / "author")
    author.write({**FIRST, "eel": "Long."}, 2)
    author.out.rename(tmp_path / "out")
    last = tmp_path / "out" / "test-deck-1.0.0"
    before = files(author.home)
    arguments = ("release", author.deck, "1.1.0", "--out", tmp_path / "new", "--after", last)
    with read_only(author.home):
        result = run(*arguments, now=int(NOW + 3 * DAY))
    assert refused(result, r"(CHANGELOG\.md|deck\.lock|deck\.toml)"), result.stderr
    assert files(author.home) == before and not list((tmp_path / "new").glob("*"))
    assert run(*arguments, now=int(NOW + 3 * DAY)).returncode == 0
