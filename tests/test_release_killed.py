"""Test that a release that is killed at any moment is either not made, or is completed by the same command."""

import os
import subprocess

import pytest
from author import DAY, NOW, Author, released_author
from killer import killed_copies

IMPORTS = "from deckgen.release.make import release\nfrom deckgen.release.options import ReleaseOptions"
RELEASE = (
    f'release(ReleaseOptions(copy / "notes", "1.1.0", copy / "build", {NOW + 3 * DAY}), lambda what, done, total: None)'
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.proof)])
def test_a_killed_release_is_not_made_or_can_be_completed(tmp_path, step):
    """The release is killed at every moment, or at one in seven moments."""
    author = released_author(tmp_path / "author")
    author.write({"apple": "Green.", "bear": "Brown.", "eel": "Long."}, 2)
    before = written(author)
    states, moments = set(), 0
    for home, killed in killed_copies(author.home, IMPORTS, RELEASE, step):
        copy, moments = Author(home), moments + killed
        states.add(state(copy))
        made = '"1.1.0"' in (copy.deck / "deck.lock").read_text()
        assert made or written(copy) == before, f"{home.name}: an incomplete release"
        if killed and not made and not copy.git("status", "--porcelain"):
            continue
        if killed:
            copy.release("1.1.0", 4 if made else 3)
        assert_released(copy)
    assert moments > 20 / step, "killed at too few moments to prove anything"
    # The states: without the lock, with the lock, with all three files, with the folder, committed.
    assert len(states) >= (5 if step == 1 else 3), states


def written(author: Author) -> dict[str, bytes]:
    """All that a release writes: its files, the log and the tags of git."""
    folder = author.out / "test-deck-1.1.0"
    files = {name: (author.deck / name).read_bytes() for name in ("deck.lock", "deck.toml", "CHANGELOG.md")}
    return {
        **files,
        **({path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}),
        "log": author.git("log", "--format=%s").encode(),
        "tags": author.git("tag").encode(),
    }


def state(author: Author) -> tuple[bool, ...]:
    """Which steps of the release 1.1.0 are done, in their order."""
    return (
        '"1.1.0"' in (author.deck / "deck.lock").read_text(),
        'version = "1.1.0"' in author.toml(),
        "## 1.1.0" in (author.deck / "CHANGELOG.md").read_text(),
        (author.out / "test-deck-1.1.0").exists(),
        "1.1.0" in author.git("log", "--format=%s", "-1"),
        "test-deck-1.1.0" in author.git("tag"),
    )


def assert_released(author: Author) -> None:
    assert all(state(author)), state(author)
    assert author.git("status", "--porcelain") == "" and author.git("tag", "--points-at", "HEAD").split() == [
        "test-deck-1.1.0"
    ]
    assert not list(author.deck.glob(".*.tmp")) and not list(author.out.glob(".*.tmp"))
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=author.out / "test-deck-1.1.0", check=True)
