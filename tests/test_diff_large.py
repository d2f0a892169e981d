"""Test `deckgen diff` on large packages and on fields made to take long: the time is bounded, and no note is left out silently."""

import sys
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from decks import build, package_of, write_deck
from limits import run_limited

from deckgen.diff.compare import compare
from deckgen.diff.page import page
from deckgen.diff.summary import title
from deckgen.diff.words import compare_words, tokens
from deckgen.package.contents import Package
from deckgen.package.read import read_package

# Marks that are never closed. A search for the end from each of them would take minutes.
MARKS = [
    "<",
    "<!--",
    "<script>",
    "<style>",
    "<a ",
    '<a b="',
    "\\(",
    "\\[",
    "\\({",
    "<anki-mathjax>",
    "&",
    "[sound:",
    "[anki:tts]",
]


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Package:
    home = tmp_path_factory.mktemp("large")
    notes = "## What is a query?\n\nA vector.\n"
    return read_package(package_of(build(write_deck(home / "deck", {"a.md": notes}), home / "out", 1_700_000_000)))


def with_texts(package: Package, texts: list[str], mod: int = 0) -> Package:
    """The package with a note for each text, which is its first field."""
    note = package.notes[0]
    return replace(
        package,
        notes=tuple(
            replace(note, guid=f"guid{n}", fields=(text, *note.fields[1:]), mod=note.mod + mod)
            for n, text in enumerate(texts)
        ),
    )


def test_the_page_has_the_cards_of_some_notes_and_the_titles_of_all(package):
    old = with_texts(package, [f"Question {n}" for n in range(700)])
    new = with_texts(package, [f"Question {n}?" for n in range(600)], 1)
    soup = BeautifulSoup(page(compare(old, new)), "html.parser")
    assert [heading.text for heading in soup.find_all("h2")] == ["Changed (600)", "Removed (100)"]
    changed, removed = soup.find_all("section")
    assert [len(part.find_all("article")) for part in (changed, removed)] == [500, 100]
    assert changed.find("summary", string="100 more notes, without their cards: the page would be too large")
    assert [item.text for item in changed.find_all("li")] == [f"Question {n}?" for n in range(500, 600)]


def test_a_very_long_note_is_listed_without_its_cards(package):
    old, new = with_texts(package, ["a b " * 60_000]), with_texts(package, ["a b " * 60_000 + "c"], 1)
    soup = BeautifulSoup(page(compare(old, new)), "html.parser")
    assert soup.find("article") is None
    assert soup.find("summary").text == "1 notes, without their cards: the page would be too large"
    assert soup.find("li").text.startswith("a b a b")


def test_very_long_texts_are_compared_as_one_word():
    long = "word " * 50_000
    assert [run.text for run in compare_words(long, "other")] == [long, "other"]
    assert len(compare_words("a " * 40_000, "b " * 40_000)) == 2
    assert "".join(tokens(long)) == long


def test_the_title_of_a_long_field_is_its_beginning_without_control_characters(package):
    (note,) = with_texts(package, ["\x1b[2J<b>Title</b>" + " x" * 10**6]).notes
    assert title(note).startswith("[2JTitle x x")


@pytest.mark.parametrize("mark", MARKS)
def test_marks_that_are_never_closed_stay_in_the_text(mark):
    text = f"<p>a</p>{mark}b " * 20
    assert "".join(tokens(text)) == text


CARDS = """
import sys
from deckgen.cards.template import render
from deckgen.diff.sides import media_of
from deckgen.diff.words import compare_words
for mark in sys.argv[1:]:
    print(mark, flush=True)
    text = mark * (100_000 // len(mark))
    for front in ("{{F}}", "{{text:F}}", "{{furigana:F}}", "{{cloze:F}}", "{{type:F}}"):
        question, answer = render(front, "{{FrontSide}}" + front, {"F": "{{c1::" + text + "}}" + text}, 0, {})
        media_of(question)
        compare_words(question, answer)
"""


@pytest.mark.proof
def test_cards_with_marks_that_are_never_closed_are_shown():
    """A search from each mark to the end of the text would take minutes; all of this takes a few seconds."""
    marks = [*MARKS, "a[", " ", "a"]
    done = run_limited([sys.executable, "-c", CARDS, *marks])
    assert (done.returncode, done.stdout.splitlines()) == (0, marks), done.stderr
