"""Tests the page of a diff: nothing in a package can become an element of the page itself."""

from dataclasses import replace

from bs4 import BeautifulSoup
from decks import build, package_of, write_deck

from deckgen.diff.compare import compare
from deckgen.diff.page import page
from deckgen.package.contents import PackedNote
from deckgen.package.read import read_package

NOTES = "## What is a query?\n\nA vector.\n\n## What is a key?\n\nA vector.\n"
EVIL = "\"'></p></script><script>alert(1)</script><img src=x>&amp;"


def hostile(note: PackedNote) -> PackedNote:
    """Return the note with HTML in every name that a package chooses freely."""
    notetype = replace(
        note.notetype,
        name=EVIL,
        css=f"/* {EVIL} */",
        fields=tuple(replace(field, name=field.name + EVIL) for field in note.notetype.fields),
    )
    return replace(
        note,
        guid=note.guid + EVIL,
        notetype=notetype,
        fields=(EVIL, *note.fields[1:]),
        tags=(EVIL,),
        cards=tuple(replace(card, deck=EVIL) for card in note.cards),
    )


def test_names_and_fields_of_a_package_are_escaped(tmp_path):
    old = read_package(
        package_of(build(write_deck(tmp_path / "deck", {"a.md": NOTES}), tmp_path / "out", 1_700_000_000))
    )
    first, second = old.notes
    changed = replace(hostile(second), guid=second.guid)
    soup = BeautifulSoup(page(compare(old, replace(old, notes=(hostile(first), changed)))), "html.parser")
    assert [script.get("id") for script in soup.find_all("script")] == ["styles", "media", None]
    assert "alert(1)" not in soup.find_all("script")[-1].text
    assert not soup.find_all("img") and [heading.text for heading in soup.find_all("h2")] == [
        "Note types (1)",
        "Changed (1)",
        "Added (1)",
        "Removed (1)",
        "Moved (1)",
    ]
    assert {article["id"] for article in soup.find_all("article")} == {
        first.guid,
        second.guid,
        first.guid + EVIL,
    }
    text = soup.get_text()
    assert text.count(EVIL) > 6 and soup.find("ins").text == EVIL
