"""Random edits of random fields in Anki's HTML appear in the Markdown, and that renders as the edited field."""

import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from html_edits import edited_html

from deckgen.package.contents import PackedField, PackedNote, PackedType
from deckgen.pull.apply import FileChanges
from deckgen.pull.deck import DeckNotes, read_deck
from deckgen.pull.equal import same_html
from deckgen.pull.known_versions import present_versions
from deckgen.pull.note_edit import read_file
from deckgen.pull.note_merge import merge_note
from deckgen.pull.rendering import NoteRenderer
from deckgen.pull.versions import Version
from deckgen.sources import read_project

NOTES = Path(__file__).parents[1] / "notes"
_ROLES = ("question", "answer", "source")
# Edits that the text of a note cannot say: bold type in the caption of a figure, a cloze note without a cloze.
_LEGITIMATE = ("no Markdown gives the field", "the note would become a note of the type")


@dataclass(frozen=True)
class Edited:
    """A note of a deck, its number in its file, and its fields as somebody edited them."""

    number: int
    index: int
    fields: dict[str, str]


def deck_of(folder: Path, names: tuple[str, ...]) -> DeckNotes:
    """Some files of the deck in `notes/`, as they were last built."""
    shutil.copytree(NOTES, folder, ignore=shutil.ignore_patterns("en", "__pycache__"), dirs_exist_ok=True)
    for path in folder.glob("*.md"):
        if path.name not in names:
            path.unlink()
    return read_deck(read_project(folder), int(time.time()), lambda what, done, total: None, retire=[folder])


def random_edit(deck: DeckNotes, rng: random.Random) -> Edited | None:
    """Edit a random field of a random note. None if the edit shows nothing."""
    number = rng.randrange(len(deck.items))
    item = deck.items[number]
    names = [each.name for each in item.notetype.fields if each.role in _ROLES and item.fields[each.name]]
    name = rng.choice(names)
    new = edited_html(item.fields[name], rng, rng.randint(1, 3))
    if item.notetype.occludes or same_html(new, item.fields[name]):
        return None
    index = sum(each.note.file == item.note.file for each in deck.items[:number])
    return Edited(number, index, {**item.fields, name: new})


def packed(edited: Edited, deck: DeckNotes, base: Version) -> PackedNote:
    item = deck.items[edited.number]
    notetype = PackedType(1, "", item.notetype.cloze, tuple(map(PackedField, edited.fields)), (), "", 0, 0)
    guid = deck.entries[edited.number].guid
    return PackedNote(guid, notetype, tuple(edited.fields.values()), item.note.tags, base.mod + 1, ())


def reason_or_check(edited: Edited, deck: DeckNotes) -> str:
    """Pull an edit. Return why it was not taken; "" if it was, and the note renders as it was edited."""
    item = deck.items[edited.number]
    base = present_versions(deck)[deck.entries[edited.number].guid]
    renderer = NoteRenderer(deck.renderer)
    changes = FileChanges.of(read_file(deck.files[item.note.file]))
    changes.add({edited.index: merge_note(item, base, packed(edited, deck, base), renderer)})
    assert not changes.conflicts
    if changes.unplaced[edited.index]:
        return changes.unplaced[edited.index][0]
    after = changes.file.parsed.notes
    found = renderer.fields(after[edited.index])
    assert all(same_html(found[name], html) for name, html in edited.fields.items())
    before = changes.theirs.source.path.read_text().split("\n")
    last = min((note.line for note in after if note.line > item.note.line), default=None)
    kept = changes.file.raw.data.decode().split("\n")
    assert kept[: item.note.line - 1] == before[: item.note.line - 1]
    assert last is None or kept[last - 1 :] == before[len(before) - len(kept[last - 1 :]) :]
    return ""


def pull_random_edits(deck: DeckNotes, seed: int, count: int) -> list[str]:
    """Pull this number of edits, and return the reasons why some were not taken."""
    rng = random.Random(seed)
    edits = [edited for edited in (random_edit(deck, rng) for _ in range(count)) if edited]
    assert len(edits) > count / 2
    return [reason for reason in (reason_or_check(edited, deck) for edited in edits) if reason]


@pytest.fixture(scope="module")
def some_notes(tmp_path_factory) -> DeckNotes:
    """Two files with code, tables, formulas, clozes and figures."""
    return deck_of(tmp_path_factory.mktemp("notes"), ("01-attention.md", "24-decoding.md"))


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.proof) for seed in (2, 3))])
def test_random_edits_appear_in_the_notes(some_notes, seed):
    reasons = pull_random_edits(some_notes, seed, 25)
    assert all(reason.startswith(_LEGITIMATE) for reason in reasons), reasons
    assert len(reasons) <= 2, reasons


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(100, 110))
def test_many_random_edits_appear_in_the_notes(seed, tmp_path):
    deck = deck_of(tmp_path, tuple(path.name for path in NOTES.glob("*.md")))
    reasons = pull_random_edits(deck, seed, 200)
    assert all(reason.startswith(_LEGITIMATE) for reason in reasons), reasons
    assert len(reasons) <= 6, reasons
