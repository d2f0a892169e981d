"""Property tests of reconciling: no edit of an author matches a note with the entry of another note.

A deck is a list of numbered notes. An edit is a function from deck to deck. All questions have one pattern, and all answers
have one vocabulary, so that similarity alone would often be wrong.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from deckgen.identity.fingerprint import Fingerprint, fingerprint
from deckgen.identity.lock import LockEntry, State
from deckgen.identity.reconcile import Reconciliation, reconcile
from deckgen.model import Note, Text
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings

DECK = "0123456789abcdef"
WORDS = "模型 参数 梯度 序列 位置 权重 分布 样本 层 向量 训练 推理 缓存 矩阵 投影 归一 残差 稳定 学习 预测".split()


class Known(Struct, frozen=True):
    """A note, and its number in the deck before the edits (`who`). A new note has None."""

    who: int | None
    note: Note


Edit = Callable[[list[Known], random.Random], list[Known]]


def sentence(rng: random.Random, length: int) -> str:
    return "".join(rng.choice(WORDS) for _ in range(length)) + "。"


def fresh(rng: random.Random, file: str = "a.md", who: int | None = None) -> Known:
    """A note with random texts."""
    question = Text(f"怎样{sentence(rng, 4)[:-1]}？", 1)
    return Known(who, Note(file, file, "basic", "heading", question, Text(sentence(rng, rng.randint(8, 40)), 3)))


def deck_of(rng: random.Random, count: int) -> list[Known]:
    return [fresh(rng, f"{i % 3}.md", i) for i in range(count)]


def prints(deck: list[Known]) -> list[Fingerprint]:
    return [replace(fingerprint(known.note), place=f"{known.note.key}:{n}") for n, known in enumerate(deck)]


def lock_of(deck: list[Known]) -> list[LockEntry]:
    """The entries of the lock after a first build. Entry i is note number i."""
    notes = prints(deck)
    guids = reconcile(notes, [], DECK).guids
    return [
        LockEntry(
            g, n.kind, n.id, n.file, n.question, n.question_digest, n.answer_digest, n.sketch, "f", 1, State.ACTIVE
        )
        for g, n in zip(guids, notes)
    ]


def edit(text: Text, rng: random.Random) -> Text:
    """The text with one character replaced by some words."""
    at = rng.randrange(len(text.source))
    return replace(text, source=text.source[:at] + rng.choice(["即", "也就是", "换句话说，"]) + text.source[at + 1 :])


def at_some(rng: random.Random, deck: list[Known], change: Callable[[Note], Note]) -> list[Known]:
    """The deck with a change of one random note."""
    i = rng.randrange(len(deck))
    return [*deck[:i], replace(deck[i], note=change(deck[i].note)), *deck[i + 1 :]]


def insert_at_the_top(deck, rng):
    return [fresh(rng, deck[0].note.key), *deck]


def reorder(deck, rng):
    return rng.sample(deck, len(deck))


def move_to_another_file(deck, rng):
    return at_some(rng, deck, lambda note: replace(note, key="elsewhere.md"))


def rename_a_file(deck, rng):
    old = rng.choice(deck).note.key
    return [replace(k, note=replace(k.note, key="renamed.md")) if k.note.key == old else k for k in deck]


def split_a_file(deck, rng):
    old = rng.choice(deck).note.key
    return [
        replace(k, note=replace(k.note, key=f"{rng.randint(1, 2)}-{old}")) if k.note.key == old else k for k in deck
    ]


def edit_a_question(deck, rng):
    return at_some(rng, deck, lambda note: replace(note, question=edit(note.question, rng)))


def edit_an_answer(deck, rng):
    return at_some(rng, deck, lambda note: replace(note, answer=edit(note.answer, rng)))


def rewrite_an_answer(deck, rng):
    return at_some(rng, deck, lambda note: replace(note, answer=Text(sentence(rng, 20), 3)))


def edit_both(deck, rng):
    return at_some(
        rng, deck, lambda note: replace(note, question=edit(note.question, rng), answer=edit(note.answer, rng))
    )


def swap_two(deck, rng):
    i, j = rng.sample(range(len(deck)), 2)
    deck = list(deck)
    deck[i], deck[j] = deck[j], deck[i]
    return deck


def swap_two_answers(deck, rng):
    i, j = rng.sample(range(len(deck)), 2)
    deck, one, two = list(deck), deck[i], deck[j]
    deck[i], deck[j] = (
        replace(one, note=replace(one.note, answer=two.note.answer)),
        replace(two, note=replace(two.note, answer=one.note.answer)),
    )
    return deck


def duplicate(deck, rng):
    """Insert a copy of a note below it. The first of the two is the note of the lock."""
    i = rng.randrange(len(deck))
    return [*deck[: i + 1], replace(deck[i], who=None), *deck[i + 1 :]]


def duplicate_elsewhere(deck, rng):
    copy = rng.choice(deck)
    return [Known(None, replace(copy.note, key="copy.md")), *deck]


def delete(deck, rng):
    i = rng.randrange(len(deck))
    return [*deck[:i], *deck[i + 1 :]]


def add_an_id(deck, rng):
    return at_some(rng, deck, lambda note: replace(note, id=f"id{rng.random()}"))


def change_the_kind(deck, rng):
    i = rng.randrange(len(deck))
    return [*deck[:i], Known(None, replace(deck[i].note, kind="cloze")), *deck[i + 1 :]]


# The edits after which each note must be matched.
CERTAIN = [
    insert_at_the_top,
    reorder,
    move_to_another_file,
    rename_a_file,
    split_a_file,
    edit_a_question,
    edit_an_answer,
    rewrite_an_answer,
    swap_two,
    swap_two_answers,
    duplicate,
    duplicate_elsewhere,
    delete,
    add_an_id,
    change_the_kind,
]


EDITS = [*CERTAIN, edit_both]
# Without the edits that make several notes identical or swap their parts: after further edits nobody can say which note is which.
PLAIN_EDITS = [edit_deck for edit_deck in EDITS if edit_deck not in (duplicate, duplicate_elsewhere, swap_two_answers)]


def wrong(now: list[Known], found: Reconciliation, lock: list[LockEntry]) -> list[str]:
    """The notes with the guid of another note. "twice" is added if two notes have the same guid."""
    mine = [
        (known.note.question.source, guid)
        for known, guid in zip(now, found.guids)
        if guid
        and known.who != next((who for who, entry in enumerate(lock) if entry.guid == guid), None)
        and guid in {e.guid for e in lock}
    ]
    given = [guid for guid in found.guids if guid]
    return [*map(str, mine), *(["twice"] if len(set(given)) < len(given) else [])]


def missed(now: list[Known], found: Reconciliation, lock: list[LockEntry]) -> list[str]:
    """The questions of notes that did not get their guid from the lock."""
    return [
        known.note.question.source
        for known, guid in zip(now, found.guids)
        if known.who is not None and guid != lock[known.who].guid
    ]


@pytest.mark.parametrize("edit_deck", CERTAIN, ids=lambda edit_deck: edit_deck.__name__)
@given(st.integers(0, 10**6), st.integers(2, 25))
@settings(max_examples=60, deadline=None)
def test_a_certain_edit_keeps_the_guids_of_all_notes(edit_deck: Edit, seed: int, count: int):
    rng = random.Random(seed)
    before = deck_of(rng, count)
    now, lock = edit_deck(before, rng), lock_of(before)
    found = reconcile(prints(now), lock, DECK)
    assert wrong(now, found, lock) == [] and missed(now, found, lock) == [] and found.ambiguous == ()
    kept = {known.who for known in now}
    assert {entry.guid for entry in found.removed} == {entry.guid for who, entry in enumerate(lock) if who not in kept}


@given(st.integers(0, 10**6), st.integers(2, 25))
@settings(max_examples=200, deadline=None)
def test_a_note_with_edited_question_and_answer_is_matched_or_ambiguous(seed: int, count: int):
    rng = random.Random(seed)
    before = deck_of(rng, count)
    now, lock = edit_both(before, rng), lock_of(before)
    found = reconcile(prints(now), lock, DECK)
    assert wrong(now, found, lock) == [] and len(missed(now, found, lock)) == len(found.ambiguous)


@given(st.integers(0, 10**6), st.integers(2, 25), st.lists(st.sampled_from(PLAIN_EDITS), max_size=12))
@settings(max_examples=400, deadline=None)
def test_many_edits_at_once_match_no_note_wrongly(seed: int, count: int, edits: list[Edit]):
    """A note with many edits may be ambiguous or new, but is never matched with another note."""
    rng = random.Random(seed)
    before = now = deck_of(rng, count)
    for edit_deck in edits:
        if len(now) > 1:
            now = edit_deck(now, rng)
    lock = lock_of(before)
    assert wrong(now, reconcile(prints(now), lock, DECK), lock) == []


@given(st.integers(0, 10**6), st.integers(1, 12))
@settings(deadline=None)
def test_retired_notes_that_come_back_get_their_guids(seed: int, count: int):
    rng = random.Random(seed)
    before = deck_of(rng, count)
    lock = [replace(entry, state=State.RETIRED) if rng.random() < 0.5 else entry for entry in lock_of(before)]
    now = reorder(before, rng)
    found = reconcile(prints(now), lock, DECK)
    assert missed(now, found, lock) == [] and found.removed == ()


@given(st.integers(0, 10**6), st.integers(2, 12))
@settings(deadline=None)
def test_a_note_with_a_changed_id_keeps_its_guid(seed: int, count: int):
    rng = random.Random(seed)
    before = [replace(known, note=replace(known.note, id=f"id{n}")) for n, known in enumerate(deck_of(rng, count))]
    now, lock = add_an_id(before, rng), lock_of(before)
    assert missed(now, reconcile(prints(now), lock, DECK), lock) == []


@given(st.integers(0, 10**6), st.integers(2, 5))
@settings(deadline=None)
def test_identical_notes_keep_their_guids_in_order(seed: int, copies: int):
    rng = random.Random(seed)
    one = fresh(rng)
    before = [Known(who, one.note) for who in range(copies)]
    lock = lock_of(before)
    assert reconcile(prints(before), lock, DECK).guids == tuple(entry.guid for entry in lock)
    fewer = reconcile(prints(before[1:]), lock, DECK)
    assert fewer.guids == tuple(entry.guid for entry in lock[:-1]) and fewer.removed == (lock[-1],)


def test_notes_with_the_same_short_answer_are_not_matched():
    rng = random.Random(1)
    yes = [replace(fresh(rng, who=n), note=replace(fresh(rng).note, answer=Text("Yes.", 3))) for n in range(3)]
    lock = lock_of(yes)
    other = Known(None, replace(yes[0].note, question=Text("Does the sun rise in the east, as they say?", 1)))
    found = reconcile(prints([other, *yes[1:]]), lock, DECK)
    assert wrong([other, *yes[1:]], found, lock) == []


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_new_note_with_the_pattern_of_the_deck_is_not_matched(seed: int):
    """The question is `…有多少层？` and the answer `12` or `24`, in long decks and in short ones."""
    rng = random.Random(seed)
    deck = [
        replace(
            fresh(rng, who=n),
            note=replace(
                fresh(rng).note, question=Text(f"{term}有多少层？", 1), answer=Text(rng.choice(["12", "24"]), 3)
            ),
        )
        for n, term in enumerate(sorted({sentence(rng, 3)[:-1] for _ in range(rng.choice([8, 60]))}))
    ]
    lock = lock_of(deck[:-2])
    gone = rng.sample(range(len(deck) - 2), 2)
    now = [known for n, known in enumerate(deck[:-2]) if n not in gone] + [
        replace(known, who=None) for known in deck[-2:]
    ]
    assert wrong(now, reconcile(prints(now), lock, DECK), lock) == []


@given(st.integers(0, 10**6), st.sampled_from(["question", "answer"]))
@settings(max_examples=60, deadline=None)
def test_a_question_or_answer_of_several_notes_does_not_match_a_new_note(seed: int, part: str):
    """Several notes have the question `Output?` or the answer `See above.`, and one of them is replaced by a new note."""
    rng = random.Random(seed)
    # All characters are used, because texts of a few words would be too similar.
    texts = [Text("".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(40)), 3) for _ in range(14)]
    *deck, new = (
        Known(n, replace(fresh(rng).note, **{"question": texts[n], "answer": texts[n + 6], part: texts[-1]}))
        for n in range(6)
    )
    lock, now = lock_of(deck), [*deck[1:3], replace(new, who=None), *deck[3:]]
    assert wrong(now, reconcile(prints(now), lock, DECK), lock) == []
    # An edited note of them is still matched.
    now = [*deck[:2], *at_some(rng, deck[2:], lambda note: replace(note, **{part: edit(getattr(note, part), rng)}))]
    assert missed(now, reconcile(prints(now), lock, DECK), lock) == []


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_reworded_question_with_a_rewritten_answer_is_ambiguous(seed: int):
    rng = random.Random(seed)
    before = [
        replace(known, note=replace(known.note, question=Text(f"怎样{sentence(rng, 9)[:-1]}？", 1)))
        for known in deck_of(rng, 12)
    ]
    now, lock = rewrite_an_answer(before[:1], rng), lock_of(before)
    now = [*edit_a_question(now, rng), *before[1:]]
    found = reconcile(prints(now), lock, DECK)
    assert [doubt.entries[0] for doubt in found.ambiguous] == [lock[0]] and found.guids[0] == ""


def test_a_question_of_many_notes_does_not_match_a_new_note():
    """All notes have the question `优缺点？`. One is removed from its file, and a new one is in another file."""
    rng = random.Random(2)
    deck = [
        replace(fresh(rng, f"{n}.md", n), note=replace(fresh(rng, f"{n}.md").note, question=Text("优缺点？", 1)))
        for n in range(4)
    ]
    lock = lock_of(deck)
    now = [*deck[1:], Known(None, replace(fresh(rng, "9.md").note, question=Text("优缺点？", 1)))]
    found = reconcile(prints(now), lock, DECK)
    assert wrong(now, found, lock) == [] and len(found.removed) == 1


def test_renumbered_questions_keep_their_guids(tmp_path: Path):
    """A question is inserted at the top, and all others are renumbered."""
    texts = [(f"什么是第 {n} 种注意力？", f"第 {n} 种：{sentence(random.Random(n), 12)}") for n in range(1, 30)]
    lock = lock_of([Known(n, note) for n, note in enumerate(_numbered(tmp_path / "a.md", texts))])
    now = _numbered(tmp_path / "a.md", [("新的问题是什么？", "一个新的回答。"), *texts])
    found = reconcile([fingerprint(note) for note in now], lock, DECK)
    assert found.guids[1:] == tuple(entry.guid for entry in lock) and found.entries[0] is None and found.ambiguous == ()


def _numbered(path: Path, texts: list[tuple[str, str]]) -> tuple[Note, ...]:
    path.write_text(
        "# 题\n\n"
        + "".join(f"**Q{n:02d}：{question}**\n\n{answer}\n\n" for n, (question, answer) in enumerate(texts, 1))
    )
    return parse_file(path, path.name, path.name, Settings()).notes


def test_hundreds_of_edits_and_moves_match_no_note_wrongly():
    rng = random.Random(3)
    before = deck_of(rng, 1000)
    now = list(before)
    for edit_deck in rng.choices([edit_a_question, edit_an_answer, edit_both, move_to_another_file], k=300):
        now = edit_deck(now, rng)
    lock = lock_of(before)
    now = reorder(now, rng)
    found = reconcile(prints(now), lock, DECK)
    assert wrong(now, found, lock) == [] and len(missed(now, found, lock)) < 10
