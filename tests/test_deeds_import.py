"""Release after release, in the engine: whatever the author does to the files, learners' notes are updated and never duplicated."""

from pathlib import Path

import pytest
from decks import built_here, write_deck
from deckgen.verify.judge import judge
from deckgen.verify.rehearse import rehearse

NOW = 1_700_000_000


def ask(name: str, question: str = "", answer: str = "", number: int | None = None) -> str:
    question = question or f"What does the {name} do in a block of the model?"
    answer = answer or f"The {name} does what its chapter says of the {name}, at some length, so that it is known again by its words."
    return f"**Q{number:02d}：{question}**\n\n{answer}\n\n" if number else f"## {question}\n\n{answer}\n\n"


def page(*notes: str) -> str:
    return "# D\n\n" + "".join(notes)


QUERY, KEY, VALUE, MASK = (ask(name) for name in ("query", "key", "value", "mask"))
BEFORE = {"a.md": page(QUERY, KEY, VALUE), "b.md": page(MASK)}


def numbered(*names: str) -> str:
    return page(*(ask(name, number=n) for n, name in enumerate(names, 1)))


# What the files become, and how many notes are then new, updated, duplicate to a learner.
CASES = {
    "inserted at the top of a numbered file": ({"a.md": numbered("query", "key", "value")}, {"a.md": numbered("score", "query", "key", "value")}, (1, 0, 3)),
    "reordered": (BEFORE, {"a.md": page(VALUE, QUERY, KEY)}, (0, 0, 4)),
    "moved to another file": (BEFORE, {"a.md": page(QUERY, VALUE), "b.md": page(MASK, KEY)}, (0, 0, 4)),
    "file renamed": (BEFORE, {"a.md": None, "z.md": page(QUERY, KEY, VALUE)}, (0, 0, 4)),
    "file split": (BEFORE, {"a.md": page(QUERY), "a2.md": page(KEY, VALUE)}, (0, 0, 4)),
    "question edited": (BEFORE, {"b.md": page(MASK.replace("What does", "What, then, does"))}, (0, 1, 3)),
    "answer edited": (BEFORE, {"b.md": page(MASK.replace("at some length", "in a few words"))}, (0, 1, 3)),
    "question and answer edited": (BEFORE, {"b.md": page(MASK.replace("What does", "What, then, does").replace("at some length", "in short"))}, (0, 1, 3)),
    "two swapped": (BEFORE, {"a.md": page(KEY, QUERY, VALUE)}, (0, 0, 4)),
    "duplicated": (BEFORE, {"a.md": page(QUERY, QUERY, KEY, VALUE)}, (1, 0, 4)),
    "deleted": (BEFORE, {"a.md": page(QUERY, VALUE)}, (0, 0, 3)),
    "id changed": ({"a.md": page(QUERY.replace("?", "? {#one}", 1), KEY)}, {"a.md": page(QUERY.replace("?", "? {#uno}", 1), KEY)}, (0, 1, 1)),
    "id added": (BEFORE, {"b.md": page(MASK.replace("?", "? {#mask}", 1))}, (0, 1, 3)),
    "kind changed": (BEFORE, {"b.md": page(MASK.replace("does what", "{{c1::does}} what"))}, (1, 0, 3)),
    "two alike": ({"a.md": page(QUERY, QUERY, KEY)}, {"a.md": page(KEY, QUERY, QUERY)}, (0, 0, 3)),
}


@pytest.mark.parametrize("before, after, counts", CASES.values(), ids=CASES.keys())
def test_release_after_release(tmp_path, before, after, counts):
    deck = write_deck(tmp_path / "deck", before)
    first = built_here(deck, tmp_path / "one", NOW).package
    second = rebuilt(deck, after, tmp_path / "two", NOW + 60)
    found = rehearse(second, first)
    assert judge(found) == ()
    for rehearsal in found.updates:
        log = rehearsal.log
        assert (log.new, log.updated, log.duplicate, log.conflicting) == (*counts, 0)


def test_deleted_and_brought_back(tmp_path):
    """A learner who skipped the release without the note finds it as it was."""
    deck = write_deck(tmp_path / "deck", BEFORE)
    first = built_here(deck, tmp_path / "one", NOW).package
    rebuilt(deck, {"a.md": page(QUERY, VALUE)}, tmp_path / "two", NOW + 60)
    third = rebuilt(deck, BEFORE, tmp_path / "three", NOW + 120)
    found = rehearse(third, first)
    assert [finding.code for finding in judge(found)] == ["touched", "edits-lost"], "that it comes back is a change, see stamp.py"
    assert (found.updates[0].log.new, found.updates[0].log.updated) == (0, 1) and not found.updates[0].schedules


def rebuilt(deck: Path, files: dict[str, str | None], out: Path, now: int) -> Path:
    for name, text in files.items():
        if text is None:
            (deck / name).unlink()
    write_deck(deck, {"deck.toml": (deck / "deck.toml").read_text(), **{name: text for name, text in files.items() if text is not None}})
    return built_here(deck, out, now).package
