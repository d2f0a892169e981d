"""An edit of a text is written at its place in the file, in every dialect, or it is refused. Nothing else of the file changes."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.problems import DeckError
from deckgen.pull.note_edit import EditedFile, read_file, with_texts
from deckgen.pull.note_texts import texts_of
from deckgen.pull.place import NoPlace
from deckgen.pull.raw_lines import RawLines, Splice
from deckgen.sources import files_at

CASES = sorted((Path(__file__).parent / "cases" / "dialects").glob("*.md"))


def edited(source: str, rng: random.Random) -> str:
    """A text after an edit of a person: words changed, added or removed, lines and paragraphs added or removed."""
    lines = source.split("\n")
    n = rng.randrange(len(lines))
    kind = rng.randrange(5)
    if kind == 0:
        words = lines[n].split(" ")
        words[rng.randrange(len(words))] = "changed"
        lines[n] = " ".join(words)
    elif kind == 1:
        lines[n] += " appended"
    elif kind == 2:
        lines += ["", "A new paragraph."]
    elif kind == 3 and len(lines) > 1:
        del lines[n]
    else:
        middle = len(lines[n]) // 2
        lines[n] = f"{lines[n][:middle]}middle{lines[n][middle:]}"
    return "\n".join(lines).strip()


def edits_of(file: EditedFile, rng: random.Random, count: int) -> Counter:
    """Edit the texts of the first notes of a file at random. Count which edits have a place. `with_texts` checks all notes."""
    found: Counter = Counter()
    for index, note in enumerate(file.parsed.notes[:6]):
        for key, text in texts_of(note).items():
            for _ in range(count):
                new = edited(text.source, rng)
                new = " ".join(new.split()) if key == "question" else new
                if not new or new == text.source:
                    continue
                try:
                    after = with_texts(file, {index: {key: new}})
                except NoPlace:
                    found["refused"] += 1
                    continue
                found["placed"] += 1
                assert texts_of(after.parsed.notes[index])[key].source == new
                back = with_texts(after, {index: {key: text.source}})
                assert [note.question.source for note in back.parsed.notes] == [
                    note.question.source for note in file.parsed.notes
                ]
    return found


@pytest.mark.parametrize("part", range(4))
def test_edits_have_a_place_in_every_dialect(part):
    rng = random.Random(part)
    found: Counter = Counter()
    dialects = set()
    for path in CASES[part::4]:
        (source,) = files_at(path)
        try:
            file = read_file(source)
        except DeckError:
            continue
        try:
            found += edits_of(file, rng, 1)
        except NoPlace:
            found["not undone"] += 1
        dialects |= {note.dialect for note in file.parsed.notes}
    assert len(dialects) > 5
    assert found["placed"] > 2 * (found["refused"] + found["not undone"]), found


LINES = st.lists(st.tuples(st.text("ab ", max_size=4), st.sampled_from(["\n", "\r\n", "\r"])), max_size=5)


@given(LINES, st.text("ab ", max_size=4), st.booleans())
def test_a_file_without_changes_keeps_its_bytes(lines, last, mark):
    text = ("\ufeff" if mark else "") + "".join(text + end for text, end in lines) + last
    raw = RawLines.of(text.encode())
    assert raw.data == text.encode()
    # The lines are those that the parser counts.
    read = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert [line for line, _ in raw.lines] == read.split("\n")


def test_splices_have_the_places_of_the_old_file():
    raw = RawLines.of(b"one two\r\nthree\r\nfour")
    changes = [
        Splice(1, 0, 3, "1"),
        Splice(1, 4, 7, "2"),
        Splice(1, below=("new", "lines")),
        Splice(2, removed=True),
        Splice(3, below=("five",)),
    ]
    assert raw.with_splices(changes).data == b"1 2\r\nnew\r\nlines\r\nfour\r\nfive"


def test_an_empty_file_has_one_line():
    assert RawLines.of(b"").lines == (("", ""),)
