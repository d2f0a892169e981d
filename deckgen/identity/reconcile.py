"""Which note of the files is which note of the lock. Pure: the same notes and lock give the same answer.

In this order: the explicit id; the same question in the same file; the same answer under an edited question; the same
question, then the same answer, in another file; clearly the most similar pair. Position and numbering say nothing.
Where two pairings are about as good, nobody is given a guid in doubt.
"""

import hashlib
import math
import string
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from deckgen.identity.fingerprint import Fingerprint, likeness
from deckgen.identity.lock import Entry, State

# Similarity of a pair runs from 0 to 1. Above _SAME two texts are versions of one another, below _OTHER they are not;
# the best pair must beat the next by _MARGIN.
_SAME, _OTHER, _MARGIN = 0.6, 0.4, 0.15
_ALPHABET = string.digits + string.ascii_letters


@dataclass(frozen=True, slots=True)
class Doubt:
    """A note that may be a new version of any of some entries, or a new note."""

    note: Fingerprint
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """`guids` and `entries` run parallel to the notes; an entry is None for a new note. `gone` left the source."""

    guids: tuple[str, ...]
    entries: tuple[Entry | None, ...]
    gone: tuple[Entry, ...]
    doubts: tuple[Doubt, ...]


def reconcile(notes: Sequence[Fingerprint], lock: Sequence[Entry], deck_id: str) -> Reconciled:
    """Give each note its guid: from the lock, or minted. Where there are doubts, the notes in doubt have none yet ("")."""
    matching = _Matching(notes, lock)
    for note_key, entry_key in _RULES:
        for state in (State.ACTIVE, State.RETIRED):
            matching.pair(note_key, entry_key, state)
    doubts = matching.pair_similar()
    doubted = {doubt.note for doubt in doubts}
    taken = {entry.guid for entry in lock}
    guids = []
    for i, note in enumerate(notes):
        entry = matching.entry_of.get(i)
        guids.append(entry.guid if entry else "" if note in doubted else mint(note, deck_id, taken))
    return Reconciled(
        tuple(guids), tuple(matching.entry_of.get(i) for i in range(len(notes))),
        tuple(entry for entry in lock if entry.guid not in matching.used), doubts,
    )


_Key = Callable[[Fingerprint | Entry], Hashable]


def _by(*names: str) -> tuple[_Key, _Key]:
    def key(side: Fingerprint | Entry) -> Hashable:
        return tuple(getattr(side, name) for name in names)

    return key, key


# Every key holds the kind: a note that changed its kind is another note.
_RULES = (
    _by("kind", "id"),
    _by("kind", "file", "asked", "answered"),
    _by("kind", "file", "asked"),
    _by("kind", "file", "answered"),
    _by("kind", "asked", "answered"),
    _by("kind", "asked"),
    _by("kind", "answered"),
)


class _Matching:
    """The pairs found so far."""

    def __init__(self, notes: Sequence[Fingerprint], lock: Sequence[Entry]):
        self.notes = notes
        self.lock = lock
        self.entry_of: dict[int, Entry] = {}
        self.used: set[str] = set()
        self._ids = {(note.kind, note.id) for note in notes if note.id}

    def pair(self, note_key: _Key, entry_key: _Key, state: State) -> None:
        """Pair what has the same key, where as many notes as entries have it; those alike pair in order."""
        by_id = note_key is _RULES[0][0]
        entries = defaultdict(list)
        for entry in self._free(state, keep_ids=by_id):
            entries[entry_key(entry)].append(entry)
        notes = defaultdict(list)
        for i in self._open():
            notes[note_key(self.notes[i])].append(i)
        for key, indices in notes.items():
            if (by_id and key[1] is None) or len(entries[key]) != len(indices):
                continue
            for i, entry in zip(indices, entries[key]):
                self._take(i, entry)

    def pair_similar(self) -> tuple[Doubt, ...]:
        """Pair what is clearly most similar, and tell what is not clear."""
        scores = {
            (i, entry.guid): (similarity(self.notes[i], entry), entry)
            for entry in self._free(State.ACTIVE) for i in self._open() if self._comparable(self.notes[i], entry)
        }
        likely = {pair: found for pair, found in scores.items() if found[0] >= _OTHER}
        doubts = defaultdict(list)
        for (i, guid), (score, entry) in sorted(likely.items(), key=lambda item: (-item[1][0], item[0])):
            rivals = [s for (j, g), (s, _) in likely.items() if (j == i) != (g == guid)]
            if score >= _SAME and all(score - rival >= _MARGIN for rival in rivals):
                self._take(i, entry)
            else:
                doubts[i].append(entry)
        open_doubts = {
            i: tuple(entry for entry in entries if entry.guid not in self.used)
            for i, entries in doubts.items() if i not in self.entry_of
        }
        return tuple(Doubt(self.notes[i], entries) for i, entries in sorted(open_doubts.items()) if entries)

    def _take(self, i: int, entry: Entry) -> None:
        self.entry_of[i] = entry
        self.used.add(entry.guid)

    def _open(self) -> list[int]:
        return [i for i in range(len(self.notes)) if i not in self.entry_of]

    def _free(self, state: State, *, keep_ids: bool = False) -> Iterable[Entry]:
        """Entries not yet paired. One whose id a note still bears belongs to that note alone."""
        return [
            entry for entry in self.lock
            if entry.state is state and entry.guid not in self.used
            and (keep_ids or not entry.id or (entry.kind, entry.id) not in self._ids)
        ]

    @staticmethod
    def _comparable(note: Fingerprint, entry: Entry) -> bool:
        """Whether likeness may decide: not over a change of kind, nor between two ids that the author gave."""
        return note.kind is entry.kind and not (note.id and entry.id)


def similarity(note: Fingerprint, entry: Entry) -> float:
    """How alike both question and answer are, from 0 to 1: the geometric mean.

    Questions of one pattern ("What is a …?") are alike and ask different things: without an answer in common a pair is
    none.
    """
    question = fuzz.ratio(note.question, entry.question) / 100
    return math.sqrt(question * likeness(note.sketch, entry.sketch))


def mint(note: Fingerprint, deck_id: str, taken: set[str]) -> str:
    """A new guid, from the deck's id and the note's own id, else its place and text; never one that was used."""
    seed = ("id", note.id) if note.id else ("text", note.file, note.asked, note.answered)
    for n in range(len(taken) + 2):
        guid = _base62("\x1f".join([deck_id, note.kind, *seed, *([str(n)] if n else [])]))
        if guid not in taken:
            taken.add(guid)
            return guid
    raise AssertionError("more guids taken than there are")


def _base62(text: str) -> str:
    """64 bits of SHA-256 in letters and digits, which need no quoting anywhere.

    Anki's own guids have punctuation too; to it any text will do.
    """
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = []
    while number:
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))
