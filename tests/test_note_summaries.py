"""What is stored with the rendering of a note equals what is computed of the rendered note, and a repeated question is found with the cache too."""

from pathlib import Path

from decks import DECK_TOML, run, write_deck

from deckgen.pipeline.caches import Caches
from deckgen.pipeline.reading import read_notes
from deckgen.pipeline.rendering import render_notes
from deckgen.pipeline.summary import summary
from deckgen.sources import files_at

NOTES = "# Attention\n\n## What is a query?\n\nA vector.\n\n## What is the mean?\n\nA {{c1::weighted}} {{c3::mean}}.\n"
AGAIN = "# Attention\n\n## What exactly is the query?\n\nAnother.\n\n## What is a word?\n\n![none](none.png)\n"


def nothing(*_: object) -> None:
    pass


def test_summaries_are_those_of_the_rendered_notes(tmp_path):
    deck = write_deck(tmp_path, {"deck.toml": DECK_TOML, "a.md": NOTES, "b.md": AGAIN})
    with Caches() as caches:
        read = read_notes(files_at(deck), nothing, caches)
        rendered, _ = render_notes(read, {deck: nothing}, {deck: nothing}, nothing, caches)
    known = [read.summaries.get(id(item.note)) for item in rendered]
    assert [each is not None for each in known] == [True, True, True, False]  # the last one names a file
    for item, each in zip(rendered, known):
        assert each is None or each == summary(item)
        assert (read.content_of(item), read.cards_of(item), read.keys_of(item)) == (
            summary(item).content,
            summary(item).cards,
            summary(item).keys,
        )
    assert read.cards_of(rendered[1]) == (0, 2)


def test_a_repeated_question_is_reported_with_and_without_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DECKGEN_CACHE", str(tmp_path / "cache"))
    deck: Path = write_deck(tmp_path / "deck", {"deck.toml": DECK_TOML, "a.md": NOTES, "b.md": AGAIN})
    first = run("check", "deck", cwd=tmp_path)
    assert "deck/b.md:3:4: warning: asks the same as deck/a.md:3" in first.stderr
    assert run("check", "deck", cwd=tmp_path).stderr == first.stderr
    (deck / "a.md").write_text(NOTES.replace("a query", "a key"), "utf-8")
    assert "asks the same" not in run("check", "deck", cwd=tmp_path).stderr
