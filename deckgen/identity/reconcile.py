"""Match the notes of the files with the entries of the lock. Pure: the same notes and lock give the same result.

The rules, in this order:

1. the explicit id is the same;
2. the question and the answer are the same, in the same file, then in another file;
3. the question is the same, in the same file;
4. the answer is the same and distinctive, in the same file;
5. the question is the same, in another file;
6. the answer is the same and distinctive, in another file;
7. the answer is the same and suggestive, and the note is between the same neighbours;
8. the pair is clearly the most similar one.

The number of a question is no evidence. If two pairs are about equally similar, the note is ambiguous and gets no guid.
"""

import hashlib
import string
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from operator import attrgetter

from msgspec import Struct

from deckgen.identity.fingerprint import Fingerprint
from deckgen.identity.lock import LockEntry, State
from deckgen.identity.places import places_of_entries, places_of_notes
from deckgen.identity.similar import match

_ALPHABET = string.digits + string.ascii_letters


class OtherNotesNeededError(Exception):
    """A part of a deck cannot be built without the other notes, because some of its notes must be compared with them."""


class AmbiguousNote(Struct, frozen=True):
    """A note that may be a new note, or an edited version of one of these entries. The most similar entry is first."""

    note: Fingerprint
    entries: tuple[LockEntry, ...]


class Reconciliation(Struct, frozen=True):
    """The result of reconciling. Item i of `guids` and of `entries` belongs to note i.

    A new note has the entry None. An ambiguous note has the guid "". `removed` are the entries without a note.
    """

    guids: tuple[str, ...]
    entries: tuple[LockEntry | None, ...]
    removed: tuple[LockEntry, ...]
    ambiguous: tuple[AmbiguousNote, ...]


def reconcile(
    notes: Sequence[Fingerprint], lock: Sequence[LockEntry], deck_id: str, *, whole: bool = True
) -> Reconciliation:
    """Find the guid of each note in the lock. Mint one for a new note. An ambiguous note gets the guid "".

    If these are not the notes and entries of the `whole` deck, raises OtherNotesNeededError when a note must be compared with all entries.
    """
    matching = _Matching(notes, lock)
    for rule in _RULES:
        for state in (State.ACTIVE, State.RETIRED):
            matching.pair(rule, state)
    matching.pair_in_place()
    if not whole and matching.some_unmatched():
        raise OtherNotesNeededError
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


class _Rule(Struct, frozen=True):
    """A rule by which a note and an entry are the same.

    `names` are the attributes that must be equal. Normally exactly one note and one entry must have these values.
    With `identical`, several notes and entries may have them, and are paired in order, because they are identical.
    `distinct` are attributes whose values no other note or entry may have. With `distinctive` the answer must be distinctive.
    """

    names: tuple[str, ...]
    identical: bool = False
    distinct: tuple[str, ...] = ()
    distinctive: bool = False

    def takes(self, note: Fingerprint) -> bool:
        """Whether the rule applies to a note."""
        return None not in _values(note, self.names) and (note.is_distinctive or not self.distinctive)


def _values(side: Fingerprint | LockEntry, names: Sequence[str]) -> tuple[str | None, ...]:
    return _getter(tuple(names))(side) if names else ()


@cache
def _getter(names: tuple[str, ...]) -> "attrgetter[tuple[str | None, ...]]":
    """The function that returns the values of two or more attributes, which is faster than a loop."""
    return attrgetter(*names)


# Each rule compares the kind. A note that changed its kind is a new note, because Anki does not change the type of a note.
_ID = _Rule(("kind", "id"))
_ANSWER = ("kind", "answer_digest")
_RULES = (
    _ID,
    _Rule(("kind", "file", "question_digest", "answer_digest"), identical=True),
    _Rule(("kind", "question_digest", "answer_digest"), identical=True),
    _Rule(("kind", "file", "question_digest"), distinct=("kind", "file", "question_digest")),
    _Rule(("kind", "file", "answer_digest"), distinct=_ANSWER, distinctive=True),
    _Rule(("kind", "question_digest"), distinct=("kind", "question_digest")),
    _Rule(_ANSWER, distinct=_ANSWER, distinctive=True),
)


class _Matching:
    """The pairs of notes and entries that are found so far.

    `entry_of` maps the index of a note to its entry. `used` are the guids of the paired entries.
    """

    def __init__(self, notes: Sequence[Fingerprint], lock: Sequence[LockEntry]):
        self.notes = notes
        self.lock = lock
        self.entry_of: dict[int, LockEntry] = {}
        self.used: set[str] = set()
        self._ids = {(note.kind, note.id) for note in notes if note.id}
        self._known_common: dict[tuple[str, ...], set[tuple[str | None, ...]]] = {}

    def pair(self, rule: _Rule, state: State) -> None:
        """Pair the notes and the entries of a state by a rule. If one side has more than the other, its last ones stay unpaired."""
        entries, notes = defaultdict(list), defaultdict(list)
        unmatched = self._unmatched_notes()
        for entry in self._unmatched_entries(state, keep_ids=rule is _ID) if unmatched else ():
            entries[_values(entry, rule.names)].append(entry)
        if not entries:
            return
        common = self._common(rule.distinct) if rule.distinct else set()
        for i in unmatched:
            if rule.takes(self.notes[i]) and _values(self.notes[i], rule.distinct) not in common:
                notes[_values(self.notes[i], rule.names)].append(i)
        for key, indices in notes.items():
            if rule.identical or len(indices) == len(entries[key]) == 1:
                for i, entry in zip(indices, entries[key]):
                    self._add_pair(i, entry)

    def _common(self, names: tuple[str, ...]) -> set[tuple[str | None, ...]]:
        """The values of these attributes that several notes have, or several active entries."""
        if names not in self._known_common:
            active = [entry for entry in self.lock if entry.state is State.ACTIVE]
            self._known_common[names] = {
                values
                for side in (self.notes, active)
                for values, count in Counter(_values(each, names) for each in side).items()
                if count > 1
            }
        return self._known_common[names]

    def pair_in_place(self) -> None:
        """Pair notes and entries with the same suggestive answer between the same neighbours, if no other note has the answer."""
        if not self.some_unmatched():
            return
        common, entries = self._common(_ANSWER), {}
        places = places_of_entries(self.lock, self.used)
        for entry in self._unmatched_entries(State.ACTIVE):
            entries[_values(entry, _ANSWER), places.get(entry.guid)] = entry
        for i, place in places_of_notes(self.notes, self.entry_of).items():
            key = _values(self.notes[i], _ANSWER), place
            if self.notes[i].is_suggestive and key[0] not in common and key in entries:
                self._add_pair(i, entries[key])

    def pair_similar(self) -> tuple[AmbiguousNote, ...]:
        """Pair notes and entries that are clearly most similar. Return the ambiguous notes."""
        if not self.some_unmatched():
            return ()
        indices, entries = self._unmatched_notes(), self._unmatched_entries(State.ACTIVE)
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
            self._add_pair(indices[i], entries[j])
        return tuple(
            AmbiguousNote(self.notes[indices[i]], tuple(entries[j] for j in rivals))
            for i, rivals in found.ambiguous.items()
        )

    def _add_pair(self, i: int, entry: LockEntry) -> None:
        self.entry_of[i] = entry
        self.used.add(entry.guid)

    def some_unmatched(self) -> bool:
        """Whether there are notes and active entries that are not paired yet."""
        return len(self.entry_of) < len(self.notes) and bool(self._unmatched_entries(State.ACTIVE))

    def _unmatched_notes(self) -> list[int]:
        return [i for i in range(len(self.notes)) if i not in self.entry_of]

    def _unmatched_entries(self, state: State, *, keep_ids: bool = False) -> list[LockEntry]:
        """The entries of a state that are not paired yet.

        An entry with the id of a note is left out, unless `keep_ids` is set: only that note can match it.
        """
        return [
            entry
            for entry in self.lock
            if entry.state is state
            and entry.guid not in self.used
            and (keep_ids or not entry.id or (entry.kind, entry.id) not in self._ids)
        ]


def mint(note: Fingerprint, deck_id: str, taken: set[str]) -> str:
    """A new guid, made from the deck's id and the note's id, or its file and text if it has no id. Add it to `taken`.

    `taken` are the guids that are in use or were in use. The new guid is not among them.
    """
    seed = ("id", note.id) if note.id else ("text", note.file, note.question_digest, note.answer_digest)
    for n in range(len(taken) + 2):
        guid = _base62("\x1f".join([deck_id, note.kind, *seed, *([str(n)] if n else [])]))
        if guid not in taken:
            taken.add(guid)
            return guid
    raise AssertionError("more guids taken than there are")


def _base62(text: str) -> str:
    """The first 64 bits of the text's SHA-256, in letters and digits.

    Guids that Anki makes have punctuation too. Letters and digits need no quoting in shells and JSON. Anki accepts any text.
    """
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = []
    while number:
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))
