"""Measure the time to reconcile 10,000 notes with 500 edits and 200 moves, and count wrong matches.

The exit status is 1 if it takes more than 2 s, or a note is matched wrong.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from make_notes import make_notes
from msgspec.structs import replace

from deckgen.identity.fingerprint import fingerprint
from deckgen.identity.lock import LockEntry, State
from deckgen.identity.reconcile import reconcile
from deckgen.model import Note, Text
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings

SECONDS = 2.0
EDITS, MOVES = 500, 200
DECK = "0123456789abcdef"


def read_notes(folder: Path) -> list[Note]:
    """The notes of all files of a folder."""
    return [
        note
        for path in sorted(folder.glob("*.md"))
        for note in parse_file(path, str(path), path.name, Settings()).notes
    ]


def edited(text: Text, rng: random.Random) -> Text:
    """The text with some words inserted, and a tenth of its characters removed after them."""
    at = rng.randrange(len(text.source))
    return replace(text, source=text.source[:at] + "换句话说，" + text.source[at + len(text.source) // 10 :])


def changed(notes: list[Note], rng: random.Random) -> list[tuple[int, Note]]:
    """The notes after edits of questions and answers and after moves to another file. Each has its index in the list before."""
    now = list(enumerate(notes))
    for n, i in enumerate(rng.sample(range(len(notes)), EDITS)):
        note = notes[i]
        question = edited(note.question, rng) if n % 3 != 1 else note.question
        now[i] = (i, replace(note, question=question, answer=edited(note.answer, rng) if n % 3 else note.answer))
    for i in rng.sample(range(len(notes)), MOVES):
        now[i] = (i, replace(now[i][1], key="moved.md"))
    rng.shuffle(now)
    return now


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        make_notes(Path(home) / "deck", 10_000)
        notes = read_notes(Path(home) / "deck")
    before = [fingerprint(note) for note in notes]
    guids = reconcile(before, [], DECK).guids
    lock = [
        LockEntry(
            guid, p.kind, p.id, p.file, p.question, p.question_digest, p.answer_digest, p.sketch, "", 1, State.ACTIVE
        )
        for guid, p in zip(guids, before)
    ]
    now = changed(notes, random.Random(1))
    prints = [fingerprint(note) for _, note in now]
    begun = time.perf_counter()
    found = reconcile(prints, lock, DECK)
    seconds = time.perf_counter() - begun
    known = set(guids)
    wrong = sum(guid in known and guid != guids[i] for guid, (i, _) in zip(found.guids, now))
    fresh = sum(bool(guid) and guid not in known for guid in found.guids)
    print(
        f"{len(now)} notes, {EDITS} edits, {MOVES} moves: {seconds:.2f} s, {wrong} wrong, {len(found.ambiguous)} in doubt, {fresh} taken for new"
    )
    if seconds > SECONDS or wrong:
        sys.exit("beyond the bounds")


if __name__ == "__main__":
    main()
