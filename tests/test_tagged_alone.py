"""A tag of a card alone in a heading."""

from deckgen.parse import parse_file
from deckgen.parse.meta import Settings


def test_a_heading_with_only_a_tag_takes_the_paragraph_above(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("What is red?\n\n## #card\n\nA warm colour.\n\n## What is blue? #card\n\nA cold colour.\n")
    notes = parse_file(path, "a.md", "a.md", Settings()).notes
    assert [note.question.source for note in notes] == ["What is red?", "What is blue?"]
