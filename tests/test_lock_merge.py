"""The lock under real `git merge`: branches that each edit, add, retire and move notes merge where the notes do."""

import re
from pathlib import Path

import pytest
from decks import build, built_here, git, run, write_deck
from deckgen.identity.lock import State, load_lock

NOW = 1_700_000_000


def note(name: str, more: str = "") -> str:
    return f"## What is a {name}?\n\nA {name} is what the chapter on {name}s says of it, at some length, so that it is known again.{more}\n\n"


def page(*notes: str) -> str:
    return "# D\n\n" + "".join(notes)


FILES = {"a.md": page(*map(note, ("query", "key", "value", "head"))), "b.md": page(*map(note, ("mask", "layer", "block"))),
         ".gitattributes": "deck.lock merge=union\n"}


def branch(deck: Path, name: str, files: dict[str, str], now: int) -> None:
    git(deck, "checkout", "-q", "-b", name, "main")
    write_deck(deck, {"deck.toml": (deck / "deck.toml").read_text(), **files})
    built_here(deck, deck.parent / "out", now)
    git(deck, "add", "-A")
    git(deck, "commit", "-qm", name)


def merged(tmp_path: Path, left: dict[str, str], right: dict[str, str], attributes: bool = True) -> Path:
    """The deck after two branches changed the files, built, committed and were merged; nothing may conflict."""
    deck = write_deck(tmp_path / "deck", FILES if attributes else {k: v for k, v in FILES.items() if k != ".gitattributes"})
    git(deck, "init", "-q")
    built_here(deck, tmp_path / "out", NOW)
    git(deck, "add", "-A")
    git(deck, "commit", "-qm", "first")
    branch(deck, "left", left, NOW + 10)
    branch(deck, "right", right, NOW + 20)
    git(deck, "merge", "-q", "--no-edit", "left")
    return deck


def edited(file: str, *names: str) -> dict[str, str]:
    text = FILES[file]
    for name in names:
        text = text.replace(note(name), note(name, " And more."))
    return {file: text}


def without(file: str, name: str) -> dict[str, str]:
    return {file: FILES[file].replace(note(name), "")}


CASES = {
    "neighbours edited": (edited("a.md", "query"), edited("a.md", "key"), True),
    "every other one edited": (edited("a.md", "query", "value"), edited("a.md", "key", "head"), True),
    "an edit, and a note put above it": (edited("a.md", "key"), {"a.md": FILES["a.md"].replace(note("query"), note("query") + note("score"))}, True),
    "a note added in each file": ({"a.md": FILES["a.md"] + note("score")}, {"b.md": page(note("token")) + FILES["b.md"].removeprefix("# D\n\n")}, False),
    "a file added by each": ({"c.md": page(note("score"), note("token"))}, {"d.md": page(note("model"))}, False),
    "each retires one": (without("a.md", "head"), without("b.md", "block"), True),
    "one retires, the other edits its neighbour": (without("b.md", "mask"), edited("b.md", "block"), True),
    "one moves a note, the other edits another": ({**without("a.md", "value"), "c.md": page(note("value"))}, edited("a.md", "query"), True),
}


@pytest.mark.parametrize("left, right, plain", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("attributes", [True, False], ids=["union", "plain"])
def test_branches_merge(tmp_path, left, right, plain, attributes):
    if not attributes and not plain:
        pytest.skip("two insertions into one place: that is what .gitattributes is for")
    deck = merged(tmp_path, left, right, attributes)
    lock = deck / "deck.lock"
    entries = load_lock(lock.read_text(), str(lock)).notes
    summary = built_here(deck, tmp_path / "out", NOW + 30)
    assert (summary.added, summary.changed, summary.retired) == (0, 0, 0), "both branches' guids and times are in the lock"
    assert {entry.guid for entry in load_lock(lock.read_text(), str(lock)).notes} == {entry.guid for entry in entries}
    assert built_here(deck, tmp_path / "out", NOW + 40, locked=True).unchanged == summary.notes


def test_a_note_edited_by_both_is_a_problem_that_says_what_to_do(tmp_path):
    """Question by one, answer by the other: git merges the notes; of the lock's two states either will do."""
    long = "\n\n".join(f"Paragraph {n} of the answer." for n in range(6))
    FILES_ = {"a.md": page(note("query"), f"## What is a key?\n\n{long}\n\n", note("value"))}
    deck = write_deck(tmp_path / "deck", {**FILES, **FILES_})
    git(deck, "init", "-q")
    built_here(deck, tmp_path / "out", NOW)
    git(deck, "add", "-A")
    git(deck, "commit", "-qm", "first")
    branch(deck, "left", {"a.md": FILES_["a.md"].replace("What is a key?", "What, then, is a key?")}, NOW + 10)
    branch(deck, "right", {"a.md": FILES_["a.md"].replace("Paragraph 5", "The last paragraph")}, NOW + 20)
    git(deck, "merge", "-q", "--no-edit", "left")
    result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW + 30)
    assert result.returncode == 1
    place, _, message = result.stderr.partition(": error: ")
    assert message == "a second state of the note above (keep either line; the next build corrects it)\n"
    lines = (deck / "deck.lock").read_text().split("\n")
    del lines[int(place.split(":")[1]) - 1]
    (deck / "deck.lock").write_text("\n".join(lines))
    summary = build(deck, tmp_path / "out", NOW + 30)
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 1, 0)



@pytest.mark.parametrize("change, message", [
    (lambda text: text.replace('{"guid"', '<<<<<<< HEAD\n{"guid"', 1), "4:1: error: the lock holds a merge conflict (keep the lines"),
    (lambda text: text[:-40], "error: the line is not JSON: "),
    (lambda text: "\n".join(text.split("\n")[:12]) + "\n", "deck.lock:11:1: error: the lock is cut short: its last line is missing (restore"),
    (lambda text: text.replace('"deckgen-lock": 2', '"deckgen-lock": 9'), "1:1: error: not a lock that this deckgen can read: 9 (it reads versions up to 2)"),
    (lambda text: text.replace('"deckgen-lock": 2', '"deckgen-lock": "end"'), "not a lock that this deckgen can read: 'end'"),
    (lambda text: text + text[text.index('{"guid"'):], "stands twice (remove the one that the notes no longer match)"),
    (lambda text: "\n".join(line for n, line in enumerate(text.split("\n")) if n != 4), "the second line of this note is missing"),
    (lambda text: re.sub(r'"mod": (\d+), "state"', r'"mod": "\1", "state"', text), "not an entry of a lock (no mod)"),
    (lambda text: "[]\n" + text, "1:1: error: the line is not a JSON object"),
], ids=["conflict markers", "truncated", "truncated at a line's end", "another version", "the end for a beginning", "a guid twice", "half a note", "a text for a number", "no object"])
def test_a_broken_lock_is_a_clear_problem(tmp_path, change, message):
    deck = write_deck(tmp_path / "deck", FILES)
    built_here(deck, tmp_path / "out", NOW)
    lock = deck / "deck.lock"
    lock.write_text(change(lock.read_text()))
    before = lock.read_bytes()
    result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW)
    assert result.returncode == 1 and message in result.stderr and "Traceback" not in result.stderr
    assert lock.read_bytes() == before, "a lock that cannot be read is left alone"


def test_retired_notes_stay_where_they_stood(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    built_here(deck, tmp_path / "out", NOW)
    order = [entry.guid for entry in load_lock((deck / "deck.lock").read_text(), "").notes]
    write_deck(deck, {**without("a.md", "query"), **without("b.md", "layer")})
    built_here(deck, tmp_path / "out", NOW + 1)
    notes = load_lock((deck / "deck.lock").read_text(), "").notes
    assert [entry.guid for entry in notes] == order
    assert [n for n, entry in enumerate(notes) if entry.state is State.RETIRED] == [0, 5]


def test_locks_with_one_line_a_note_are_read(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    built_here(deck, tmp_path / "out", NOW)
    text = (deck / "deck.lock").read_text()
    head, *notes, _ = text.split("\n\n")
    (deck / "deck.lock").write_text(head.replace('"deckgen-lock": 2', '"deckgen-lock": 1') + "\n" + "\n".join(note.replace("}\n{", ", ") for note in notes))
    assert build(deck, tmp_path / "out", NOW + 1)["unchanged"] == 7
    assert (deck / "deck.lock").read_text() == text
