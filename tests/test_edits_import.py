"""Release after release, in the engine: whatever the author does to the files, learners' notes are updated and never duplicated.

All deeds are done in one deck, each in a folder of its own, once a dialect.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from decks import DECK_TOML, built_here, write_deck
from engine import collection, import_package, note_types, render_faults, schedules

from deckgen.identity.lock import State, load_lock
from deckgen.verify.check import check_import_tests
from deckgen.verify.import_test import run_import_tests

NOW = 1_700_000_000


@dataclass(frozen=True)
class Asked:
    """A note in a file. Where `who` is the same before and after, it is the same note to learners."""

    who: str
    question: str
    answer: str
    id: str = ""


Files = dict[str, list[Asked]]
Deed = Callable[[Files], Files]


def note(deed: str, who: str) -> Asked:
    return Asked(
        who,
        f"What does the {who} do when {deed}?",
        f"The {who} does what its chapter says of it, and here it says: {deed}, once, at some length.",
    )


def of(files: Files, who: str) -> Asked:
    return next(each for notes in files.values() for each in notes if each.who == who)


def with_other(files: Files, who: str, /, **change: str) -> Files:
    """The files with one note changed."""
    return {
        name: [replace(each, **change) if each.who == who else each for each in notes] for name, notes in files.items()
    }


def reworded(files: Files, who: str, *parts: str) -> Files:
    words = {
        "question": ("What does", "What, then, does"),
        "answer": ("at some length", "in short, and in other words"),
    }
    return with_other(files, who, **{part: getattr(of(files, who), part).replace(*words[part]) for part in parts})


def without(files: Files, who: str) -> Files:
    return {name: [each for each in notes if each.who != who] for name, notes in files.items()}


def insert_at_the_top(files):
    return {**files, "a": [note("inserted", "score"), *files["a"]]}


def several_at_once(files):
    edited = without(reworded(reworded(files, "query", "answer"), "key", "question"), "mask")
    return {"a": [note("several", "score"), *edited["a"][1:], edited["a"][0]], "c": edited["b"]}


SHORT = "short answer, question edited"
DEEDS: dict[str, Deed] = {
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
        "b": [*files["b"], of(reworded(files, "query", "answer"), "query")],
    },
    "answers swapped": lambda files: with_other(
        with_other(files, "query", answer=of(files, "key").answer), "key", answer=of(files, "query").answer
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
# What the files hold in between: to those who skipped that release and those who did not, the note that comes back is the one that went.
BROUGHT_BACK = "deleted and brought back"


def files_before(deed: str) -> Files:
    return {
        "a": [*(note(deed, who) for who in ("query", "key", "value")), replace(note(deed, "named"), id="name")],
        "b": [
            note(deed, "mask"),
            *(replace(note(deed, "twin"), who=who) for who in ("one twin", "other twin")),
            *([Asked("short", "Is the bias of a projection learned too?", "Yes.")] if deed == SHORT else []),
        ],
    }


WRITTEN: dict[str, Callable[[int, Asked, str], str]] = {
    "heading": lambda n, asked, attributes: f"## {asked.question}{attributes}\n\n{asked.answer}\n\n",
    "bold": lambda n, asked, attributes: f"**Q{n:02d}：{asked.question}**{attributes}\n\n{asked.answer}\n\n",
    "collapse": lambda n, asked, attributes: (
        f"## {n}. {asked.question}{attributes}\n\n+++info\n\n{asked.answer}\n\n+++\n\n"
    ),
}


def written(dialect: str, decks: dict[str, Files]) -> dict[str, str]:
    """The deck's files; ids are of the deed, for a deck has each once."""
    texts = {}
    for number, (deed, files) in enumerate(decks.items()):
        for name, notes in files.items():
            lines = (
                WRITTEN[dialect](n, each, f" {{#{each.id}-{number}}}" if each.id else "")
                for n, each in enumerate(notes, 1)
            )
            texts[f"{deed}/{name}.md"] = f"# D\n\n{''.join(lines)}"
    return {"deck.toml": f'{DECK_TOML}dialect = "{dialect}"\nsections = "none"\n', **texts}


def released(deck: Path, dialect: str, decks: dict[str, Files], now: int) -> tuple[Path, dict[tuple[str, str], str]]:
    """The package, and the guid of each note by deed and who it is."""
    for path in deck.rglob("*.md"):
        path.unlink()
    built = built_here(write_deck(deck, written(dialect, decks)), deck.parent / f"out-{now}", now)
    guids: dict[str, list[str]] = {}
    for entry in load_lock((deck / "deck.lock").read_text(), "").notes:
        if entry.state is State.ACTIVE:
            guids.setdefault(entry.file, []).append(entry.guid)
    return built.package, {
        (deed, each.who): guid
        for deed, files in decks.items()
        for name, notes in files.items()
        if notes
        for each, guid in zip(notes, guids[f"{deed}/{name}.md"], strict=True)
    }


@pytest.mark.parametrize("dialect", WRITTEN)
def test_each_deed_between_two_releases(dialect, tmp_path):
    deeds = [*DEEDS, BROUGHT_BACK]
    before = {deed: files_before(deed) for deed in deeds}
    between = {**before, BROUGHT_BACK: without(before[BROUGHT_BACK], "key")}
    after = {**{deed: change(before[deed]) for deed, change in DEEDS.items()}, BROUGHT_BACK: before[BROUGHT_BACK]}
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
            "notes that are others to learners now"
        )
        assert len(set(guids.values()) | set(known.values())) == len(guids.keys() | known.keys()) == col.note_count()
        assert {key: row for key, row in schedules(col).items() if key in studied} == studied and all(
            row[4] for row in studied.values()
        )
        texts = dict(col.db.all("select guid, flds from notes"))
        for deed, files in after.items():
            for each in (each for notes in files.values() for each in notes):
                assert each.question in texts[guids[deed, each.who]] and each.answer in texts[guids[deed, each.who]], (
                    deed,
                    each,
                )
        assert note_types(col) == {"Test Deck (Q&A)", "Test Deck (Cloze)"} and render_faults(col) == []
    changed = sum(
        f"{each.question}{each.answer}" != f"{old.question}{old.answer}" or each.id != old.id
        for deed in DEEDS
        for each in notes_of(after[deed])
        for old in notes_of(before[deed])
        if each.who == old.who
    )
    found = run_import_tests(third, second)
    assert check_import_tests(found) == () and [import_test.log.updated for import_test in found.updates] == [
        changed,
        changed,
    ]


def notes_of(files: Files) -> list[Asked]:
    return [each for notes in files.values() for each in notes]


def test_deleted_and_brought_back_is_a_change_to_anki(tmp_path):
    """The package with the retired notes may have told Anki that the note was gone; see stamp.py."""
    first, known = released(tmp_path / "deck", "heading", {BROUGHT_BACK: files_before(BROUGHT_BACK)}, NOW)
    released(tmp_path / "deck", "heading", {BROUGHT_BACK: without(files_before(BROUGHT_BACK), "key")}, NOW + 60)
    third, guids = released(tmp_path / "deck", "heading", {BROUGHT_BACK: files_before(BROUGHT_BACK)}, NOW + 120)
    assert guids == known
    found = run_import_tests(third, first)
    assert [finding.code for finding in check_import_tests(found)] == ["unchanged-updated", "edits-lost"]
    assert (found.updates[0].log.new, found.updates[0].log.updated) == (0, 1) and not found.updates[0].schedules
