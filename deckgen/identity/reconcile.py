"""Match the notes of the files with the entries of the lock. Pure: the same notes and lock give the same result.

In this order: the explicit id; the same question and answer, in the same file or another; the same question in the same
file; the same answer under an edited question; the same question, then the same answer, in another file; an answer that says
less, between the same neighbours; clearly the most similar pair. Numbering says nothing, and place only where the text says something.
If two pairings are about equally good, the note is ambiguous and gets no guid.
"""

import hashlib
import string
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from deckgen.identity.fingerprint import Fingerprint
from deckgen.identity.lock import LockEntry, State
from deckgen.identity.places import places_of_entries, places_of_notes
from deckgen.identity.similar import match

_ALPHABET = string.digits + string.ascii_letters


@dataclass(frozen=True, slots=True)
class AmbiguousNote:
    """A note that may be a new version of any of some entries (the likeliest first), or a new note."""

    note: Fingerprint
    entries: tuple[LockEntry, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`guids` and `entries` run parallel to the notes; an entry is None for a new note. `removed` are the entries without a note."""

    guids: tuple[str, ...]
    entries: tuple[LockEntry | None, ...]
    removed: tuple[LockEntry, ...]
    ambiguous: tuple[AmbiguousNote, ...]


def reconcile(notes: Sequence[Fingerprint], lock: Sequence[LockEntry], deck_id: str) -> Reconciliation:
    """Give each note its guid: from the lock, or minted. An ambiguous note has none yet ("")."""
    matching = _Matching(notes, lock)
    for rule in _RULES:
        for state in (State.ACTIVE, State.RETIRED):
            matching.pair(rule, state)
    matching.pair_in_place()
    ambiguous = matching.pair_similar()
    unmatched = {doubt.note for doubt in ambiguous}
    taken = {entry.guid for entry in lock}
    guids = []
    for i, note in enumerate(notes):
        entry = matching.entry_of.get(i)
        guids.append(entry.guid if entry else "" if note in unmatched else mint(note, deck_id, taken))
    return Reconciliation(
        tuple(guids),
        tuple(matching.entry_of.get(i) for i in range(len(notes))),
        tuple(entry for entry in lock if entry.guid not in matching.used),
        ambiguous,
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a note and an entry must have in common to be the same.

    Where several have it, those `alike` in all pair in order, for nobody could tell them apart; others wait. Of what is
    `distinct` no other note or entry has the same, paired or not. An answer that decides must be `distinctive`: tell enough
    not to be another's too ("Yes." is not).
    """

    names: tuple[str, ...]
    alike: bool = False
    distinct: tuple[str, ...] = ()
    distinctive: bool = False

    def takes(self, note: Fingerprint) -> bool:
        return None not in _values(note, self.names) and (note.is_distinctive or not self.distinctive)


def _values(side: Fingerprint | LockEntry, names: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(getattr(side, name) for name in names)


# Every key holds the kind: a note that changed its kind is another note.
_ID = _Rule(("kind", "id"))
_ANSWER = ("kind", "answer_digest")
_RULES = (
    _ID,
    _Rule(("kind", "file", "question_digest", "answer_digest"), alike=True),
    _Rule(("kind", "question_digest", "answer_digest"), alike=True),
    _Rule(("kind", "file", "question_digest"), distinct=("kind", "file", "question_digest")),
    _Rule(("kind", "file", "answer_digest"), distinct=_ANSWER, distinctive=True),
    _Rule(("kind", "question_digest"), distinct=("kind", "question_digest")),
    _Rule(_ANSWER, distinct=_ANSWER, distinctive=True),
)


class _Matching:
    """The pairs found so far."""

    def __init__(self, notes: Sequence[Fingerprint], lock: Sequence[LockEntry]):
        self.notes = notes
        self.lock = lock
        self.entry_of: dict[int, LockEntry] = {}
        self.used: set[str] = set()
        self._ids = {(note.kind, note.id) for note in notes if note.id}

    def pair(self, rule: _Rule, state: State) -> None:
        """Pair what the rule says is the same, one to one; of those alike the first, where one side has more."""
        entries, notes = defaultdict(list), defaultdict(list)
        for entry in self._free(state, keep_ids=rule is _ID):
            entries[_values(entry, rule.names)].append(entry)
        common = self._common(rule.distinct) if rule.distinct else set()
        for i in self._open():
            if rule.takes(self.notes[i]) and _values(self.notes[i], rule.distinct) not in common:
                notes[_values(self.notes[i], rule.names)].append(i)
        for key, indices in notes.items():
            if rule.alike or len(indices) == len(entries[key]) == 1:
                for i, entry in zip(indices, entries[key]):
                    self._take(i, entry)

    def _common(self, names: Sequence[str]) -> set[tuple[str | None, ...]]:
        """What more than one note has, or more than one entry that is not retired."""
        active = [entry for entry in self.lock if entry.state is State.ACTIVE]
        return {
            values
            for side in (self.notes, active)
            for values, count in Counter(_values(each, names) for each in side).items()
            if count > 1
        }

    def pair_in_place(self) -> None:
        """Pair what has the same answer between the same neighbours, where the answer says something and no other note has it."""
        common, entries = self._common(_ANSWER), {}
        places = places_of_entries(self.lock, self.used)
        for entry in self._free(State.ACTIVE):
            entries[_values(entry, _ANSWER), places.get(entry.guid)] = entry
        for i, place in places_of_notes(self.notes, self.entry_of).items():
            key = _values(self.notes[i], _ANSWER), place
            if self.notes[i].is_suggestive and key[0] not in common and key in entries:
                self._take(i, entries[key])

    def pair_similar(self) -> tuple[AmbiguousNote, ...]:
        """Pair what is clearly most similar. Return the ambiguous notes."""
        indices, entries = self._open(), self._free(State.ACTIVE)
        taken = [entry for entry in self.lock if entry.guid in self.used]
        places = places_of_notes(self.notes, self.entry_of)
        found = match(
            [self.notes[i] for i in indices],
            entries,
            taken,
            [places.get(i) for i in indices],
            places_of_entries(self.lock, self.used),
        )
        for i, j in found.pairs:
            self._take(indices[i], entries[j])
        return tuple(
            AmbiguousNote(self.notes[indices[i]], tuple(entries[j] for j in rivals))
            for i, rivals in found.ambiguous.items()
        )

    def _take(self, i: int, entry: LockEntry) -> None:
        self.entry_of[i] = entry
        self.used.add(entry.guid)

    def _open(self) -> list[int]:
        return [i for i in range(len(self.notes)) if i not in self.entry_of]

    def _free(self, state: State, *, keep_ids: bool = False) -> list[LockEntry]:
        """Entries not yet paired. An entry whose id a note still has belongs to that note alone."""
        return [
            entry
            for entry in self.lock
            if entry.state is state
            and entry.guid not in self.used
            and (keep_ids or not entry.id or (entry.kind, entry.id) not in self._ids)
        ]


def mint(note: Fingerprint, deck_id: str, taken: set[str]) -> str:
    """A new guid, from the deck's id and the note's own id, else its place and text; never one that was used."""
    seed = ("id", note.id) if note.id else ("text", note.file, note.question_digest, note.answer_digest)
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
