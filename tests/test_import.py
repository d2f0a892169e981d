"""Test with Anki's engine that a further import updates the changed notes in place, and no others."""

from pathlib import Path

import pytest
from decks import PIXEL, build, package_of, write_deck
from engine import (
    ENGINE,
    Imported,
    collection,
    import_package,
    media_problems,
    note_types,
    render_errors,
    schedules,
    study,
)

NOW = 1_700_000_000
ATTENTION = """---
title: Attention
tags: [transformer]
---

# Attention

## Scores

### Why divide by $\\sqrt{d_k}$?

The variance of $q \\cdot k$ is $d_k$ if the parts are independent: $a < b$ & so on.

$$
\\operatorname{softmax}\\left(\\frac{QK^\\top}{\\sqrt{d_k}}\\right)V
$$

Source: [Vaswani et al. 2017](https://arxiv.org/abs/1706.03762)

### What shape has $QK^\\top$? {.reversed}

| rows | columns |
|---|---|
| $n$ | $n$ |

![scores](img/scores.png)

### How is it written in NumPy?

```python
def scores(q, k):
    return q @ k.T / k.shape[-1] ** 0.5  # {{not a cloze}}
```

### How many heads has the base model? {#heads .typed}

8
"""
POSITION = """# Position

## What does the encoding add?

It adds {{c1::$\\sin\\left(\\frac{pos}{10000^{2i/d}}\\right)$}} and {{c2::a cosine::function}}, see {{c1::{{c3::both}} parts}}.

## What is lost without it?

The order: attention is **permutation equivariant**.
"""


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return write_deck(
        tmp_path / "deck", {"1-attention.md": ATTENTION, "2-position.md": POSITION, "img/scores.png": PIXEL}
    )


def test_all_notes_of_a_package_are_imported_into_an_empty_collection(deck, tmp_path):
    summary = build(deck, tmp_path / "out", NOW)
    with collection(tmp_path / "learner") as col:
        assert import_package(col, package_of(summary)) == Imported(new=6, updated=0, duplicate=0, conflicting=0)
        assert col.card_count() == summary["cards"] == 9
        assert render_errors(col) == []
        assert media_problems(col) == {"missing": [], "unused": []}
        assert note_types(col) == {"Test Deck (Q&A)", "Test Deck (Cloze)"}
        assert {d.name for d in col.decks.all_names_and_ids()} == {"Default", "Test Deck"}


def test_new_cards_are_in_reading_order(deck, tmp_path):
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "out", NOW)))
        firsts = col.db.list("select n.flds from cards c join notes n on n.id = c.nid group by n.id order by c.due")
        assert [fields.split("\x1f")[0][:10] for fields in firsts] == [
            "Why divide",
            "What shape",
            "How is it ",
            "How many h",
            "What does ",
            "What is lo",
        ]
        assert col.db.list("select due from cards group by nid order by due") == [10, 20, 30, 40, 50, 60]


def test_edited_notes_are_updated_in_place_and_keep_their_schedules(deck, tmp_path):
    first = build(deck, tmp_path / "one", NOW)
    position = deck / "2-position.md"
    attention = deck / "1-attention.md"
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(first))
        study(col, 5)
        before = schedules(col)
        schema = col.db.scalar("select scm from col")

        # Edit an answer and a question, and insert a new note above all others.
        position.write_text(position.read_text().replace("permutation equivariant", "equivariant to permutations"))
        attention.write_text(
            attention.read_text()
            .replace("How is it written in NumPy?", "How would you write it in NumPy?")
            .replace("## Scores\n", "## Scores\n\n### What is a query?\n\nWhat a position asks for.\n", 1)
        )
        second = build(deck, tmp_path / "two", NOW + 60)
        assert (second["added"], second["changed"], second["unchanged"], second["retired"]) == (1, 2, 4, 0)

        assert import_package(col, package_of(second)) == Imported(new=1, updated=2, duplicate=4, conflicting=0)
        assert col.note_count() == 7
        after = schedules(col)
        assert {key: after[key] for key in before} == before
        assert sum(row[3] != 0 for row in after.values()) > 0, "nothing was studied"
        assert note_types(col) == {"Test Deck (Q&A)", "Test Deck (Cloze)"}
        assert not [m.name for m in col.models.all_names_and_ids() if m.name.endswith("+")]
        assert col.db.scalar("select scm from col") == schema, "the next sync would be a full sync"
        assert render_errors(col) == []
        assert media_problems(col) == {"missing": [], "unused": []}
        assert col.find_notes("equivariant to permutations") and col.find_notes("would you write")


def test_unchanged_notes_keep_the_edits_of_the_learner(deck, tmp_path):
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "one", NOW)))
        note = col.get_note(col.find_notes("How many heads")[0])
        note["Back"] += " (my own remark)"
        note.tags.append("mine")
        col.update_note(note)
        (deck / "2-position.md").write_text(POSITION.replace("The order", "All order"))
        assert import_package(col, package_of(build(deck, tmp_path / "two", NOW + 60))).updated == 1
        note.load()
        assert "my own remark" in note["Back"] and "mine" in note.tags


def test_a_second_build_of_the_same_notes_gives_the_same_package(deck, tmp_path):
    first = build(deck, tmp_path / "one", NOW)
    again = build(deck, tmp_path / "two", NOW + 3600)
    assert package_of(first).read_bytes() == package_of(again).read_bytes()
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(first))
        assert import_package(col, package_of(again)) == Imported(new=0, updated=0, duplicate=6, conflicting=0)


def test_a_removed_note_is_retired_and_keeps_its_guid_when_it_comes_back(deck, tmp_path):
    build(deck, tmp_path / "one", NOW)
    lock = (deck / "deck.lock").read_text()
    position = deck / "2-position.md"
    position.write_text(POSITION.partition("## What is lost")[0])
    gone = build(deck, tmp_path / "two", NOW + 60)
    assert (gone["retired"], gone["notes"]) == (1, 5)
    assert '"state": "retired"' in (deck / "deck.lock").read_text()
    position.write_text(POSITION)
    back = build(deck, tmp_path / "three", NOW + 120)
    assert (back["added"], back["notes"]) == (1, 6)
    guids = {line.split('"')[3] for line in lock.splitlines() if line.startswith('{"guid"')}
    assert {
        line.split('"')[3] for line in (deck / "deck.lock").read_text().splitlines() if line.startswith('{"guid"')
    } == guids


@pytest.mark.skipif(ENGINE < (25,), reason="engines before 25 give updated notes the time of the import")
def test_a_second_change_in_the_same_second_gets_a_later_time(deck, tmp_path):
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "one", NOW)))
        for text in ("First.", "Second."):
            (deck / "2-position.md").write_text(POSITION.replace("The order", text))
            assert import_package(col, package_of(build(deck, tmp_path / "out", NOW))).updated == 1
        assert col.find_notes("Second.")
