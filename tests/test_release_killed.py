"""A release killed at any moment is not made, or the same command finishes it; never anything between."""

import os
import subprocess

import pytest
from desk import DAY, FIRST, NOW, Desk, new_desk
from killer import killed_copies

IMPORTS = "from deckgen.release.make import release\nfrom deckgen.release.options import ReleaseOptions"
RELEASE = (
    f'release(ReleaseOptions(copy / "notes", "1.1.0", copy / "build", {NOW + 3 * DAY}), lambda what, done, total: None)'
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.proof)])
def test_killed_at_every_moment(tmp_path, step):
    """At every moment, or at one in seven."""
    desk = new_desk(tmp_path / "desk")
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    desk.write({"apple": "Green.", "bear": "Brown.", "eel": "Long."}, 2)
    before = written(desk)
    states, moments = set(), 0
    for home, killed in killed_copies(desk.home, IMPORTS, RELEASE, step):
        copy, moments = Desk(home), moments + killed
        states.add(state(copy))
        made = '"1.1.0"' in (copy.deck / "deck.lock").read_text()
        assert made or written(copy) == before, f"{home.name}: half a release"
        if killed and not made and not copy.git("status", "--porcelain"):
            continue
        if killed:
            copy.release("1.1.0", 4 if made else 3)
        assert_released(copy)
    assert moments > 20 / step, "killed at too few moments to prove anything"
    # Before the lock; with the lock; with all three files; with the folder; committed.
    assert len(states) >= (5 if step == 1 else 3), states


def written(desk: Desk) -> dict[str, bytes]:
    """What a release changes, as it is."""
    folder = desk.out / "test-deck-1.1.0"
    beside = {name: (desk.deck / name).read_bytes() for name in ("deck.lock", "deck.toml", "CHANGELOG.md")}
    return {
        **beside,
        **({path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}),
        "log": desk.git("log", "--format=%s").encode(),
        "tags": desk.git("tag").encode(),
    }


def state(desk: Desk) -> tuple[bool, ...]:
    """Which of the things that a release does are done."""
    return (
        '"1.1.0"' in (desk.deck / "deck.lock").read_text(),
        'version = "1.1.0"' in desk.toml(),
        "## 1.1.0" in (desk.deck / "CHANGELOG.md").read_text(),
        (desk.out / "test-deck-1.1.0").exists(),
        "1.1.0" in desk.git("log", "--format=%s", "-1"),
        "test-deck-1.1.0" in desk.git("tag"),
    )


def assert_released(desk: Desk) -> None:
    assert all(state(desk)), state(desk)
    assert desk.git("status", "--porcelain") == "" and desk.git("tag", "--points-at", "HEAD").split() == [
        "test-deck-1.1.0"
    ]
    assert not list(desk.deck.glob(".*.tmp")) and not list(desk.out.glob(".*.tmp"))
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=desk.out / "test-deck-1.1.0", check=True)
