"""Tests note types that a deck declares: build, import into Anki's engine, update in place. Also tests theme.css."""

import json
from pathlib import Path

import pytest
from decks import PIXEL, build, package_of, run, write_deck
from engine import (
    Imported,
    cards,
    collection,
    import_package,
    media_problems,
    note_types,
    render_errors,
    schedules,
    study,
)
from locks import without_checksums

from deckgen.package.read import read_package

NOW = 1_700_000_000
TYPE = """name = "Word"

[[field]]
name = "Word"
role = "question"

[[field]]
name = "Meaning"
role = "answer"

[[field]]
name = "Hint"
role = "hint"

[[field]]
name = "Example"
label = ["Example", "例句"]

[[field]]
name = "From"
role = "source"

[[field]]
name = "Status"
role = "status"

[[field]]
name = "Spare"
role = "spare"

[[template]]
name = "Meaning"
front = "front.html"
back = "back.html"

[[template]]
name = "Gap"
front = "example.html"
back = "back.html"
"""
FRONT = "{{Status}}<b>{{Word}}</b>{{#Hint}}{{hint:Hint}}{{/Hint}}\n"
EXAMPLE = "{{#Example}}<i>{{Example}}</i>{{/Example}}\n"
BACK = "{{FrontSide}}<hr id=answer>{{Meaning}}{{#From}}<p>{{From}}{{/From}}\n"
NOTES = """---
deckgen: {dialect: heading, level: 2}
---
# Words

## plain

An ordinary note.

## token {.word}

Hint: not *quite*
a word

What a model reads.

**例句：** The $x_1$ of ![a boat](boat.png).

Two paragraphs.

Source: A book

## logit {.word}

A score before the softmax.
"""
TYPES = {
    "types/word/type.toml": TYPE,
    "types/word/front.html": FRONT,
    "types/word/back.html": BACK,
    "types/word/example.html": EXAMPLE,
    "types/word/style.css": "i { color: green; }\n",
}


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return write_deck(tmp_path / "deck", {**TYPES, "a.md": NOTES, "boat.png": PIXEL})


def row_of(deck: Path, kind: str) -> dict:
    rows = [json.loads(line) for line in (deck / "deck.lock").read_text().splitlines() if line]
    return next(row for row in rows if row.get("notetype") == kind)


def test_fields_are_filled_from_the_parts_of_a_note(deck, tmp_path):
    summary = build(deck, tmp_path / "out", NOW)
    token, logit = [
        each.named() for each in read_package(package_of(summary)).notes if each.notetype.name.endswith("Word)")
    ]
    assert token["Word"] == "token" and token["Hint"] == "not <em>quite</em> a word" and token["From"] == "A book"
    assert token["Meaning"] == "<p>What a model reads.</p>\n<p>Two paragraphs.</p>"
    assert token["Example"].startswith("The \\(x_1\\) of <img") and 'src="boat-' in token["Example"]
    assert (logit["Hint"], logit["Example"], logit["Spare"]) == ("", "", "")


def test_notes_of_the_type_are_updated_in_place_and_keep_their_schedules(deck, tmp_path):
    first = build(deck, tmp_path / "out", NOW)
    assert (first["notes"], first["cards"]) == (3, 4)
    with collection(tmp_path / "learner") as col:
        assert import_package(col, package_of(first)) == Imported(new=3, updated=0, duplicate=0, conflicting=0)
        assert note_types(col) == {"Test Deck (Q&A)", "Test Deck (Word)"}
        assert render_errors(col) == [] and media_problems(col) == {"missing": [], "unused": []}
        study(col, 4)
        before = schedules(col)
        write_deck(deck, {"a.md": NOTES.replace("not *quite*", "nearly")})
        second = build(deck, tmp_path / "out", NOW + 9)
        assert (second["added"], second["changed"], second["unchanged"]) == (0, 1, 2)
        assert import_package(col, package_of(second)) == Imported(new=0, updated=1, duplicate=2, conflicting=0)
        assert schedules(col) == before
        assert sum("nearly" in card.question() for card in cards(col)) == 1


def test_the_ids_of_the_type_are_frozen_in_the_lock(deck, tmp_path):
    """The package has the ids of the lock, also if they are edited there. A renamed type keeps its ids."""
    build(deck, tmp_path / "out", NOW)
    row = row_of(deck, "word")
    assert list(row["fields"]) == ["Word", "Meaning", "Hint", "Example", "From", "Status", "Spare"]
    lock = without_checksums((deck / "deck.lock").read_text())
    (deck / "deck.lock").write_text(
        lock.replace(f'"id": {row["id"]}', '"id": 1234567890123').replace(str(row["fields"]["Hint"]), "77")
    )
    write_deck(deck, {"types/word/type.toml": TYPE.replace('name = "Word"', 'name = "Vocabulary"', 1)})
    package = read_package(package_of(build(deck, tmp_path / "out", NOW + 9)))
    (notetype,) = {
        each.notetype.id: each.notetype for each in package.notes if each.notetype.name.endswith("y)")
    }.values()
    assert notetype.id == 1234567890123 and notetype.name == "Test Deck (Vocabulary)"
    assert {each.name: each.id for each in notetype.fields} == row["fields"] | {"Hint": 77}
    assert "id" not in row_of(deck, "basic")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('[[field]]\nname = "Spare"\nrole = "spare"\n', "", "the fields were Word, Meaning"),
        ('name = "Gap"', 'name = "Hole"', "the templates were Meaning, Gap"),
    ],
)
def test_changed_fields_or_templates_after_the_first_build_are_an_error(deck, tmp_path, old, new, message):
    build(deck, tmp_path / "out", NOW)
    lock = (deck / "deck.lock").read_text()
    assert old in TYPE
    write_deck(deck, {"types/word/type.toml": TYPE.replace(old, new)})
    result = run("build", "deck", cwd=tmp_path)
    assert result.returncode == 1 and f"deck/types/word/type.toml:1:1: error: {message}" in result.stderr
    assert (
        "restore them, or make a new type in a new folder" in result.stderr and (deck / "deck.lock").read_text() == lock
    )


def test_the_reason_for_an_edited_labelled_paragraph_is_text(deck, tmp_path):
    build(deck, tmp_path / "out", NOW)
    write_deck(deck, {"a.md": NOTES.replace("The $x_1$", "An $x_1$")})
    (note,) = build(deck, tmp_path / "out", NOW + 9)["changed_notes"]
    assert note["question"] == "token" and note["reasons"] == ["text"]


def test_text_without_a_field_is_an_error(deck, tmp_path):
    write_deck(
        deck,
        {
            "types/word/type.toml": TYPE.replace('[[field]]\nname = "Meaning"\nrole = "answer"\n', ""),
            "types/word/back.html": "{{Example}}",
            "a.md": "# D\n\n## What is a token? {.word}\n\nExample: One.\nHint: Two.\n\n## What is a logit? {.word}\n\nExample: One.\n\nLost.\n",
        },
    )
    result = run("check", "deck", cwd=tmp_path)
    assert result.stderr.splitlines() == [
        "deck/a.md:12:1: error: no field of the note type word takes this text (begin the paragraph with one of Hint:, 提示:, Example:, 例句:) [note-type-mismatch]"
    ]
    write_deck(deck, {"a.md": (deck / "a.md").read_text().replace("\nLost.\n", "")})
    package = read_package(package_of(build(deck, tmp_path / "out", NOW)))
    assert [(note.named()["Example"], note.named()["Hint"]) for note in package.notes] == [
        ("One.", "Two."),
        ("One.", ""),
    ]


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (
            "## Q? {.word}\n\nHint: a\n\nHint: b\n\nA.\n",
            "a.md:5:7: error: the note has another paragraph for the field Hint",
        ),
        ("## Q? {.word}\n\n{{c1::A}}.\n", "a.md:3:1: error: a word note has no clozes"),
        ("## Q? {.word .reversed}\n\nA.\n", "a.md:1:1: warning: .reversed has no meaning on a word note"),
        ("## Q? {.wrd}\n\nA.\n", "a.md:1:1: error: unknown attribute .wrd (known: .reversed, .typed, .word)"),
        ("## Q? {.word}\n\nHint: a\n", "a.md:1:1: error: no answer to “Q?”"),
    ],
)
def test_a_note_that_does_not_fit_its_type_is_reported_at_its_line(deck, tmp_path, note, message):
    write_deck(deck, {"a.md": note})
    shown = run("check", "deck", cwd=tmp_path).stderr
    assert f"deck/{message}" in shown, shown


def test_a_label_in_code_or_inside_a_paragraph_is_text(deck, tmp_path):
    write_deck(deck, {"a.md": "## Q? {.word}\n\nSee\nHint: this.\n\n```\n\nHint: code\n```\n"})
    (note,) = read_package(package_of(build(deck, tmp_path / "out", NOW))).notes
    assert note.named()["Hint"] == "" and note.named()["Meaning"].count("Hint") == 2


def test_a_lock_is_restored_with_the_ids_of_its_types(deck, tmp_path):
    package = package_of(build(deck, tmp_path / "out", NOW))
    lock = (deck / "deck.lock").read_text()
    (deck / "deck.lock").unlink()
    assert run("lock", "from", package, "deck", cwd=tmp_path).returncode == 0
    assert (deck / "deck.lock").read_text() == lock


def test_the_theme_is_at_the_end_of_the_css_of_all_types(deck, tmp_path):
    first = build(deck, tmp_path / "out", NOW)
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(first))
        before = schedules(col)
        write_deck(deck, {"theme.css": ".card { --accent: #7a1fa2; }\r\n"})
        second = build(deck, tmp_path / "out", NOW + 9)
        assert second["changed_notetypes"] == ["basic", "word"] and second["changed"] == 0
        assert import_package(col, package_of(second)).new == 0
        looks = [card.note_type()["css"] for card in cards(col)]
        assert all(css.endswith(".card { --accent: #7a1fa2; }\n") for css in looks) and schedules(col) == before
    kinds = {note.notetype.name: note.notetype.mod for note in read_package(package_of(second)).notes}
    assert set(kinds.values()) == {NOW + 9}
