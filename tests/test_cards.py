"""The package holds exactly the cards that Anki's engine would make of the same fields."""

import pytest
from anki.collection import Collection
from decks import build, package_of, write_deck
from deckgen.model import Kind
from deckgen.notetypes import fields_of
from deckgen.notetypes.cards import card_ordinals
from engine import collection, import_package
from hypothesis import given, settings
from hypothesis import strategies as st

NOTE = "# D\n\n## Which?\n\n{{c1::one}}\n\n## What?\n\nThis.\n"


@pytest.fixture(scope="module")
def col(tmp_path_factory):
    home = tmp_path_factory.mktemp("cards")
    with collection(home / "learner") as opened:
        import_package(opened, package_of(build(write_deck(home / "deck", {"a.md": NOTE}), home / "out", 1_700_000_000)))
        yield opened


def engine_ordinals(col: Collection, name: str, fields: dict[str, str]) -> tuple[int, ...]:
    note = col.new_note(col.models.by_name(name))
    for field, value in fields.items():
        note[field] = value
    col.add_note(note, col.decks.id("Default"))
    ordinals = tuple(sorted(card.ord for card in note.cards()))
    col.remove_notes([note.id])
    return ordinals


def ours(kind: Kind, fields: dict[str, str]) -> tuple[int, ...]:
    return card_ordinals(kind, {name: fields.get(name, "") for name in fields_of(kind)})


pieces = st.sampled_from(["{{c1::", "{{c2::", "{{c10::", "{{c1,3::", "{{c0::", "{{c::", "{{c,::", "}}", "}", "{", "::", "a", "\\(x\\)", "{{", "<b>", ","])


@given(st.lists(pieces, max_size=12).map("".join))
@settings(max_examples=400, deadline=None)
def test_cloze_cards(col, text):
    mine = ours(Kind.CLOZE, {"Title": "t", "Text": text})
    # Of a note without a cloze the engine makes a card that says so; deckgen refuses the note.
    assert (mine or (0,)) == engine_ordinals(col, "Test Deck (Cloze)", {"Title": "t", "Text": text})


@pytest.mark.parametrize("text, ordinals", [
    ("{{c1::a}} {{c3::b}}", (0, 2)), ("{{c2::a {{c1::b}} c}}", (0, 1)), ("{{c1,2::a}}", (0, 1)), ("{{c1::}}", (0,)),
    ("{{c3::a {{c4::b}} {{c2::c}}", ()), ("{{c1::a::hint}}", (0,)),
])
def test_where_genanki_alone_would_be_wrong(col, text, ordinals):
    assert ours(Kind.CLOZE, {"Text": text}) == ordinals
    assert (ordinals or (0,)) == engine_ordinals(col, "Test Deck (Cloze)", {"Title": "t", "Text": text})


@pytest.mark.parametrize("reverse", ["", "1"])
@pytest.mark.parametrize("typed", ["", "x"])
@pytest.mark.parametrize("back", ["b", '<img src="a.png">'])
def test_basic_cards(col, reverse, typed, back):
    fields = {"Front": "f", "Back": back, "Reverse": reverse, "Typed": typed, "Section": "s", "Source": "x"}
    assert ours(Kind.BASIC, fields) == engine_ordinals(col, "Test Deck (Q&A)", fields)
