"""Test reconciling with realistic edits: reworded, swapped, moved and replaced notes with short answers. See cases/identity/edits.toml."""

from collections import Counter

import pytest
from edits import ALL, DECK, SITUATIONS, Known, lock_of, note, three, together, tried
from msgspec.structs import replace

from deckgen.identity.fingerprint import fingerprint
from deckgen.identity.information import information, is_replaced
from deckgen.identity.reconcile import reconcile

# The situations in which the note stays between its neighbours.
STAYED = {"in_place", "with_a_note_above", "with_a_note_gone_above", "with_its_neighbour_edited"}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
def test_an_edited_note_is_matched_or_asked_about(situation):
    counts = Counter(outcome for _, outcome in tried(ALL, situation, same=True))
    assert counts["right"] >= 30 and counts["wrong"] == counts["missed"] == 0
    # The author may be asked about a note with an answer like `No.` or `2017` if it is moved away from its neighbours.
    asked = {case.after.answer.source for case, outcome in tried(ALL, situation, same=True) if outcome == "asked"}
    assert not asked if situation.__name__ in STAYED else all(information(answer) < 24 for answer in asked)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
def test_a_note_that_replaces_another_one_is_a_new_note(situation):
    found = list(tried(ALL, situation, same=False))
    assert Counter(outcome for _, outcome in found)["right"] >= 11 and not any(
        outcome in ("wrong", "missed") for _, outcome in found
    )


@pytest.mark.parametrize("same", [True, False], ids=["same", "other"])
def test_edits_in_a_deck_of_three_notes_match_no_note_wrongly(same):
    counts = Counter(outcome for _, outcome in three(ALL, same))
    assert counts["right"] >= (35 if same else 11) and counts["wrong"] == counts["missed"] == 0


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_many_edits_at_once_match_no_note_wrongly(share):
    counts = Counter(outcome for seed in range(5) for _, outcome in together(ALL, share, seed))
    assert counts["right"] > 5 * counts["asked"] and counts["wrong"] == counts["missed"] == 0


def test_a_short_answer_of_one_note_identifies_it():
    before = [note("为什么不用 BatchNorm？", "变长序列的填充会污染批次统计量。", "a.md")]
    after = [note("为什么 Transformer 不用 BatchNorm 做归一化？", "变长序列的填充会污染批次统计量。", "a.md")]
    lock = lock_of([Known(0, each) for each in before])
    found = reconcile([fingerprint(each) for each in after], lock, DECK)
    assert found.guids == (lock[0].guid,) and found.ambiguous == ()


def test_a_short_answer_of_two_notes_identifies_none_of_them():
    answer = "See the chapter on text processing."
    notes = [note("What is a token?", answer, "a.md"), note("What is stemming?", answer, "b.md")]
    lock = lock_of([Known(n, each) for n, each in enumerate(notes)])
    now = [notes[0], note("What is lemmatisation?", answer, "b.md")]
    found = reconcile([fingerprint(each) for each in now], lock, DECK)
    assert [doubt.entries for doubt in found.ambiguous] == [(lock[1],)]


def test_a_short_answer_between_the_same_neighbours_identifies_a_note():
    """The answer alone is not distinctive. The neighbours count in a renamed file too."""
    others = [note("什么是注意力？", "按相似度加权求和。", "a.md"), note("什么是残差？", "跨层相加的输入。", "a.md")]
    old, new = (
        note("顺序重要吗？", "有一点影响。", "a.md"),
        note("打乱输入的次序，输出怎么变？", "有一点影响。", "a.md"),
    )
    lock = lock_of([Known(n, each) for n, each in enumerate([others[0], old, others[1]])])
    between = reconcile([fingerprint(each) for each in (others[0], new, others[1])], lock, DECK)
    renamed = reconcile([fingerprint(replace(each, key="b.md")) for each in (others[0], new, others[1])], lock, DECK)
    moved = reconcile([fingerprint(each) for each in (new, *others)], lock, DECK)
    assert between.guids[1] == renamed.guids[1] == lock[1].guid and moved.guids[0] != lock[1].guid


@pytest.mark.parametrize(
    "uninformative, informative",
    [
        ("Yes.", "Padding distorts the batch statistics."),
        ("不可以。", "变长序列的填充会污染批次统计量。"),
        ("$O(n^2)$", "退化为贪心解码。"),
        ("2017", "William Shakespeare"),
        ("See above.", "每层每头的键和值。"),
        ("It depends.", "非负，各分量的总和为一。"),
        ("Yes, yes, yes, yes, yes, yes!", "パディングが統計量を歪めるため。"),
    ],
)
def test_information_is_not_the_length_of_an_answer(uninformative, informative):
    assert information(uninformative) < 14 and information(informative) >= 24


@pytest.mark.parametrize(
    "old, new, replaced",
    [
        ("Is a list hashable?", "Is a dict hashable?", True),
        ("法国的首都是哪里？", "德国的首都是哪里？", True),
        ("Is a tuple mutable?", "Are tuples in Python mutable?", False),
        ("编码器有几层？", "原论文中编码器有几层？", False),
        ("论文发表于哪一年？", "论文是哪一年发表的？", False),
        ("BERT 有几层？", "RoBERTa 有几层？", True),
    ],
)
def test_is_replaced_finds_replaced_words_of_a_question(old, new, replaced):
    assert is_replaced(old, new) is replaced
