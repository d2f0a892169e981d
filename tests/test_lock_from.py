"""`deckgen lock from` restores the lock of a deck from its packages. Anki's engine tests the result."""

from pathlib import Path

import pytest
from author import FIRST, new_author
from decks import BOXES, DECK_TOML, build, package_of, run, write_deck
from engine import collection, import_package, schedules, study

from deckgen.identity.lock import Lock, State, load_lock

NOW = 1_700_000_000
NOTES = {
    "a.md": "# Attention\n\n## What is a query?\n\nWhat a position asks for.\n\n## What is a key? {.reversed}\n\nWhat a position offers.\n\n"
    "## Is it *linear*?\n\nYes.\n\n## Is it learned? {#learned}\n\nYes.\n",
    "b.md": "# Masks\n\n## What is a mask?\n\nIt hides {{c1::padding}} and {{c2::the future}}.\n\n## What is it for?\n\nSource: none\n\nSee $x < y$ & `a`.\n",
    "c.md": "# Other\n\n## What is it for?\n\nSomething else.\n",
}


def lost(tmp_path: Path, files: dict) -> tuple[Path, Path]:
    """Build a deck, delete its lock, and return the deck and its package."""
    deck = write_deck(tmp_path / "deck", files)
    package = package_of(build(deck, tmp_path / "first", NOW))
    (deck / "deck.lock").rename(tmp_path / "old.lock")
    return deck, package


def restored(tmp_path: Path, *packages: Path, status: int = 0):
    result = run("lock", "from", *packages, "deck", cwd=tmp_path)
    assert result.returncode == status, result.stderr
    return result


def entries(path: Path):
    return load_lock(path.read_text(), "deck.lock").notes


def test_the_restored_lock_equals_the_lost_one(tmp_path):
    deck, package = lost(tmp_path, NOTES)
    result = restored(tmp_path, package)
    assert (
        result.stdout
        == "deck/deck.lock written: 7 notes matched, 0 of them changed since, 0 new, 0 retired, 0 in doubt\n"
    )
    assert (deck / "deck.lock").read_text() == (tmp_path / "old.lock").read_text()
    assert package_of(build(deck, tmp_path / "out", NOW + 99)).read_bytes() == package.read_bytes()


def test_an_import_after_a_restore_updates_only_changed_notes(tmp_path):
    """Before and after the loss, a question is edited, an answer is edited, a note is moved, one is added and one is removed."""
    deck, package = lost(tmp_path, NOTES)
    with collection(tmp_path / "learner") as col:
        import_package(col, package)
        study(col, 6)
        before = schedules(col)
        write_deck(
            deck,
            {
                "deck.toml": (deck / "deck.toml").read_text(),
                "a.md": NOTES["a.md"]
                .replace("What is a query?", "What, then, is the query?")
                .replace("offers.", "offers to the others."),
                "b.md": NOTES["b.md"].partition("## What is it for")[0]
                + "## Why minus infinity?\n\nSo that the weight is zero.\n",
                "d.md": "# Other\n\n## What is it for?\n\nSomething else.\n",
            },
        )
        (deck / "c.md").unlink()
        result = restored(tmp_path, package)
        assert (
            "new, not in the package: deck/b.md:7: Why minus infinity?\n" in result.stdout
            and "retired, not in the files: " in result.stdout
        )
        assert result.stdout.endswith("6 notes matched, 2 of them changed since, 1 new, 1 retired, 0 in doubt\n")
        summary = build(deck, tmp_path / "out", NOW + 99)
        assert (summary["added"], summary["changed"], summary["unchanged"], summary["retired"]) == (1, 2, 4, 0)
        imported = import_package(col, package_of(summary))
        assert (imported.new, imported.updated, imported.duplicate, imported.conflicting) == (1, 2, 4, 0)
        after = schedules(col)
        assert all(after[card] == schedule for card, schedule in before.items())
        again = import_package(col, package_of(build(deck, tmp_path / "out", NOW + 199)))
        assert (again.new, again.updated) == (0, 0)
    assert {entry.guid for entry in entries(deck / "deck.lock")} > {
        entry.guid for entry in entries(tmp_path / "old.lock")
    }


def test_image_occlusion_cards_keep_their_numbers(tmp_path):
    """A new part gets the next number, even if it is the first one. The number of a removed part is not used again."""
    picture = "# D\n\n## Which box?\n\n![](figure:boxes){.occlude}\n\n**Below** it.\n"
    deck = write_deck(tmp_path / "deck", {"a.md": picture, "figures/b.py": BOXES})
    build(deck, tmp_path / "first", NOW)
    (deck / "figures" / "b.py").write_text(
        BOXES.replace("# parts", "# parts")
        .replace("    box(0.5", '    box(3, 1, "added")\n    box(0.5')
        .replace('    box(2, 0.25, "lower")\n', "")
    )
    package = package_of(build(deck, tmp_path / "first", NOW + 1))
    old = entries(deck / "deck.lock")
    assert old[0].parts == {"upper": 1, "lower": 2, "added": 3}
    (deck / "deck.lock").unlink()
    restored(tmp_path, package)
    assert entries(deck / "deck.lock")[0].parts == {"upper": 1, "added": 3}
    assert package_of(build(deck, tmp_path / "out", NOW + 99)).read_bytes() == package.read_bytes()


def test_unmatched_image_occlusion_cards_are_reported(tmp_path):
    picture = "# D\n\n## Which box?\n\n![](figure:boxes){.occlude}\n\n**Below** it.\n"
    deck, package = lost(tmp_path, {"a.md": picture, "figures/b.py": BOXES})
    (deck / "figures" / "b.py").write_text(BOXES.replace("box(2, 0.25", "box(2, 0.5"))
    result = restored(tmp_path, package)
    assert "cards of a picture that were not found in the package and get new numbers: deck/a.md:3\n" in result.stdout
    assert entries(deck / "deck.lock")[0].parts == {"upper": 1, "?2": 2}
    build(deck, tmp_path / "out", NOW + 9)
    assert entries(deck / "deck.lock")[0].parts == {"upper": 1, "?2": 2, "lower": 3}, "no number is given twice"


def test_an_ambiguous_note_is_reported(tmp_path):
    deck, package = lost(tmp_path, NOTES)
    (deck / "a.md").write_text(
        NOTES["a.md"].replace(
            "## What is a query?\n\nWhat a position asks for.",
            "## What is a query here?\n\nNothing of what was written about it before remains.",
        )
    )
    result = restored(tmp_path, package, status=1)
    guid = next(entry.guid for entry in entries(tmp_path / "old.lock") if entry.question == "What is a query?")
    assert result.stderr == (
        "deck/a.md:3:1: error: is “What is a query here?” a new note, or “What is a query?” of the package, edited? "
        f"(deckgen lock same {guid} deck/a.md:3 or: deckgen lock new deck/a.md:3) [identity-doubt]\n"
    )
    assert run("lock", "same", guid, "deck/a.md:3", cwd=tmp_path).returncode == 0
    summary = build(deck, tmp_path / "out", NOW + 9)
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 1, 0)


def test_a_package_of_another_deck_is_refused(tmp_path):
    deck, _ = lost(tmp_path, NOTES)
    other = write_deck(
        tmp_path / "other", {**NOTES, "deck.toml": DECK_TOML.replace("0123456789abcdef", "fedcba9876543210")}
    )
    package = package_of(build(other, tmp_path / "others", NOW))
    result = restored(tmp_path, package, status=1)
    assert (
        result.stderr.startswith(f"{package}: error: is not a package of the deck with the id 0123456789abcdef: ")
        and not (deck / "deck.lock").exists()
    )


def test_an_existing_lock_is_not_changed(tmp_path):
    deck, package = lost(tmp_path, NOTES)
    (deck / "deck.lock").write_text("mine")
    assert "deck/deck.lock: error: is there already (" in restored(tmp_path, package, status=1).stderr
    assert (deck / "deck.lock").read_text() == "mine"


def test_no_package_is_wrong_usage(tmp_path):
    lost(tmp_path, NOTES)
    assert run("lock", "from", "deck", cwd=tmp_path).returncode == 2


def test_releases_and_retired_notes_are_restored(tmp_path):
    """The next release stamps only what changed since, and what the cleanup package holds stays retired."""
    author = new_author(tmp_path / "home")
    author.write(FIRST, 1)
    author.release("1.0.0", 2)
    less = {name: text for name, text in FIRST.items() if name != "apple"}
    author.write(less, 3)
    author.release("1.1.0", 4)
    lock = author.deck / "deck.lock"
    old = load_lock(lock.read_text(), "deck.lock")
    lock.unlink()
    result = run(
        "lock",
        "from",
        author.package("1.0.0"),
        author.package("1.1.0"),
        author.package("1.1.0", "-cleanup"),
        author.deck,
    )
    assert result.returncode == 0 and "released: 1.0.0, 1.1.0\n" in result.stdout, result.stderr
    new = load_lock(lock.read_text(), "deck.lock")
    assert new.releases == old.releases and new.types == old.types
    assert comparable(new) == comparable(old)
    assert not any(entry.state is State.ACTIVE for entry in new.notes if entry.question == "What is apple?")
    author.write({**less, "bear": "Brown or black."}, 5)
    author.release("1.2.0", 6)
    before, after = author.packed("1.1.0"), author.packed("1.2.0")
    assert {name for name in after if after[name].mod != before[name].mod} == {"bear"}


def comparable(lock: Lock) -> set:
    """Return what learners notice: of active notes guid, time and fields, of retired notes that they exist."""
    return {
        (entry.guid, entry.state, *((entry.mod, entry.fields) if entry.state is State.ACTIVE else ()))
        for entry in lock.notes
    }


@pytest.mark.parametrize(
    "text, line",
    [
        ("# D\n\n" + "".join(f"**What is {n}?**\n\nA number.\n\n" for n in "123"), 'dialect = "bold"'),
        ("# D\n\n" + "".join(f"**What is {n}?**\n\nA number.\n\n" for n in "1234"), ""),
        ("# D\n\n" + "".join(f"## What is {n}?\n\n+++info\nA number.\n+++\n\n" for n in "12"), 'dialect = "collapse"'),
        ("# D\n\n## What is 1?\n\nA number.\n", ""),
    ],
)
def test_init_names_a_dialect_that_needs_all_questions(tmp_path, text, line):
    (tmp_path / "deck").mkdir()
    (tmp_path / "deck" / "a.md").write_text(text)
    assert run("init", "deck", cwd=tmp_path).returncode == 0
    assert [
        each for each in (tmp_path / "deck" / "deck.toml").read_text().splitlines() if each.startswith("dialect")
    ] == ([line] if line else [])


def test_a_version_without_a_package_is_reported(tmp_path):
    author = new_author(tmp_path / "home")
    author.write(FIRST, 1)
    author.release("1.0.0", 2)
    author.write({**FIRST, "apple": "Green."}, 3)
    author.release("1.0.1", 4)
    lock = author.deck / "deck.lock"
    told = "deck.toml has the version 1.0.1, which is not the version of a package named here"
    for packages, reported in (["1.0.0"], True), (["1.0.0", "1.0.1"], False):
        lock.unlink()
        result = run("lock", "from", *map(author.package, packages), author.deck)
        assert result.returncode == 0 and (told in result.stdout) is reported, result.stderr
