"""A build that keeps files as the last build made them gives what a build without the cache gives, and keeps all files that it can."""

import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from decks import DECK_TOML, PIXEL, run, write_deck
from msgspec.structs import replace

from deckgen.cache import Row, deck_cache, key_of
from deckgen.identity.lock import dump_lock, load_written
from deckgen.pipeline.caches import COLLECTION, KEPT

draft = import_module("deckgen.pipeline.draft")

NOW = 1_700_000_000
ID = "0123456789abcdef"  # of DECK_TOML
TOPICS = ["query", "key", "value", "head", "mask", "token"]


def note(topic: str, n: int) -> str:
    return f"## What is the {topic} of layer {n}?\n\nThe {topic} is a vector of layer {n}, {n * 7919 % 1009} numbers long: {topic * (n % 3 + 2)}.\n"


def twin(part: str, data: str) -> str:
    """A note that differs from others in two words."""
    return f"## What does the {part} of a model with attention do to the sequence of its layers?\n\nThe part that is called so turns a sequence of {data} into vectors, and each of its layers mixes them.\n"


def note_file(topic: str, first: int, count: int = 4) -> str:
    return f"# About {topic}\n\n" + "\n".join(note(topic, n) for n in range(first, first + count))


SAME_ANSWER = "To compare all with all costs much, because there are a hundred million pairs.\n"
FILES: dict[str, str | bytes] = {
    "deck.toml": DECK_TOML + 'lint = ["question-repeated", "answer-long"]\n',
    **{f"{topic}.md": note_file(topic, 10 * k) for k, topic in enumerate(TOPICS)},
    "sub/pictures.md": "# Pictures\n\n## What is shown?\n\n![a pixel](a.png) It is the smallest picture.\n",
    "sub/a.png": PIXEL,
    "ids.md": "# Ids\n\n## What is a matrix? {#matrix}\n\nA table of numbers with rows and columns.\n\n## Is it?\n\nYes.\n",
    "short.md": "# Short\n\n## Is a mask a matrix?\n\nYes.\n\n## What does {{c1::softmax}} do?\n\nIt makes {{c2::weights}}.\n",
    "warned.md": f"# Warned\n\n## What costs O(n2)?\n\n{SAME_ANSWER}",
    "one.md": f"# One\n\n{twin('encoder', 'words')}\n## What is a tensor?\n\nAn array with any number of axes.\n",
    "twin.md": f"# Twin\n\n{twin('decoder', 'images')}",
    "alike.md": f"# Alike\n\n## What is slow?\n\n{SAME_ANSWER}",
}


def replaced(name: str, old: str, new: str, count: int = 1) -> Callable[[Path], None]:
    """Return an edit that replaces a text in a file of the deck. The text must be there."""

    def edit(deck: Path) -> None:
        text = (deck / name).read_text()
        assert old in text
        (deck / name).write_text(text.replace(old, new, count))

    return edit


def wrote(name: str, text: str) -> Callable[[Path], None]:
    return lambda deck: (deck / name).write_text(text) and None


def together(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    def edit(deck: Path) -> None:
        for each in edits:
            each(deck)

    return edit


def moved_note(deck: Path) -> None:
    """Move the last note of a file into another file."""
    text = (deck / "query.md").read_text()
    last = text[text.rindex("## ") :]
    (deck / "query.md").write_text(text.removesuffix(last))
    (deck / "key.md").write_text((deck / "key.md").read_text() + "\n" + last)


KEPT_FILES = 10  # the files without pictures and problems, and without the answer of a note with a problem
# Name → an edit, and the number of files that the build after it keeps. With 0, notes must be compared with all others.
EDITS: dict[str, tuple[Callable[[Path], None], int]] = {
    "nothing but a file that is no note": (wrote("a.txt", "text"), KEPT_FILES),
    "an answer": (replaced("query.md", "a vector of layer 1,", "one vector of layer 1,"), KEPT_FILES - 1),
    "the answer of a last note": (
        replaced("query.md", "a vector of layer 3,", "one vector of layer 3,"),
        KEPT_FILES - 1,
    ),
    "a question": (replaced("query.md", "the query of layer 1?", "a query in layer 1?"), KEPT_FILES - 1),
    "question and answer": (replaced("query.md", "layer 1", "all layers", 2), 0),
    "a note like one of another file": (
        replaced("one.md", twin("encoder", "words"), twin("transcoder", "sounds")),
        0,
    ),
    "a new note": (
        replaced("query.md", "# About query\n", "# About query\n\n## What is quite new?\n\nThis one.\n"),
        KEPT_FILES - 1,
    ),
    "a removed note": (replaced("query.md", note("query", 1), ""), KEPT_FILES - 1),
    "the first note removed": (replaced("value.md", note("value", 20), ""), KEPT_FILES - 1),
    "two notes swapped": (
        replaced("query.md", note("query", 1) + "\n" + note("query", 2), note("query", 2) + "\n" + note("query", 1)),
        KEPT_FILES - 1,
    ),
    "a moved note": (moved_note, KEPT_FILES - 2),
    "a renamed file": (lambda deck: (deck / "mask.md").rename(deck / "zmask.md") and None, KEPT_FILES - 1),
    "a removed file": (lambda deck: (deck / "token.md").unlink(), 0),
    "a new file": (wrote("lines.md", "# Lines\n\n## What is a line?\n\nA row of points without an end.\n"), KEPT_FILES),
    "a copy of a note": (replaced("query.md", "# About query\n", f"# About query\n\n{note('value', 21)}"), 0),
    "a question of another file": (replaced("query.md", "query of layer 1?", "value of layer 21?"), 0),
    "an answer of another file": (
        replaced("query.md", note("query", 1).split("\n\n")[1], note("value", 21).split("\n\n")[1]),
        0,
    ),
    "the id of another file": (replaced("query.md", "layer 1?", "layer 1? {#matrix}"), 0),
    # Such an answer decides nothing, and no rule compares it.
    "a short answer of another file": (replaced("key.md", note("key", 11).split("\n\n")[1], "Yes.\n"), KEPT_FILES - 1),
    "a tag": (replaced("query.md", "# About", "---\ntags: [new]\n---\n# About"), KEPT_FILES - 1),
    "a deck": (replaced("query.md", "# About", "---\ndeck: Other\n---\n# About"), KEPT_FILES - 1),
    "a deck in capitals": (replaced("query.md", "# About", "---\ndeck: TEST DECK\n---\n# About"), 0),
    "a picture": (lambda deck: (deck / "sub/a.png").write_bytes(PIXEL + b"x") and None, KEPT_FILES),
    "a note that names a picture": (replaced("key.md", "a vector", "![v](sub/a.png) a vector"), KEPT_FILES - 1),
    "a note with a problem": (replaced("key.md", "a vector of layer 11", "a vector of O(n2) numbers"), KEPT_FILES - 1),
    "no problem": (replaced("warned.md", "O(n2)", "n"), 0),
    "a lint": (replaced("deck.toml", '"answer-long"', '"source-missing"'), 0),
    "the id of the deck": (replaced("deck.toml", ID, "fedcba9876543210"), 0),
    "the name of the deck": (replaced("deck.toml", "Test Deck", "Best Deck"), 0),
    "the version": (replaced("deck.toml", "1.0.0", "1.1.0"), KEPT_FILES),
    "the lock": (replaced("deck.lock", '"mod": 17', '"mod":  17'), 0),
    "many removed notes": (wrote("query.md", "# About query\n\nNothing.\n"), 0),
}


class Decks:
    """A deck with a cache, and a way to compare its builds with builds without a cache."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch):
        self.deck, self.cache, self.out = home / "deck", home / "cache", home / "out"
        self.kept = 0
        real = draft.require_same_entries

        def count(read, *arguments):
            real(read, *arguments)
            self.kept = len(read.kept)

        monkeypatch.setattr(draft, "require_same_entries", count)

    def build(self, now: int, cache: str) -> tuple:
        """Build the deck, and return all that the build gives."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.kept = 0
        done = run("build", self.deck, "--out", self.out, "--verbose", now=now, DECKGEN_CACHE=cache)
        lock = self.deck / "deck.lock"
        written = [each.read_bytes() for each in (lock, *sorted(self.out.glob("*"))) if each.exists()]
        return done.returncode, re.sub(r"in [\d.]+ s", "", done.stdout), done.stderr, written

    def compare(self, now: int) -> int:
        """Compare a build with one without the cache, and return the number of files that were kept."""
        shutil.copytree(self.deck, saved := self.deck.with_name("saved"))
        cold = self.build(now, "")
        shutil.rmtree(self.deck)
        saved.rename(self.deck)
        assert self.build(now, str(self.cache)) == cold
        return self.kept


def built_decks(home: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str | bytes]) -> Decks:
    """Decks that were built twice, so that files can be kept."""
    decks = Decks(home, monkeypatch)
    write_deck(decks.deck, files)
    for n in (0, 1):
        status, _, errors, _ = decks.build(NOW + n, str(decks.cache))
        assert status == 0, errors
    return decks


@pytest.fixture
def decks(tmp_path, monkeypatch) -> Decks:
    return built_decks(tmp_path, monkeypatch, FILES)


@pytest.mark.parametrize("name", EDITS)
def test_a_build_after_an_edit_is_one_without_the_cache(decks, name):
    edit, kept = EDITS[name]
    edit(decks.deck)
    assert decks.compare(NOW + 60) == kept
    # The next edit is made to what this build stored.
    replaced("head.md", "layer 31,", "layer thirty-one,")(decks.deck)
    decks.compare(NOW + 120)


def mixed_file(topic: str, first: int) -> str:
    """A file whose notes are in three decks in turn, with one, two or several cards."""
    words = [
        f"## {{{{c1::The {topic}}}}} of {{{{c2::layer {n}}}}}\n\n{topic * 5} {n * 7919 % 1009}\n"
        for n in (first, first + 1)
    ]
    notes = [
        note(topic, first + 2),
        words[0],
        note(topic, first + 3).replace("?", "? {.reversed}"),
        words[1],
        note(topic, first + 4),
    ]
    return "\n".join(f"# Part {n % 3}\n\n{each}" for n, each in enumerate(notes))


# Edits that move the rows of other files, by one number in one deck and by another number in another deck.
MOVES: dict[str, Callable[[Path], None]] = {
    "a new note in one deck": replaced("b.md", "# Part 0\n", f"# Part 0\n\n{note('array', 777)}"),
    "a removed note with two cards": replaced("b.md", note("key", 23).replace("?", "? {.reversed}"), ""),
    "a note in another deck": replaced("b.md", "# Part 1", "# Part 2"),
    "a note in a new deck": replaced("a.md", "# Part 0", "# Part 7"),
    "a new first file": wrote("0.md", mixed_file("row", 90)),
    "a renamed file": lambda deck: (deck / "d.md").rename(deck / "0.md") and None,
    "a question that is a number": replaced("b.md", "## What is the key of layer 22?", "## 0042?"),
}


@pytest.mark.parametrize("name", MOVES)
def test_rows_are_copied_to_other_places_and_from_there_again(name, tmp_path, monkeypatch):
    files = {f"{name}.md": mixed_file(topic, 10 * n) for n, (name, topic) in enumerate(zip("abcd", TOPICS), 1)}
    decks = built_decks(tmp_path, monkeypatch, {"deck.toml": DECK_TOML + 'sections = "decks"\n', **files})
    MOVES[name](decks.deck)
    assert decks.compare(NOW + 60) == 4 - (name != "a new first file")
    replaced("c.md", "of layer 32", "within layer 32")(decks.deck)
    assert decks.compare(NOW + 120) > 1


@pytest.mark.parametrize("damage", ["another collection", "none", "a changed byte"])
def test_no_rows_are_copied_from_another_collection(damage, decks, monkeypatch):
    monkeypatch.setenv("DECKGEN_CACHE", str(decks.cache))
    with deck_cache(decks.deck) as cache:
        row = cache.get(COLLECTION)
        path = cache._path
        if damage == "another collection":
            cache.put(COLLECTION, Row((key_of(b"other places"),), row.value))
        cache.save(lambda name: damage == "none" and name == COLLECTION)
    if damage == "a changed byte":
        with sqlite3.connect(path) as database:
            database.execute("UPDATE row SET value = ? WHERE name = ?", (row.value[:-1] + b"?", COLLECTION))
        database.close()
    replaced("query.md", "a vector of layer 1,", "one vector of layer 1,")(decks.deck)
    assert decks.compare(NOW + 60) == 0
    replaced("query.md", "one vector of layer 1,", "some vector of layer 1,")(decks.deck)
    assert decks.compare(NOW + 120) == KEPT_FILES - 1


def random_edit(source: random.Random, deck: Path) -> None:
    """Edit a note, or add, remove, copy, move or give an id to one, in a random file."""
    files = sorted(path for path in deck.glob("*.md"))
    path, other = source.sample(files, 2)
    head, *notes = path.read_text().split("## ")
    if not notes:
        return
    n = source.randrange(len(notes))
    match source.randrange(7):
        case 0:
            notes[n] = notes[n].rstrip("\n") + f" Or {source.randrange(99)} of them.\n\n"
        case 1:
            notes[n] = f"In short: {notes[n]}"
        case 2:
            notes.insert(n, note(source.choice(TOPICS), source.randrange(100, 999)).removeprefix("## ") + "\n")
        case 3:
            notes.pop(n)
        case 4:
            notes.insert(source.randrange(len(notes)), notes.pop(n))
        case 5:
            other.write_text(other.read_text().rstrip("\n") + f"\n\n## {notes[n].rstrip()}\n")
            if source.random() < 0.7:
                notes.pop(n)
        case _:
            notes[n] = re.sub(r"\?.*", f"? {{#i{source.randrange(9)}}}", notes[n], count=1)
    path.write_text("## ".join([head.rstrip("\n") + "\n\n", *(each.rstrip("\n") + "\n\n" for each in notes)]))


@pytest.mark.parametrize("seed", range(3))
def test_builds_after_random_edits_are_ones_without_the_cache(decks, seed):
    source, kept = random.Random(seed), 0
    for n in range(12):
        for _ in range(source.choice([1, 1, 2])):
            random_edit(source, decks.deck)
        kept += decks.compare(NOW + 60 * n)
    assert kept > 20


def test_a_new_note_does_not_get_the_guid_of_a_kept_note(decks):
    """A guid is made from the file and the text of a note, and stays with the note when it is moved and edited."""
    moved = note("query", 3)
    together(replaced("query.md", moved, ""), replaced("key.md", "# About key\n", f"# About key\n\n{moved}"))(
        decks.deck
    )
    decks.compare(NOW + 60)
    replaced("key.md", "a vector of layer 3,", "some vector of layer 3,")(decks.deck)
    decks.compare(NOW + 120)
    replaced("key.md", "the query of layer 3?", "a query that is in layer 3?")(decks.deck)
    decks.compare(NOW + 180)
    replaced("query.md", "# About query\n", f"# About query\n\n{moved}")(decks.deck)
    assert decks.compare(NOW + 240) == 0


def test_a_file_is_not_kept_with_entries_of_another_build(decks, monkeypatch):
    """Another lock has the same lines as the last one, and other times of change. Its entries of an unedited file are not those of the row."""
    path = decks.deck / "deck.lock"
    monkeypatch.setenv("DECKGEN_CACHE", str(decks.cache))
    with deck_cache(decks.deck) as cache:
        row = cache.get(KEPT)
        lock = load_written(path.read_text("utf-8"))
        changed = [replace(each, mod=each.mod + 1) if each.file == "key.md" else each for each in lock.notes]
        text = dump_lock(replace(lock, notes=tuple(changed), lines={}))
        assert len(text) == len(path.read_text("utf-8"))
        path.write_text(text, "utf-8")
        cache.put(KEPT, Row((key_of(text),), row.value))
        cache.save()
    replaced("query.md", "a vector of layer 1,", "one vector of layer 1,")(decks.deck)
    assert decks.compare(NOW + 60) == KEPT_FILES - 2


@pytest.mark.parametrize(
    "change", [lambda old: old.replace(b"\n", b"\r\n"), lambda old: b"\xef\xbb\xbf" + old], ids=["CRLF", "BOM"]
)
def test_the_lock_may_have_other_line_ends_or_a_byte_order_mark(decks, change):
    lock = decks.deck / "deck.lock"
    lock.write_bytes(change(lock.read_bytes()))
    assert decks.compare(NOW + 30) == KEPT_FILES
    replaced("query.md", "a vector of layer 1,", "one vector of layer 1,")(decks.deck)
    assert decks.compare(NOW + 60) == KEPT_FILES - 1


def test_a_retired_note_with_the_id_of_another_note_is_not_taken_for_a_new_one(decks):
    """Two branches may leave two entries with one id. Only the note with the id can be one of them."""
    again = note("value", 777)
    replaced("ids.md", "# Ids\n", "# Ids\n\n" + again.replace("?", "? {#extra}", 1))(decks.deck)
    decks.build(NOW + 60, str(decks.cache))
    (decks.deck / "ids.md").write_text(FILES["ids.md"])
    decks.build(NOW + 61, str(decks.cache))
    path = decks.deck / "deck.lock"
    lock = load_written(path.read_text("utf-8"))
    changed = [replace(each, id="matrix") if each.id == "extra" else each for each in lock.notes]
    assert changed != list(lock.notes)
    path.write_text(dump_lock(replace(lock, notes=tuple(changed), lines={})), "utf-8")
    replaced("head.md", "layer 31,", "layer thirty-one,")(decks.deck)
    decks.build(NOW + 62, str(decks.cache))
    replaced("query.md", "# About query\n", f"# About query\n\n{again}")(decks.deck)
    assert decks.compare(NOW + 120) == KEPT_FILES - 2
