"""A release killed at any moment is not made, or the same command finishes it; never anything between."""

import os
import subprocess
import sys

import pytest
from desk import DAY, FIRST, NOW, Desk, new_desk

# Forks from a process that has everything imported, a copy of the repository a moment; each child releases, and is killed when it is
# about to do the n-th thing that changes anything in its copy. Prints the moments at which one was killed.
KILLER = """
import os, shutil, signal, sys
from pathlib import Path
from deckgen.release.make import release
from deckgen.release.order import Order

home, now = Path(sys.argv[1]), int(sys.argv[2])
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir")

def changes(event, args, copy):
    if event == "subprocess.Popen":
        return {"add", "commit", "tag"} & set(args[1])
    if event != "open" and event not in CHANGES or not str(args[0]).startswith(str(copy)):
        return False
    return event != "open" or args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)

def die_at(moment, copy):
    left = [moment]
    def hook(event, args):
        if changes(event, args, copy):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

for moment in range(1, 200):
    copy = home.with_name(f"copy-{moment}")
    shutil.copytree(home, copy)
    child = os.fork()
    if child == 0:
        die_at(moment, copy)
        release(Order(copy / "notes", "1.1.0", copy / "build", now), lambda what, done, total: None)
        os._exit(0)
    if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        break
    print(moment, flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_killed_at_every_moment(tmp_path):
    desk = new_desk(tmp_path / "desk")
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    desk.write({"apple": "Green.", "bear": "Brown.", "eel": "Long."}, 2)
    before = written(desk)
    result = subprocess.run([sys.executable, "-c", KILLER, str(desk.home), str(NOW + 3 * DAY)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    moments = [int(line) for line in result.stdout.split()]
    assert len(moments) > 20, "killed at too few moments to prove anything"
    states = set()
    for moment in moments:
        copy = Desk(tmp_path / f"copy-{moment}")
        states.add(state(copy))
        made = '"1.1.0"' in (copy.deck / "deck.lock").read_text()
        assert made or written(copy) == before, f"killed at {moment}: half a release"
        if made or copy.git("status", "--porcelain"):
            copy.release("1.1.0", 4 if made else 3)
            assert_released(copy)
    assert_released(Desk(tmp_path / f"copy-{moments[-1] + 1}"))
    # Before the lock; with the lock; with all three files; with the folder; committed.
    assert len(states) >= 5, states


def written(desk: Desk) -> dict[str, bytes]:
    """What a release changes, as it is."""
    folder = desk.out / "test-deck-1.1.0"
    beside = {name: (desk.deck / name).read_bytes() for name in ("deck.lock", "deck.toml", "CHANGELOG.md")}
    return {**beside, **({path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}),
            "log": desk.git("log", "--format=%s").encode(), "tags": desk.git("tag").encode()}


def state(desk: Desk) -> tuple[bool, ...]:
    """Which of the things that a release does are done."""
    return ('"1.1.0"' in (desk.deck / "deck.lock").read_text(), 'version = "1.1.0"' in desk.toml(),
            "## 1.1.0" in (desk.deck / "CHANGELOG.md").read_text(), (desk.out / "test-deck-1.1.0").exists(),
            "1.1.0" in desk.git("log", "--format=%s", "-1"), "test-deck-1.1.0" in desk.git("tag"))


def assert_released(desk: Desk) -> None:
    assert all(state(desk)), state(desk)
    assert desk.git("status", "--porcelain") == "" and desk.git("tag", "--points-at", "HEAD").split() == ["test-deck-1.1.0"]
    assert not list(desk.deck.glob(".*.tmp")) and not list(desk.out.glob(".*.tmp"))
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=desk.out / "test-deck-1.1.0", check=True)
