"""A file with cards of one plugin in several dialects, which are read together."""

import pytest

from deckgen.parse import parse_file
from deckgen.parse.meta import Settings

LINES = "Nucleus :: DNA\n\nRibosome :: proteins\n\nGolgi body :: packing\n\n"
SIGNS = "What is around the cell?\n?\nA membrane.\n\n"
CLOZE = "The ==mitochondrion== makes energy.\n"


@pytest.mark.parametrize("before", ["one-line", "spaced-repetition", "cloze"])
def test_more_cards_of_another_kind_do_not_change_the_dialect_of_a_file(tmp_path, before):
    file = tmp_path / "cells.md"
    file.write_text(f"#flashcards\n\n{LINES}{SIGNS}{CLOZE}", encoding="utf-8")
    parsed = parse_file(file, file.name, file.name, Settings(remembered=before))
    assert parsed.dialect == before
    assert {problem.code for problem in parsed.problems} == {"dialect-joined"}
    assert [note.question.source for note in parsed.notes] == [
        "Nucleus",
        "Ribosome",
        "Golgi body",
        "What is around the cell?",
        "The ==mitochondrion== makes energy.",
    ]


def test_a_named_dialect_is_the_only_one(tmp_path):
    file = tmp_path / "cells.md"
    file.write_text(f"#flashcards\n\n{LINES}{SIGNS}{CLOZE}", encoding="utf-8")
    assert len(parse_file(file, file.name, file.name, Settings(dialect="one-line")).notes) == 3
