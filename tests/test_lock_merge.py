"""Test the lock with real `git merge`: if the note files of two branches merge, the lock merges too."""

import re
from pathlib import Path

import pytest
from decks import build, build_in_process, git, run, write_deck
from locks import without_checksums
from msgspec.structs import replace

from deckgen.identity.lock import LockEntry, State, load_lock
from deckgen.identity.states import newest_state

NOW = 1_700_000_000


def note(name: str, more: str = "") -> str:
    return f"## What is a {name}?\n\nA {name} is what the chapter on {name}s says of it, at some length, so that it is known again.{more}\n\n"


def page(*notes: str) -> str:
    return "# D\n\n" + "".join(notes)


FILES = {
    "a.md": page(*map(note, ("query", "key", "value", "head"))),
    "b.md": page(*map(note, ("mask", "layer", "block"))),
    ".gitattributes": "deck.lock merge=union\n",
}


def branch(deck: Path, name: str, files: dict[str, str], now: int) -> None:
    git(deck, "checkout", "-q", "-b", name, "main")
    write_deck(deck, {"deck.toml": (deck / "deck.toml").read_text(), **files})
    build_in_process(deck, deck.parent / "out", now)
    git(deck, "add", "-A")
    git(deck, "commit", "-qm", name)


def merged(tmp_path: Path, left: dict[str, str], right: dict[str, str], attributes: bool = True) -> Path:
    """Change the files in two branches, build and commit in each, and merge them without a conflict. Return the deck."""
    deck = write_deck(
        tmp_path / "deck", FILES if attributes else {k: v for k, v in FILES.items() if k != ".gitattributes"}
    )
    git(deck, "init", "-q")
    build_in_process(deck, tmp_path / "out", NOW)
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


# Name of a case → the files that each branch changes, and whether git merges the lock without .gitattributes.
CASES = {
    "neighbours edited": (edited("a.md", "query"), edited("a.md", "key"), True),
    "every other one edited": (edited("a.md", "query", "value"), edited("a.md", "key", "head"), True),
    "an edit, and a note put above it": (
        edited("a.md", "key"),
        {"a.md": FILES["a.md"].replace(note("query"), note("query") + note("score"))},
        True,
    ),
    "a note added in each file": (
        {"a.md": FILES["a.md"] + note("score")},
        {"b.md": page(note("token")) + FILES["b.md"].removeprefix("# D\n\n")},
        False,
    ),
    "a file added by each": ({"c.md": page(note("score"), note("token"))}, {"d.md": page(note("model"))}, False),
    "each retires one": (without("a.md", "head"), without("b.md", "block"), True),
    "one retires, the other edits its neighbour": (without("b.md", "mask"), edited("b.md", "block"), True),
    "one moves a note, the other edits another": (
        {**without("a.md", "value"), "c.md": page(note("value"))},
        edited("a.md", "query"),
        True,
    ),
}


@pytest.mark.parametrize("left, right, plain", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("attributes", [True, False], ids=["union", "plain"])
def test_two_branches_merge_without_a_conflict(tmp_path, left, right, plain, attributes):
    if not attributes and not plain:
        pytest.skip("both branches insert at one place: this needs .gitattributes")
    deck = merged(tmp_path, left, right, attributes)
    lock = deck / "deck.lock"
    entries = load_lock(lock.read_text(), str(lock)).notes
    summary = build_in_process(deck, tmp_path / "out", NOW + 30)
    assert (summary.added, summary.changed, summary.retired) == (0, 0, 0), (
        "the lock has the guids and times of both branches"
    )
    assert {entry.guid for entry in load_lock(lock.read_text(), str(lock)).notes} == {entry.guid for entry in entries}
    assert build_in_process(deck, tmp_path / "out", NOW + 40, locked=True).unchanged == summary.notes


LONG = "\n\n".join(f"Paragraph {n} of the answer." for n in range(6))
BOTH = {"a.md": page(note("query"), f"## What is a key?\n\n{LONG}\n\n", note("value"))}


def diverged(tmp_path: Path, left: dict[str, str], right: dict[str, str], *, attributes: bool) -> Path:
    """The deck on the branch `right`, before it is merged with `left`."""
    deck = write_deck(
        tmp_path / "deck",
        {name: text for name, text in {**FILES, **BOTH}.items() if attributes or name != ".gitattributes"},
    )
    git(deck, "init", "-q")
    build_in_process(deck, tmp_path / "out", NOW)
    git(deck, "add", "-A")
    git(deck, "commit", "-qm", "first")
    branch(deck, "left", left, NOW + 10)
    branch(deck, "right", right, NOW + 20)
    return deck


def test_the_next_build_merges_two_states_of_a_note(tmp_path):
    """One branch edits the question and the other the answer. git merges the note file, and keeps both states in the lock."""
    deck = diverged(
        tmp_path,
        {"a.md": BOTH["a.md"].replace("What is a key?", "Wherefore keys?")},
        {"a.md": BOTH["a.md"].replace("Paragraph 5", "The last paragraph")},
        attributes=True,
    )
    guids = guids_of(deck)
    git(deck, "merge", "-q", "--no-edit", "left")
    assert (deck / "deck.lock").read_text().count('"state"') == len(guids) + 1
    summary = build(deck, tmp_path / "out", NOW + 30)
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 1, 0)
    assert guids_of(deck) == guids and (deck / "deck.lock").read_text().count('"state"') == len(guids)
    key = next(entry for entry in entries_of(deck) if entry.question == "Wherefore keys?")
    assert key.mod == NOW + 30, "later than what either branch built"


def guids_of(deck: Path) -> list[str]:
    return [entry.guid for entry in entries_of(deck)]


def entries_of(deck: Path):
    return load_lock((deck / "deck.lock").read_text(), "deck.lock").notes


def without_markers(lock: Path) -> None:
    """Follow the hint: delete the lines with the marks, and keep the lines of both sides."""
    lines = lock.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not re.match(r"<{7}|={7}|>{7}|\|{7}", line)]
    assert len(kept) < len(lines), "no conflict"
    lock.write_text("".join(kept))


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_a_conflict_in_the_lock_is_resolved_by_following_its_hint(tmp_path, style):
    """Both branches edit one note, and each adds a file with a note."""
    left = {"a.md": BOTH["a.md"].replace("What is a key?", "Wherefore keys?"), "c.md": page(note("score"))}
    right = {"a.md": BOTH["a.md"].replace("Paragraph 5", "The last paragraph"), "d.md": page(note("token"))}
    deck = diverged(tmp_path, left, right, attributes=False)
    git(deck, "-c", f"merge.conflictStyle={style}", "merge", "-q", "--no-edit", "left", ok=False)
    result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW + 30)
    assert (
        "the lock has the marks of a merge conflict (keep the lines of both sides and delete the lines with the marks; the next build merges lines that occur twice)"
        in result.stderr
    )
    lock = deck / "deck.lock"
    known = {line for line in lock.read_text().splitlines() if line.startswith('{"guid"')}
    without_markers(lock)
    summary = build(deck, tmp_path / "out", NOW + 30)
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 1, 0)
    assert {line for line in lock.read_text().splitlines() if line.startswith('{"guid"')} == known
    assert build_in_process(deck, tmp_path / "out", NOW + 40, locked=True).unchanged == 8


def test_the_rows_of_both_branches_are_merged(tmp_path):
    """The other branch has an older version of the lock, another name of the deck and another look, and the same release."""
    deck = write_deck(tmp_path / "deck", FILES)
    build_in_process(deck, tmp_path / "out", NOW)
    lock = deck / "deck.lock"
    head, _, notes = without_checksums(lock.read_text()).partition("\n\n")
    release = '{"release": "0.9.0", "time": 1600000000, "sha256": "ab"}'
    version, made, basic = head.splitlines()
    other = basic.replace(str(NOW), str(NOW - 5)).replace('"digest": "', '"digest": "0')
    theirs = ['{"deckgen-lock": 2}', made.replace("Test Deck", "Another name"), other, release]
    lock.write_text("\n".join([version, made, basic, release, *theirs]) + "\n\n" + notes)
    summary = build(deck, tmp_path / "out", NOW + 9)
    assert (summary["added"], summary["changed"], summary["unchanged"]) == (0, 0, 7)
    assert without_checksums(lock.read_text()) == f"{head}\n{release}\n\n{notes}"


@pytest.mark.parametrize(
    "line, message",
    [
        (
            '{"release": "0.9.0", "time": 1600000000, "sha256": "cd"}',
            "the release 0.9.0 occurs twice, with two checksums (keep the line",
        ),
        (
            '{"deck": "another", "name": "Test Deck"}',
            "the lock has the ids of two decks (keep the line with the id of deck.toml)",
        ),
        ('{"deckgen-lock": 5}', "this deckgen cannot read a lock of version 5"),
        ('{"deck": "0123456789abcdef"}', "not an entry of a lock"),
        ('{"deck": "0123456789abcdef", "name": 1}', "not an entry of a lock (no id and name of a deck)"),
    ],
)
def test_rows_that_contradict_each_other_are_an_error(tmp_path, line, message):
    deck = write_deck(tmp_path / "deck", FILES)
    build_in_process(deck, tmp_path / "out", NOW)
    lock = deck / "deck.lock"
    head, _, notes = lock.read_text().partition("\n\n")
    lock.write_text(f'{head}\n{{"release": "0.9.0", "time": 1600000000, "sha256": "ab"}}\n{line}\n\n{notes}')
    result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW)
    assert (
        result.returncode == 1 and result.stderr.startswith("deck/deck.lock:5:1: error: ") and message in result.stderr
    )


def test_two_states_with_the_same_time_have_no_digest_of_fields():
    """It is not known which of them a learner has, so the next build gives the note a new time."""
    one, other = (
        LockEntry("g", "basic", None, "a.md", "Q", "q", "a", "", fields, 5, State.ACTIVE)
        for fields in ("left", "right")
    )
    assert newest_state([one, other]).fields == "" and newest_state([one, one]) == one
    assert newest_state([replace(one, state=State.RETIRED), replace(one, mod=6)]).fields == ""


def test_parts_with_the_same_number_in_two_states_get_different_numbers():
    one = LockEntry("g", "occlusion", None, "a.md", "Q", "q", "a", "", "f", 5, State.ACTIVE, {"upper": 1, "left": 2})
    other = replace(one, mod=6, parts={"upper": 1, "right": 2, "lower": 3})
    assert newest_state([one, other]).parts == {"upper": 1, "right": 2, "lower": 3, "left": 4}


@pytest.mark.parametrize(
    "change, message",
    [
        (
            lambda text: text.replace('{"guid"', '<<<<<<< HEAD\n{"guid"', 1),
            "5:1: error: the lock has the marks of a merge conflict (keep the lines",
        ),
        (lambda text: text[:-40], "error: the line is not JSON: "),
        (
            lambda text: "\n".join(text.split("\n")[:13]) + "\n",
            "deck.lock:12:1: error: the lock is incomplete: its last line is missing (restore",
        ),
        (
            lambda text: text.replace('"deckgen-lock": 4', '"deckgen-lock": 9'),
            "1:1: error: this deckgen cannot read a lock of version 9 (it reads versions up to 4; use a newer deckgen)",
        ),
        (
            lambda text: text.replace('"deckgen-lock": 4', '"deckgen-lock": "end"'),
            "the first line has no version of a lock: 'end'",
        ),
        (
            lambda text: (
                (text := without_checksums(text)) + text[text.index('{"guid"') :].replace('"basic"', '"cloze"')
            ),
            "occurs twice, for notes of two kinds (remove the note that is no longer in the note files)",
        ),
        (
            lambda text: "\n".join(line for n, line in enumerate(text.split("\n")) if n != 5),
            "the second line of this note is missing",
        ),
        (
            lambda text: "\n".join(line for n, line in enumerate(text.split("\n")) if n != 7),
            "8:1: error: the first line of this note is missing (restore",
        ),
        (
            lambda text: re.sub(r'"mod": (\d+), "state"', r'"mod": "\1", "state"', text),
            "not an entry of a lock (mod is not a time in seconds)",
        ),
        (lambda text: "[]\n" + text, "1:1: error: the line is not a JSON object"),
    ],
    ids=[
        "conflict markers",
        "truncated",
        "truncated at a line's end",
        "another version",
        "the end for a beginning",
        "a guid twice",
        "half a note",
        "the other half",
        "a text for a number",
        "no object",
    ],
)
def test_a_damaged_lock_is_an_error_at_its_line(tmp_path, change, message):
    deck = write_deck(tmp_path / "deck", FILES)
    build_in_process(deck, tmp_path / "out", NOW)
    lock = deck / "deck.lock"
    lock.write_text(change(lock.read_text()))
    before = lock.read_bytes()
    result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW)
    assert result.returncode == 1 and message in result.stderr and "Traceback" not in result.stderr
    assert lock.read_bytes() == before, "a lock that cannot be read is not changed"


def test_retired_notes_keep_their_places_in_the_lock(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    build_in_process(deck, tmp_path / "out", NOW)
    order = [entry.guid for entry in load_lock((deck / "deck.lock").read_text(), "").notes]
    write_deck(deck, {**without("a.md", "query"), **without("b.md", "layer")})
    build_in_process(deck, tmp_path / "out", NOW + 1)
    notes = load_lock((deck / "deck.lock").read_text(), "").notes
    assert [entry.guid for entry in notes] == order
    assert [n for n, entry in enumerate(notes) if entry.state is State.RETIRED] == [0, 5]


def test_locks_of_version_1_are_read(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    build_in_process(deck, tmp_path / "out", NOW)
    text = (deck / "deck.lock").read_text()
    head, *notes, _ = without_checksums(text).split("\n\n")
    _, _, basic = head.splitlines()
    (deck / "deck.lock").write_text(
        '{"deckgen-lock": 1}\n' + basic + "\n" + "\n".join(note.replace("}\n{", ", ") for note in notes)
    )
    assert build(deck, tmp_path / "out", NOW + 1)["unchanged"] == 7
    assert (deck / "deck.lock").read_text() == text
