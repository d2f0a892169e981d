"""Test that a pull that is killed at any moment leaves complete files, and that the same pull and the next build then are right."""

import os
import shutil
from pathlib import Path

import pytest
from decks import PIXEL, build_in_process
from engine import collection
from killer import killed_copies, randomly_killed_copies
from pulling import DAY, NOW, Editing, edit, new_editing

from deckgen.identity.lock import load_lock

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
FILES = {
    "a.md": "# D\n\n## What is a query?\n\nA vector that asks.\n\n## What is a key?\n\nA vector that offers.\n",
    "b.md": "# D\n\n## What is a value?\n\nA vector that is mixed. ![p](p.png)\n",
    "p.png": PIXEL,
}
EDITS = (
    "edit What is a query? | Back | asks => looks for something",
    "edit What is a value? | Back | mixed => mixed and passed on",
    "add Q&A | Front=What is a head? | Back=One of several attentions.",
)
IMPORTS = "from deckgen.pull.known_versions import Bases\nfrom deckgen.pull.pull import PullOptions, pull"
PULL = (
    'options = PullOptions(str(copy / "editor"), Bases((), copy / "out"), %d)\n'
    'pull(copy / "notes", options, lambda _: True, lambda *_: None)' % (NOW + 2 * DAY)
)


@pytest.fixture
def home(tmp_path) -> Path:
    """A folder with a deck, its package, and a collection in which an editor changed two notes and made one."""
    editing = new_editing(tmp_path / "home", FILES)
    with collection(editing.editor) as col:
        for line in EDITS:
            edit(col, line)
    shutil.rmtree(editing.learner)
    return editing.folder


def written(folder: Path) -> dict[str, bytes]:
    """The path and the content of each file of the deck. Hidden files are for the time of a pull alone."""
    paths = (folder / "notes").rglob("[!.]*")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def check_copy(copy: Path, before: dict[str, bytes], after: dict[str, bytes], *, build_first: bool) -> None:
    """Each file is complete. After the same pull again, all are those of a pull that was not killed."""
    for name, content in written(copy).items():
        assert content in (before.get(name), after[name]), f"{copy.name}: {name}"
    editing = Editing(copy)
    if build_first:
        build_in_process(editing.deck, editing.out, NOW + 2 * DAY)
    result = editing.pull()
    assert result.returncode == 0, (copy.name, result.stderr)
    found = written(copy)
    if build_first:
        found["notes/deck.lock"] = after["notes/deck.lock"]
    assert found == after, copy.name
    assert not list(editing.deck.rglob(".*"))
    build_in_process(editing.deck, editing.out, NOW + 3 * DAY)
    guids = [entry.guid for entry in load_lock((editing.deck / "deck.lock").read_text(), "").notes]
    assert guids == [entry.guid for entry in load_lock(after["notes/deck.lock"].decode(), "").notes], copy.name


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.proof)])
@pytest.mark.parametrize("build_first", [False, True], ids=["pull", "build"])
def test_a_pull_can_be_killed_before_each_change_of_a_file(step, build_first, home, tmp_path):
    copies = list(killed_copies(home, IMPORTS, PULL, step))
    complete, killed = copies.pop()
    before, after = written(home), written(complete)
    assert not killed and before.keys() < after.keys() and len(copies) >= 12 / step
    for copy, _ in copies:
        check_copy(copy, before, after, build_first=build_first)


@pytest.mark.parametrize("count", [2, pytest.param(200, marks=pytest.mark.proof)])
def test_a_pull_can_be_killed_at_random_moments(count, home, tmp_path):
    kills, before = 0, written(home)
    for number, (copy, killed) in enumerate(randomly_killed_copies(home, IMPORTS, PULL, count, seed=11)):
        kills += killed
        check_copy(copy, before, written(tmp_path / "complete"), build_first=bool(number % 2))
        shutil.rmtree(copy)
    assert kills > count / 4, "killed too rarely to prove anything"
