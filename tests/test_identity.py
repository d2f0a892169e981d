"""Test reconciling as a pure function, and the format of the lock."""

import json

import pytest
from decks import write_deck
from msgspec.structs import replace

from deckgen.identity.fingerprint import Fingerprint, digest, shared_sample, shorten, sketch, sketch_pieces
from deckgen.identity.information import information
from deckgen.identity.lock import Lock, LockEntry, State, dump_lock, load_lock
from deckgen.identity.reconcile import reconcile
from deckgen.lock_resolution import declare_same
from deckgen.problems import DeckError

DECK = "0123456789abcdef"
ANSWERS = {
    "query": "A query is what a position asks the others for, a linear map of its own vector.",
    "key": "A key is what a position offers to be found by; its dot product with a query is the score.",
    "value": "A value is what a position hands over once its weight is known.",
    "mask": "Padding gets minus infinity before the softmax, so that its weight is exactly zero.",
}


def note(
    name: str,
    question: str | None = None,
    answer: str | None = None,
    *,
    file: str = "a.md",
    id: str | None = None,
    kind: str = "basic",
) -> Fingerprint:
    """The fingerprint of a note. By default its question and answer are about `name`."""
    question, answer = question or f"What is a {name} in attention?", answer or ANSWERS[name]
    return Fingerprint(
        kind,
        id,
        file,
        f"{file}:1",
        shorten(question),
        digest(question),
        digest(answer),
        sketch(answer),
        information(answer),
    )


def locked(*notes: Fingerprint) -> list[LockEntry]:
    """The entries of the lock after a first build of the notes."""
    guids = reconcile(notes, [], DECK).guids
    return [
        LockEntry(
            guid, n.kind, n.id, n.file, n.question, n.question_digest, n.answer_digest, n.sketch, "f", 1, State.ACTIVE
        )
        for guid, n in zip(guids, notes)
    ]


BEFORE = [note("query"), note("key"), note("value")]
QUERY, KEY, VALUE = (entry.guid for entry in locked(*BEFORE))


@pytest.mark.parametrize(
    "now, guids",
    [
        (BEFORE, [QUERY, KEY, VALUE]),
        (BEFORE[::-1], [VALUE, KEY, QUERY]),
        ([note("mask"), *BEFORE], ["new", QUERY, KEY, VALUE]),
        ([note("query", answer="Something else entirely, written anew."), *BEFORE[1:]], [QUERY, KEY, VALUE]),
        ([note("query", "What, then, is a query?"), *BEFORE[1:]], [QUERY, KEY, VALUE]),
        (
            [
                note("query", "What is the query in attention?", ANSWERS["query"].replace("others", "other ones")),
                *BEFORE[1:],
            ],
            [QUERY, KEY, VALUE],
        ),
        ([note("query", file="b.md"), *BEFORE[1:]], [QUERY, KEY, VALUE]),
        ([note("query", id="query"), *BEFORE[1:]], [QUERY, KEY, VALUE]),
        (
            [note("query", answer=ANSWERS["value"]), note("key"), note("value", answer=ANSWERS["query"])],
            [QUERY, KEY, VALUE],
        ),
        ([note("query", kind="cloze"), *BEFORE[1:]], ["new", KEY, VALUE]),
        (BEFORE[1:], [KEY, VALUE]),
        ([*BEFORE, note("query", file="b.md")], [QUERY, KEY, VALUE, "new"]),
        (
            [note("query", "Quite another question?", "Of quite another matter, at some length too."), *BEFORE[1:]],
            ["new", KEY, VALUE],
        ),
    ],
    ids=[
        "same",
        "reordered",
        "inserted above",
        "answer edited",
        "question edited",
        "both edited",
        "moved",
        "id added",
        "answers swapped",
        "kind changed",
        "removed",
        "copied to another file",
        "replaced by another",
    ],
)
def test_edited_notes_keep_their_guids(now, guids):
    found = reconcile(now, locked(*BEFORE), DECK)
    assert found.ambiguous == ()
    assert [guid if entry else "new" for guid, entry in zip(found.guids, found.entries)] == guids
    assert len(set(found.guids)) == len(now)
    assert {entry.guid for entry in found.removed} == {QUERY, KEY, VALUE} - set(found.guids)


def test_explicit_ids_have_priority_over_all_other_evidence():
    old = locked(note("query", id="one"), note("key", id="two"))
    found = reconcile([note("key", id="one"), note("query", id="two")], old, DECK)
    assert found.guids == tuple(entry.guid for entry in old)


def test_a_note_with_a_changed_id_keeps_its_guid():
    old = locked(note("query", id="one"))
    assert reconcile([note("query", id="uno")], old, DECK).guids == (old[0].guid,)


def test_similar_notes_with_other_ids_are_not_matched():
    old = locked(note("query", id="one"))
    close = note("query", "What is the query in attention?", ANSWERS["query"] + " So.", id="two")
    assert reconcile([close], old, DECK).entries == (None,)


def test_a_retired_note_that_comes_back_gets_its_guid():
    old = locked(*BEFORE)
    old[0] = replace(old[0], state=State.RETIRED)
    assert reconcile(BEFORE, old, DECK).guids == (QUERY, KEY, VALUE)


def test_two_identical_notes_keep_their_guids_in_order():
    twins = [note("query"), note("query")]
    old = locked(*twins)
    assert len({entry.guid for entry in old}) == 2
    assert reconcile(twins, old, DECK).guids == tuple(entry.guid for entry in old)


def test_two_notes_that_are_similar_to_one_entry_are_ambiguous():
    old = locked(note("query"))
    left = note("query", "What is a query in self-attention?", ANSWERS["query"] + " It is learned.")
    right = note("query", "What is a query in cross-attention?", ANSWERS["query"] + " It is trained.")
    found = reconcile([left, right], old, DECK)
    assert [doubt.note for doubt in found.ambiguous] == [left, right]
    assert found.guids == ("", "")


def test_a_written_lock_is_read_back_unchanged():
    lock = Lock(tuple(locked(note("query", id="q"), note("key", "问题“？”"))), ())
    assert load_lock(dump_lock(lock), "deck.lock") == lock


def test_the_lock_has_numbers_of_parts_only_for_notes_with_parts():
    one, two = locked(note("query", kind="occlusion"), note("key"))
    lock = Lock((replace(one, parts={"Add & Norm": 1, "前馈": 3}), two), ())
    _, first, _, second = filter(None, dump_lock(lock).splitlines()[1:-1])
    assert '"state": "active", "parts": {"Add & Norm": 1, "前馈": 3}, ' in first and "parts" not in second
    assert load_lock(dump_lock(lock), "deck.lock") == lock


@pytest.mark.parametrize(
    "parts, message",
    [
        (["a"], "parts are not names with numbers"),
        ({"a": "1"}, "parts are not names with numbers"),
        ({"a": 1.0}, "parts are not"),
        ({"a": True}, "parts are not"),
        ({"a": 0}, "parts are not"),
        (None, "parts are not"),
        ({"a": 1, "b": 1}, "two parts have the same number"),
    ],
)
def test_parts_in_the_lock_must_be_names_with_different_numbers(parts, message):
    header, fixed, row, end = filter(None, dump_lock(Lock(tuple(locked(note("query"))), ())).splitlines())
    with pytest.raises(DeckError) as raised:
        load_lock(f"{header}\n{fixed}\n{json.dumps({**json.loads(row), 'parts': parts})}\n{end}\n", "deck.lock")
    [problem] = raised.value.problems
    assert (problem.line, problem.code) == (2, "lock-line") and message in problem.message


def test_lock_same_keeps_the_numbers_of_parts(tmp_path):
    deck = write_deck(tmp_path, {"a.md": "# D\n\n## Which?\n\n![](figure:x){.occlude}\n"})
    before = replace(locked(note("query", kind="occlusion"))[0], parts={"a": 2})
    (deck / "deck.lock").write_text(dump_lock(Lock((before,), ())))
    declare_same(before.guid, f"{deck}/a.md:3")
    [after] = load_lock((deck / "deck.lock").read_text(), "deck.lock").notes
    assert (after.question, after.parts) == ("Which?", {"a": 2})


def test_the_sketch_estimates_similarity():
    text = "".join(ANSWERS.values())
    assert similarity(text, text) == 1
    assert similarity(text, text.replace("position", "token")) > 0.5
    assert similarity(ANSWERS["query"], ANSWERS["mask"]) < 0.3


def similarity(one: str, other: str) -> float:
    """The estimated similarity of two texts, from 0 to 1."""
    left, right = sketch_pieces(sketch(one)), sketch_pieces(sketch(other))
    sample = shared_sample(left, right)
    return len(left & right & sample) / len(sample)
