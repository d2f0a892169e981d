"""Test with Anki's engine that edits of an author update the notes of learners and never duplicate them.

Each edit is made in a folder of its own. All folders are in one deck, so that the engine imports only a few packages per dialect.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from decks import DECK_TOML, build_in_process, write_deck
from engine import collection, import_package, note_types, render_errors, schedules

from deckgen.identity.lock import State, load_lock
from deckgen.verify.check import check_import_tests
from deckgen.verify.import_test import run_import_tests

NOW = 1_700_000_000


@dataclass(frozen=True)
class FileNote:
    """A note in a file. Notes with the same `who` before and after an edit are the same note for learners."""

    who: str
    question: str
    answer: str
    id: str = ""


Files = dict[str, list[FileNote]]
Edit = Callable[[Files], Files]


def note(edit: str, who: str) -> FileNote:
    """A note whose text names the edit, so that no other folder has the same text."""
    return FileNote(
        who,
        f"What does the {who} do when {edit}?",
        f"The {who} does what its chapter says of it, and here it says: {edit}, once, at some length.",
    )


def find(files: Files, who: str) -> FileNote:
    """The note with this name."""
    return next(each for notes in files.values() for each in notes if each.who == who)


def with_other(files: Files, who: str, /, **change: str) -> Files:
    """The files with one note changed."""
    return {
        name: [replace(each, **change) if each.who == who else each for each in notes] for name, notes in files.items()
    }


def reworded(files: Files, who: str, *parts: str) -> Files:
    """The files with a reworded question, answer or both of one note."""
    words = {
        "question": ("What does", "What, then, does"),
        "answer": ("at some length", "in short, and in other words"),
    }
    return with_other(files, who, **{part: getattr(find(files, who), part).replace(*words[part]) for part in parts})


def without(files: Files, who: str) -> Files:
    """The files without one note."""
    return {name: [each for each in notes if each.who != who] for name, notes in files.items()}


def insert_at_the_top(files):
    return {**files, "a": [note("inserted", "score"), *files["a"]]}


def several_at_once(files):
    edited = without(reworded(reworded(files, "query", "answer"), "key", "question"), "mask")
    return {"a": [note("several", "score"), *edited["a"][1:], edited["a"][0]], "c": edited["b"]}


SHORT = "short answer, question edited"
EDITS: dict[str, Edit] = {
    "nothing": lambda files: files,
    "inserted at the top": insert_at_the_top,
    "reordered": lambda files: {**files, "a": files["a"][::-1]},
    "two swapped": lambda files: {**files, "a": [files["a"][1], files["a"][0], *files["a"][2:]]},
    "moved to another file": lambda files: {"a": files["a"][1:], "b": [*files["b"], files["a"][0]]},
    "file renamed": lambda files: {"z": files["a"], "b": files["b"]},
    "file split": lambda files: {**files, "a": files["a"][:1], "a2": files["a"][1:]},
    "question edited": lambda files: reworded(files, "key", "question"),
    "answer edited": lambda files: reworded(files, "key", "answer"),
    "question and answer edited": lambda files: reworded(files, "key", "question", "answer"),
    "edited and moved": lambda files: {
        "a": files["a"][1:],
        "b": [*files["b"], find(reworded(files, "query", "answer"), "query")],
    },
    "answers swapped": lambda files: with_other(
        with_other(files, "query", answer=find(files, "key").answer), "key", answer=find(files, "query").answer
    ),
    "duplicated": lambda files: {**files, "a": [files["a"][0], replace(files["a"][0], who="copy"), *files["a"][1:]]},
    "deleted": lambda files: without(files, "key"),
    "id added": lambda files: with_other(files, "key", id="key"),
    "id changed": lambda files: with_other(files, "named", id="otherwise"),
    "id taken away": lambda files: with_other(files, "named", id=""),
    "id kept, all else written anew": lambda files: with_other(
        files, "named", question="Quite another question?", answer="And another answer to it."
    ),
    "kind changed": lambda files: with_other(
        files, "key", who="cloze", answer="The {{c1::key}} is hidden, and all of it is another kind of note."
    ),
    "alike, others around them": lambda files: {**files, "b": [*files["b"][1:], files["b"][0]]},
    SHORT: lambda files: with_other(files, "short", question="Is the bias of a projection learned, too?"),
    "several at once": several_at_once,
}
# A note is deleted in the second release and is back in the third. It is the same note, also for learners who skipped the second.
BROUGHT_BACK = "deleted and brought back"


def files_before(edit: str) -> Files:
    """The files of the folder of an edit, before it."""
    return {
        "a": [*(note(edit, who) for who in ("query", "key", "value")), replace(note(edit, "named"), id="name")],
        "b": [
            note(edit, "mask"),
            *(replace(note(edit, "twin"), who=who) for who in ("one twin", "other twin")),
            *([FileNote("short", "Is the bias of a projection learned too?", "Yes.")] if edit == SHORT else []),
        ],
    }


WRITTEN: dict[str, Callable[[int, FileNote, str], str]] = {
    "heading": lambda n, each, attributes: f"## {each.question}{attributes}\n\n{each.answer}\n\n",
    "bold": lambda n, each, attributes: f"**Q{n:02d}：{each.question}**{attributes}\n\n{each.answer}\n\n",
    "collapse": lambda n, each, attributes: (
        f"## {n}. {each.question}{attributes}\n\n+++info\n\n{each.answer}\n\n+++\n\n"
    ),
}


def written(dialect: str, decks: dict[str, Files]) -> dict[str, str]:
    """Path → text of all files of the deck. Ids have the number of the edit, because an id may occur once in a deck."""
    texts = {}
    for number, (edit, files) in enumerate(decks.items()):
        for name, notes in files.items():
            lines = (
                WRITTEN[dialect](n, each, f" {{#{each.id}-{number}}}" if each.id else "")
                for n, each in enumerate(notes, 1)
            )
            texts[f"{edit}/{name}.md"] = f"# D\n\n{''.join(lines)}"
    return {"deck.toml": f'{DECK_TOML}dialect = "{dialect}"\nsections = "none"\n', **texts}


def released(deck: Path, dialect: str, decks: dict[str, Files], now: int) -> tuple[Path, dict[tuple[str, str], str]]:
    """Build the deck. Return the package, and the guid of each note by its edit and its name."""
    for path in deck.rglob("*.md"):
        path.unlink()
    built = build_in_process(write_deck(deck, written(dialect, decks)), deck.parent / f"out-{now}", now)
    guids: dict[str, list[str]] = {}
    for entry in load_lock((deck / "deck.lock").read_text(), "").notes:
        if entry.state is State.ACTIVE:
            guids.setdefault(entry.file, []).append(entry.guid)
    return built.package, {
        (edit, each.who): guid
        for edit, files in decks.items()
        for name, notes in files.items()
        if notes
        for each, guid in zip(notes, guids[f"{edit}/{name}.md"], strict=True)
    }


@pytest.mark.parametrize("dialect", WRITTEN)
def test_edits_between_two_releases_update_notes_and_keep_schedules(dialect, tmp_path):
    edits = [*EDITS, BROUGHT_BACK]
    before = {edit: files_before(edit) for edit in edits}
    between = {**before, BROUGHT_BACK: without(before[BROUGHT_BACK], "key")}
    after = {**{edit: change(before[edit]) for edit, change in EDITS.items()}, BROUGHT_BACK: before[BROUGHT_BACK]}
    with collection(tmp_path / "learner") as col:
        first, known = released(tmp_path / "deck", dialect, before, NOW)
        assert import_package(col, first).new == len(known)
        col.sched.set_due_date(col.find_cards(""), "1-60")
        studied = schedules(col)
        second, _ = released(tmp_path / "deck", dialect, between, NOW + 60)
        assert import_package(col, second).new == 0
        third, guids = released(tmp_path / "deck", dialect, after, NOW + 120)
        added = guids.keys() - known.keys()
        log = import_package(col, third)
        assert (log.new, log.conflicting) == (len(added), 0)
        assert {key for key in guids.keys() & known.keys() if guids[key] != known[key]} == set(), (
            "notes that got other guids"
        )
        assert len(set(guids.values()) | set(known.values())) == len(guids.keys() | known.keys()) == col.note_count()
        assert {key: row for key, row in schedules(col).items() if key in studied} == studied and all(
            row[4] for row in studied.values()
        )
        texts = dict(col.db.all("select guid, flds from notes"))
        for edit, files in after.items():
            for each in (each for notes in files.values() for each in notes):
                assert each.question in texts[guids[edit, each.who]] and each.answer in texts[guids[edit, each.who]], (
                    edit,
                    each,
                )
        assert note_types(col) == {"Test Deck (Q&A)", "Test Deck (Cloze)"} and render_errors(col) == []
    changed = sum(
        f"{each.question}{each.answer}" != f"{old.question}{old.answer}" or each.id != old.id
        for edit in EDITS
        for each in notes_of(after[edit])
        for old in notes_of(before[edit])
        if each.who == old.who
    )
    found = run_import_tests(third, second)
    assert check_import_tests(found) == () and [import_test.log.updated for import_test in found.updates] == [
        changed,
        changed,
    ]


def notes_of(files: Files) -> list[FileNote]:
    return [each for notes in files.values() for each in notes]


def test_a_note_that_is_deleted_and_brought_back_gets_a_later_time(tmp_path):
    """Learners may have imported the cleanup package with the retired note; see stamp.py."""
    first, known = released(tmp_path / "deck", "heading", {BROUGHT_BACK: files_before(BROUGHT_BACK)}, NOW)
    released(tmp_path / "deck", "heading", {BROUGHT_BACK: without(files_before(BROUGHT_BACK), "key")}, NOW + 60)
    third, guids = released(tmp_path / "deck", "heading", {BROUGHT_BACK: files_before(BROUGHT_BACK)}, NOW + 120)
    assert guids == known
    found = run_import_tests(third, first)
    assert [finding.code for finding in check_import_tests(found)] == ["unchanged-updated", "edits-lost"]
    assert (found.updates[0].log.new, found.updates[0].log.updated) == (0, 1) and not found.updates[0].schedules
