"""Test that a build names the notes that it adds, changes and retires, with the reasons."""

import json
import re
from pathlib import Path

import pytest
from decks import BOXES, DECK_TOML, PIXEL, build, run, write_deck
from locks import without_checksums

NOW = 1_700_000_000
PAGE = """---
tags: [x]
---

# Attention

## What is a query?

What a position asks for, $\\v$.

Source: a book

## What is a key?

What a position offers.

![p](p.png)

## What is a value?

![](figure:boxes)
"""
FILES = {"a.md": PAGE, "p.png": PIXEL, "figures/own.py": BOXES, "deck.toml": DECK_TOML + '[macros]\nv = "x"\n'}
QUERY, KEY, VALUE = "What is a query?", "What is a key?", "What is a value?"


@pytest.fixture
def deck(tmp_path) -> Path:
    folder = write_deck(tmp_path / "deck", FILES)
    build(folder, tmp_path / "out", NOW)
    return folder


def changed(deck: Path, files: dict[str, str | bytes], now: int = NOW + 1) -> dict[str, list[str]]:
    """Write these files and build. Return question → reasons of the changed notes."""
    summary = build(write_deck(deck, {"deck.toml": FILES["deck.toml"], **files}), deck.parent / "out", now)
    assert len(summary["changed_notes"]) == summary["changed"] and (
        summary["added_notes"],
        summary["retired_notes"],
    ) == ([], [])
    return {note["question"]: note["reasons"] for note in summary["changed_notes"]}


# Name of an edit → the edited files, and question → reasons of the notes that change.
EDITS = {
    "an answer": ({"a.md": PAGE.replace("offers", "has")}, {KEY: ["text"]}),
    "a question": ({"a.md": PAGE.replace("a key?", "the key?")}, {"What is the key?": ["text"]}),
    "a source": ({"a.md": PAGE.replace("a book", "two books")}, {QUERY: ["text"]}),
    "an option": ({"a.md": PAGE.replace("a key?", "a key? {.reversed}")}, {KEY: ["text"]}),
    "an id": ({"a.md": PAGE.replace("a key?", "a key? {#key}")}, {KEY: ["text"]}),
    "tags": ({"a.md": PAGE.replace("[x]", "[y]")}, {QUERY: ["tags"], KEY: ["tags"], VALUE: ["tags"]}),
    "a heading": (
        {"a.md": PAGE.replace("# Attention", "# Heads")},
        {name: ["section", "tags"] for name in (QUERY, KEY, VALUE)},
    ),
    "a picture": ({"p.png": PIXEL + b"more"}, {KEY: ["media"]}),
    "the code of a figure": ({"figures/own.py": BOXES.replace("#17825E", "#235FB8")}, {VALUE: ["figure"]}),
    "a macro": ({"deck.toml": FILES["deck.toml"].replace('"x"', '"y"')}, {QUERY: ["rendering"]}),
    "an answer and the picture in it": (
        {"a.md": PAGE.replace("offers", "has"), "p.png": PIXEL + b"more"},
        {KEY: ["text", "media"]},
    ),
    "the line ends of a paragraph": (
        {"a.md": PAGE.replace("What a position offers", "What  a\nposition offers")},
        {KEY: ["rendering"]},
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_gives_its_reasons(deck, edit):
    files, expected = EDITS[edit]
    assert changed(deck, files) == expected
    assert changed(deck, files, NOW + 2) == {}


def test_retired_notes_come_first_then_changed_then_added_notes(deck):
    write_deck(
        deck,
        {
            "deck.toml": FILES["deck.toml"],
            "a.md": PAGE.replace(PAGE[PAGE.index("## What is a query") : PAGE.index("## What is a key")], "").replace(
                "offers", "has"
            )
            + "\n## What is a head?\n\nOne of several.\n",
        },
    )
    text = run("build", "deck", cwd=deck.parent).stdout.splitlines()[1:]
    assert text[:-1] == [
        "retired  deck/a.md: What is a query?",
        "changed  deck/a.md:7: What is a key? (text)",
        "added    deck/a.md:17: What is a head?",
    ]
    assert text[-1].startswith("1 added, 1 changed, 1 unchanged, 1 retired, in ")
    write_deck(deck, {"deck.toml": FILES["deck.toml"], "a.md": PAGE})
    back = json.loads(run("build", "deck", "--json", cwd=deck.parent).stdout)
    assert [(note["question"], note["reasons"]) for note in back["added_notes"]] == [(QUERY, ["back"])]
    assert [(note["file"], note["line"]) for note in back["retired_notes"]] == [("deck/a.md", None)]


def test_a_changed_look_is_reported_for_its_note_type(deck):
    write_deck(deck, {"deck.toml": 'math = "mathml"\n' + FILES["deck.toml"]})
    result = run("build", "deck", "--out", "out", cwd=deck.parent)
    assert result.stdout.splitlines()[1:-1] == [
        "look     basic notes: templates or CSS",
        "changed  deck/a.md:7: What is a query? (rendering)",
    ]
    write_deck(deck, {"deck.toml": FILES["deck.toml"]})
    assert build(deck, deck.parent / "out", NOW + 2)["changed_notetypes"] == ["basic"]


def test_twenty_notes_are_named_unless_all_are_requested(tmp_path):
    deck = write_deck(
        tmp_path / "deck", {"a.md": "# D\n" + "".join(f"\n## Question {n}?\n\nAnswer {n}.\n" for n in range(25))}
    )
    lines = run("build", "deck", cwd=tmp_path).stdout.splitlines()
    assert len(lines) == 23 and lines[20:22] == [
        "added    deck/a.md:79: Question 19?",
        "and 5 more; --verbose shows all",
    ]
    (deck / "deck.lock").unlink()
    assert run("build", "deck", "--verbose", "--new-lock", cwd=tmp_path).stdout.count("added    deck/a.md:") == 25
    (deck / "deck.lock").unlink()
    assert len(build(deck, tmp_path / "out", NOW, "--new-lock")["added_notes"]) == 25
    (deck / "deck.lock").unlink()
    for options, named in (([], 20), (["--verbose"], 25), (["--json"], 25)):
        result = run("build", "deck", "--locked", "--new-lock", *options, cwd=tmp_path)
        assert result.returncode == 1 and result.stderr.count(": info: added: “Question ") == named
        assert ("20 of the 25 notes that differ are listed; --verbose lists all" in result.stderr) == (named == 20)


def test_locked_names_the_notes_that_differ_and_why(deck):
    moved = PAGE[PAGE.index("## What is a key") : PAGE.index("## What is a value")]
    write_deck(
        deck,
        {
            "deck.toml": FILES["deck.toml"],
            "a.md": PAGE.replace(moved, "").replace("asks for", "seeks"),
            "b.md": f"---\ntags: [x]\n---\n\n# Attention\n\n{moved}",
        },
    )
    before = (deck / "deck.lock").read_bytes()
    result = run("build", "deck", "--locked", cwd=deck.parent)
    assert (result.returncode, result.stdout) == (1, "") and (deck / "deck.lock").read_bytes() == before
    assert result.stderr.splitlines() == [
        "deck/a.md:7:1: info: changed: “What is a query?” (text) [lock-stale]",
        "deck/b.md:7:1: info: only the lock changes: “What is a key?” (file) [lock-stale]",
        "deck/deck.lock: error: the lock is not up to date: 0 added, 1 changed, 0 retired (run deckgen build, then commit the lock) [lock-stale]",
    ]
    annotations = run("build", "deck", "--locked", "--github", cwd=deck.parent).stdout
    assert "::notice file=deck/a.md,line=7,col=1::changed: “What is a query?” (text) [lock-stale]\n" in annotations


def test_locked_reports_another_order_of_the_notes(deck):
    moved = PAGE[PAGE.index("## What is a query") : PAGE.index("## What is a value")]
    write_deck(deck, {"deck.toml": FILES["deck.toml"], "a.md": PAGE.replace(moved, "") + "\n" + moved})
    result = run("build", "deck", "--locked", cwd=deck.parent)
    assert (
        result.returncode == 1
        and "0 retired; no note differs, but the order of the notes, the name of the deck or the format of the lock does ("
        in result.stderr
    )


def test_a_lock_without_inputs_gives_no_reasons_that_it_cannot_know(deck):
    """A lock of an older deckgen has no digests of the inputs of fields."""
    lock = deck / "deck.lock"
    lock.write_text(without_checksums(re.sub(r', "inputs": \{[^}]*\}', "", lock.read_text())))
    old = lock.read_text()
    stale = run("build", "deck", "--locked", cwd=deck.parent)
    assert stale.returncode == 1 and "the format of the lock" in stale.stderr and "“" not in stale.stderr
    assert changed(deck, {"a.md": PAGE.replace("[x]", "[y]").replace("offers", "has")}) == {
        QUERY: [],
        KEY: ["text"],
        VALUE: [],
    }
    lock.write_text(old)
    write_deck(deck, FILES)
    assert changed(deck, {}) == {} and '"inputs"' in lock.read_text()


@pytest.mark.parametrize("inputs", ["[]", '{"text": 1}', "null"])
def test_inputs_in_the_lock_must_be_reasons_with_digests(deck, inputs):
    lock = deck / "deck.lock"
    lock.write_text(re.sub(r'"inputs": \{[^}]*\}', f'"inputs": {inputs}', lock.read_text(), count=1))
    result = run("build", "deck", cwd=deck.parent)
    assert (
        result.returncode == 1
        and "deck.lock:5:1: error: not an entry of a lock (inputs are not reasons with digests)" in result.stderr
    )


def test_another_empty_line_does_not_change_the_lock(deck):
    """White space that does not change the fields does not change the digests."""
    lock = (deck / "deck.lock").read_text()
    assert changed(deck, {"a.md": PAGE.replace("\n\nWhat a position offers", "\n\n\nWhat a position offers")}) == {}
    assert (deck / "deck.lock").read_text() == lock
