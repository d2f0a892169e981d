"""Notes of all dialects become cards: what is given stands on the front, and Anki imports them."""

import json

import pytest
from case_files import TESTS
from decks import DECK_TOML, PIXEL, run, write_deck
from engine import collection, import_package, media_faults, render_faults

CASES = sorted((TESTS / "cases" / "dialects").glob("*.md"))
# Pictures that the cases name.
PICTURES = ("a.png", "q.png", "t.png", "picture.png")
NOW = 1_700_000_000
CHOICE = """# Quiz

### What is printed?

```python
print(1)
```

- A: 1
- B: 2

**Answer:** A

Since it prints.
"""
CLOZES = "C: Blood leaves by the [arteries] and comes by the [veins].\n\n---\n\nC: One [more].\n"


def listed(deck) -> list[dict]:
    return json.loads(run("list", deck, "--json").stdout)


def guids(deck) -> list[str]:
    rows = [json.loads(line) for line in (deck / "deck.lock").read_text().splitlines() if line.startswith("{")]
    return [row["guid"] for row in rows if "guid" in row]


def build(deck, tmp_path):
    done = run("build", deck, "--out", tmp_path / "out", now=NOW)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_cards_of_every_dialect_are_imported_by_anki(tmp_path):
    files = {case.name: case.read_bytes() for case in CASES}
    deck = write_deck(tmp_path / "deck", {"deck.toml": DECK_TOML, **dict.fromkeys(PICTURES, PIXEL), **files})
    wrong = {line.split(":")[0] for line in run("check", ".", cwd=deck).stderr.splitlines() if ": error: " in line}
    assert len(wrong) < len(CASES) // 4, "the cases with errors"
    for name in wrong:
        (deck / name).unlink()
    build(deck, tmp_path)
    notes = listed(deck)
    with collection(tmp_path / "anki") as col:
        assert import_package(col, tmp_path / "out" / "test-deck-1.0.0.apkg").new == len(notes) > 60
        assert render_faults(col) == []
        assert media_faults(col)["missing"] == []
    for note in notes:
        for left in ("<!--", "+++", "???\n", "</details>", "note_key", "noteId", "SR:"):
            assert left not in note["back"], note


def test_what_is_given_stands_on_the_front(tmp_path):
    (note,) = listed(write_deck(tmp_path / "deck", {"a.md": CHOICE}))
    assert note["question"] == "What is printed?"
    assert note["front"].index("What is printed?") < note["front"].index("<code>") < note["front"].index("B: 2")
    assert note["back"].startswith("<p>A</p>") and "B: 2" not in note["back"]


def test_a_statement_has_no_title_and_asks_each_cloze(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": CLOZES})
    first, second = listed(deck)
    assert (first["kind"], first["front"]) == ("cloze", "")
    assert first["question"] == "Blood leaves by the [arteries] and comes by the [veins]."
    assert first["back"] == "<p>Blood leaves by the {{c1::arteries}} and comes by the {{c2::veins}}.</p>"
    assert second["back"] == "<p>One {{c1::more}}.</p>"
    build(deck, tmp_path)
    with collection(tmp_path / "anki") as col:
        import_package(col, tmp_path / "out" / "test-deck-1.0.0.apkg")
        assert col.card_count() == 3 and render_faults(col) == []


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("- B: 2", "- B: two", "1 changed"),
        ("print(1)", "print(1 )", "1 changed"),
        ("Since it prints.", "Since it prints 1.", "1 changed"),
    ],
)
def test_a_note_stays_the_same_note_when_what_is_given_changes(tmp_path, before, after, told):
    deck = write_deck(tmp_path / "deck", {"a.md": CHOICE})
    build(deck, tmp_path)
    first = guids(deck)
    write_deck(deck, {"a.md": CHOICE.replace(before, after)})
    assert told in build(deck, tmp_path)
    assert guids(deck) == first


def test_the_dates_of_reviews_change_no_note(tmp_path):
    card = "What is {}?\n?\nA letter.\n<!--SR:!2024-01-0{},3,250-->\n\n"
    text = "# Letters\n\n" + "".join(card.format(name, 1) for name in "abc")
    deck = write_deck(tmp_path / "deck", {"a.md": text})
    build(deck, tmp_path)
    lock = (deck / "deck.lock").read_bytes()
    write_deck(deck, {"a.md": text.replace("2024-01-01", "2026-05-06")})
    assert "0 added, 0 changed, 3 unchanged" in build(deck, tmp_path)
    assert (deck / "deck.lock").read_bytes() == lock


def test_an_id_of_another_tool_keeps_a_note_whose_text_is_new(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "# T\n\n## What is a?\n\nThe first.\n<!--ID: 1577836800000-->\n"})
    build(deck, tmp_path)
    first = guids(deck)
    write_deck(deck, {"a.md": "# T\n\n## Which letter ends it?\n\nIt is z.\n<!--ID: 1577836800000-->\n"})
    build(deck, tmp_path)
    assert guids(deck) == first
