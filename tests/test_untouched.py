"""Test that learners keep their own edits of notes and CSS, unless a release changes the same note or the same note type."""

import tempfile
from pathlib import Path

from anki.collection import Collection
from decks import DECK_TOML, build_in_process, write_deck
from engine import collection, import_package
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = 1_700_000_000
COUNT = 6
TYPE = "Test Deck (Q&A)"
MINE = ".card { color: teal }"
# For each release: the notes that the author edits, and whether the look changes (by another setting of `math`).
RELEASES = st.lists(st.tuples(st.sets(st.integers(0, COUNT - 1)), st.booleans()), min_size=2, max_size=4)


@given(RELEASES)
@settings(max_examples=6, deadline=None)
def test_an_import_changes_only_notes_and_note_types_that_the_author_changed(releases: list[tuple[set[int], bool]]):
    with tempfile.TemporaryDirectory() as folder:
        home, edits, mathml = Path(folder), [0] * COUNT, False
        with collection(home / "learner") as col:
            import_package(col, released(home, edits, mathml, NOW))
        for n, (edited, other_look) in enumerate(releases, 1):
            with collection(home / "learner") as col:
                edit_as_learner(col, NOW + 100 * n - 50)
            edits = [count + (i in edited) for i, count in enumerate(edits)]
            mathml ^= other_look
            package = released(home, edits, mathml, NOW + 100 * n)
            # The collection is opened again, because the engine caches the times of note types.
            with collection(home / "learner") as col:
                notes, look = stored_notes(col), look_of(col)
                log = import_package(col, package)
                assert (log.new, log.updated, log.duplicate, log.conflicting) == (
                    0,
                    len(edited),
                    COUNT - len(edited),
                    0,
                )
                for i, (before, after) in enumerate(zip(notes, stored_notes(col), strict=True)):
                    assert i in edited or after == before
                    assert i not in edited or (
                        f"edit {edits[i]}" in after[1] and "my own" not in after[1] and "mine" not in after[2]
                    )
                assert (look_of(col) == look) != other_look and (MINE.encode() in look_of(col)[0]) != other_look


def released(home: Path, edits: list[int], mathml: bool, now: int) -> Path:
    notes = "".join(
        f"## What is number {i}?\n\nIt is number {i} of all, after edit {count}.\n\n" for i, count in enumerate(edits)
    )
    toml = DECK_TOML + f'math = "{"mathml" if mathml else "mathjax"}"\n'
    return build_in_process(
        write_deck(home / "deck", {"deck.toml": toml, "a.md": f"# D\n\n{notes}"}), home / str(now), now
    ).package


def edit_as_learner(col: Collection, time: int) -> None:
    """Add a remark and a tag to each note, and a line to the CSS. All get the time `time`, in seconds."""
    for number in col.db.list("select id from notes"):
        note = col.get_note(number)
        note["Back"] += " my own remark"
        note.tags.append("mine")
        col.update_note(note)
    kind = col.models.by_name(TYPE)
    kind["css"] += MINE
    col.models.update_dict(kind)
    col.db.execute("update notes set mod = ?", time)
    col.db.execute("update notetypes set mtime_secs = ?", time)


def stored_notes(col: Collection) -> list[tuple]:
    return [tuple(row) for row in col.db.all("select mod, flds, tags from notes order by id")]


def look_of(col: Collection) -> tuple[bytes, int]:
    """The row of the note type in the database (with its CSS), and the time of its last change in seconds."""
    config, time = col.db.first("select config, mtime_secs from notetypes where name = ?", TYPE)
    return bytes(config), time
