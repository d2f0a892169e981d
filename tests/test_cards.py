"""The package holds exactly the cards that Anki's engine would make of the same fields."""

import pytest
from anki.collection import Collection
from bs4 import BeautifulSoup
from decks import BOXES, build, package_of, with_pictures, write_deck
from engine import collection, import_package

from deckgen.cloze.grammar import MAX_CARDS
from deckgen.notetypes import built_in
from deckgen.notetypes.cards import card_ordinals

OCCLUDED = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}<br>"
NOTE = "# D\n\n## Which?\n\n{{c1::one}}\n\n## What?\n\nThis.\n\n## Where?\n\n![](figure:boxes){.occlude}\n"


@pytest.fixture(scope="module")
def col(tmp_path_factory):
    home = tmp_path_factory.mktemp("cards")
    with collection(home / "learner") as opened:
        deck = write_deck(home / "deck", {"a.md": NOTE, "figures/drawings.py": BOXES})
        import_package(opened, package_of(build(with_pictures(deck), home / "out", 1_700_000_000)))
        yield opened


def engine_ordinals(col: Collection, name: str, fields: dict[str, str]) -> tuple[int, ...]:
    note = col.new_note(col.models.by_name(name))
    for field, value in fields.items():
        note[field] = value
    col.add_note(note, col.decks.id("Default"))
    ordinals = tuple(sorted(card.ord for card in note.cards()))
    col.remove_notes([note.id])
    return ordinals


def ours(kind: str, fields: dict[str, str]) -> tuple[int, ...]:
    notetype = built_in()[kind]
    return card_ordinals(notetype, {name: fields.get(name, "") for name in notetype.field_names})


@pytest.mark.parametrize(
    "text, ordinals",
    [
        ("{{c1::a}} {{c3::b}}", (0, 2)),
        ("{{c2::a {{c1::b}} c}}", (0, 1)),
        ("{{c1,2::a}}", (0, 1)),
        ("{{c1::}}", (0,)),
        ("{{c3::a {{c4::b}} {{c2::c}}", ()),
        ("{{c1::a::hint}}", (0,)),
        ("{{c1::{{c2::{{c,::}}}}", (0, 1)),
        ("".join(f"{{{{c{n}::" for n in range(1, 13)) + "}}" * 12, tuple(range(10))),
    ],
)
def test_the_cards_of_clozes_are_those_of_the_engine(col, text, ordinals):
    assert ours("cloze", {"Text": text}) == ordinals
    assert (ordinals or (0,)) == engine_ordinals(col, "Test Deck (Cloze)", {"Title": "t", "Text": text})


@pytest.mark.parametrize("numbers", [(1,), (1, 2), (2,), (1, 1, 3), (3, 2), (10,)])
def test_the_cards_of_masks_are_those_of_the_engine(col, numbers):
    text = "".join(OCCLUDED.replace("c1", f"c{number}") for number in numbers)
    fields = {"Occlusion": text, "Image": '<img src="a.png">', "Header": "h", "Back Extra": "b"}
    mine = ours("occlusion", fields)
    assert (
        mine
        == tuple(sorted({number - 1 for number in numbers}))
        == engine_ordinals(col, "Test Deck (Image occlusion)", fields)
    )
    # Clozes of all fields count, wherever the template shows them.
    fields["Back Extra"] += "{{c12::too}}"
    assert (*mine, 11) == ours("occlusion", fields) == engine_ordinals(col, "Test Deck (Image occlusion)", fields)


@pytest.mark.parametrize("answer, cards", [("{{c2::two}}", (1,)), ("![](figure:boxes){.occlude} `{{c3::x}}`", (0, 1))])
def test_clozes_outside_the_text_of_the_answer_make_no_card(tmp_path, answer, cards):
    """In a question, a section, a source and code, they are text. Cards show them as written."""
    note = f"# {{{{c7::A}}}}\n\n## Which {{{{c5::B}}}}?\n\n{answer}\n\nSource: {{{{c6::C}}}}\n"
    deck = write_deck(tmp_path / "deck", {"a.md": note, "figures/drawings.py": BOXES})
    with collection(tmp_path / "learner") as opened:
        import_package(opened, package_of(build(with_pictures(deck), tmp_path / "out", 1_700_000_000)))
        [imported] = [opened.get_note(nid) for nid in opened.find_notes("")]
        assert tuple(sorted(card.ord for card in imported.cards())) == cards
        before = opened.card_count()
        opened.after_note_updates([imported.id], mark_modified=False, generate_cards=True)
        assert opened.card_count() == before
        for text in ("{{c7::A}}", "{{c5::B}}", "{{c6::C}}"):
            assert text in BeautifulSoup(imported.cards()[0].answer(), "html.parser").get_text()


@pytest.mark.parametrize("reverse", ["", "1"])
@pytest.mark.parametrize("typed", ["", "x"])
@pytest.mark.parametrize("back", ["b", '<img src="a.png">'])
def test_the_cards_of_basic_notes_are_those_of_the_engine(col, reverse, typed, back):
    fields = {"Front": "f", "Back": back, "Reverse": reverse, "Typed": typed, "Section": "s", "Source": "x"}
    assert ours("basic", fields) == engine_ordinals(col, "Test Deck (Q&A)", fields)


@pytest.mark.parametrize("number, asked", [(MAX_CARDS, True), (MAX_CARDS + 1, False), (600, False)])
def test_the_engine_cannot_ask_for_a_cloze_with_a_number_above_the_last(col, number, asked):
    """It makes the card of the last number. The card says that there is no such cloze, so deckgen reports these numbers."""
    note = col.new_note(col.models.by_name("Cloze"))
    note["Text"] = f"{{{{c{number}::x}}}}"
    col.add_note(note, col.decks.id("Default"))
    (card,) = note.cards()
    assert card.ord == MAX_CARDS - 1
    assert ('data-cloze="x"' in card.question(), "No cloze" in card.question()) == (asked, not asked)
