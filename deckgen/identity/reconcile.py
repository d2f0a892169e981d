"""Which note of the files is which note of the lock. Pure: the same notes and lock give the same answer.

In this order: the explicit id; the same question and answer, in the same file or another; the same question in the same
file; the same answer under an edited question; the same question, then the same answer, in another file; clearly the most
similar pair. Position and numbering say nothing.
Where two pairings are about as good, nobody is given a guid in doubt.
"""

import hashlib
import string
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from deckgen.identity.fingerprint import Fingerprint, telling
from deckgen.identity.lock import Entry, State
from deckgen.identity.similar import match

_ALPHABET = string.digits + string.ascii_letters


@dataclass(frozen=True, slots=True)
class Doubt:
    """A note that may be a new version of any of some entries (the likeliest first), or a new note."""

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
    for rule in _RULES:
        for state in (State.ACTIVE, State.RETIRED):
            matching.pair(rule, state)
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


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a note and an entry must have in common to be the same.

    Where several have it, those `alike` in all pair in order, for nobody could tell them apart; others wait. What is in
    common must be `distinct`: no other note or entry has it, paired or not. Or `telling`: an answer that is long enough
    not to be another's too ("Yes." is not).
    """

    names: tuple[str, ...]
    alike: bool = False
    distinct: bool = False
    telling: bool = False

    def key(self, side: Fingerprint | Entry) -> tuple[str | None, ...]:
        return tuple(getattr(side, name) for name in self.names)

    def takes(self, side: Fingerprint | Entry) -> bool:
        return None not in self.key(side) and not (self.telling and not telling(side.sketch))


# Every key holds the kind: a note that changed its kind is another note.
_ID = _Rule(("kind", "id"))
_RULES = (
    _ID,
    _Rule(("kind", "file", "asked", "answered"), alike=True),
    _Rule(("kind", "asked", "answered"), alike=True),
    _Rule(("kind", "file", "asked"), distinct=True),
    _Rule(("kind", "file", "answered"), distinct=True, telling=True),
    _Rule(("kind", "asked"), distinct=True),
    _Rule(("kind", "answered"), distinct=True, telling=True),
)


class _Matching:
    """The pairs found so far."""

    def __init__(self, notes: Sequence[Fingerprint], lock: Sequence[Entry]):
        self.notes = notes
        self.lock = lock
        self.entry_of: dict[int, Entry] = {}
        self.used: set[str] = set()
        self._ids = {(note.kind, note.id) for note in notes if note.id}

    def pair(self, rule: _Rule, state: State) -> None:
        """Pair what the rule says is the same, one to one; of those alike the first, where one side has more."""
        entries, notes = defaultdict(list), defaultdict(list)
        for entry in self._free(state, keep_ids=rule is _ID):
            entries[rule.key(entry)].append(entry)
        for i in self._open():
            if rule.takes(self.notes[i]):
                notes[rule.key(self.notes[i])].append(i)
        common = self._common(rule) if rule.distinct else set()
        for key, indices in notes.items():
            if key in common or not (rule.alike or len(indices) == len(entries[key]) == 1):
                continue
            for i, entry in zip(indices, entries[key]):
                self._take(i, entry)

    def _common(self, rule: _Rule) -> set[tuple[str | None, ...]]:
        """Keys that more than one note has, or more than one entry that is not retired."""
        active = [entry for entry in self.lock if entry.state is State.ACTIVE]
        return {key for side in (self.notes, active) for key, count in Counter(map(rule.key, side)).items() if count > 1}

    def pair_similar(self) -> tuple[Doubt, ...]:
        """Pair what is clearly most similar, and tell what is not clear."""
        indices, entries = self._open(), self._free(State.ACTIVE)
        taken = [entry for entry in self.lock if entry.guid in self.used]
        found = match([self.notes[i] for i in indices], entries, taken)
        for i, j in found.pairs:
            self._take(indices[i], entries[j])
        return tuple(Doubt(self.notes[indices[i]], tuple(entries[j] for j in rivals)) for i, rivals in found.doubts.items())

    def _take(self, i: int, entry: Entry) -> None:
        self.entry_of[i] = entry
        self.used.add(entry.guid)

    def _open(self) -> list[int]:
        return [i for i in range(len(self.notes)) if i not in self.entry_of]

    def _free(self, state: State, *, keep_ids: bool = False) -> list[Entry]:
        """Entries not yet paired. One whose id a note still bears belongs to that note alone."""
        return [
            entry for entry in self.lock
            if entry.state is state and entry.guid not in self.used
            and (keep_ids or not entry.id or (entry.kind, entry.id) not in self._ids)
        ]


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
