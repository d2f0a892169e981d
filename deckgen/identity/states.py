"""Merge rows that a lock has twice after a merge of two branches. Pure.

Each branch set the times of its own changes. The later time is kept. So learners with the package of either branch get later updates.
"""

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from deckgen.identity.entries import Lock, LockedNoteType, LockEntry, State
from deckgen.identity.fingerprint import Fingerprint


def newest_state(states: Sequence[LockEntry]) -> LockEntry:
    """The newest state of a note. It is active if any state is active.

    If it is not known which content has the latest time, `fields` is empty. Then the next build gives the note a new time.
    """
    newest = max(states, key=lambda entry: entry.mod)
    unsure = any(
        entry.state is not newest.state or (entry.mod == newest.mod and entry.fields != newest.fields)
        for entry in states
    )
    active = any(entry.state is State.ACTIVE for entry in states)
    return replace(
        newest,
        fields="" if unsure else newest.fields,
        state=State.ACTIVE if active else State.RETIRED,
        parts=_parts(states),
        original=_original(states),
    )


def newest_type(entries: Sequence[LockedNoteType]) -> LockedNoteType:
    """The newest state of a note type. If two states differ and have the same time, the digest is empty."""
    newest = max(entries, key=lambda entry: entry.mod)
    unsure = any(entry.mod == newest.mod and entry.digest != newest.digest for entry in entries)
    return replace(newest, digest="" if unsure else newest.digest)


def with_one_state(lock: Lock, notes: Sequence[Fingerprint]) -> Lock:
    """The lock with one state for each note. File, question and answer are from the states that the note files match.

    git may merge the question of one branch with the answer of the other.
    """
    if not lock.states:
        return lock
    states: dict[str, list[LockEntry]] = defaultdict(list)
    for entry in lock.states:
        states[entry.guid].append(entry)
    files, questions, answers = (
        {getattr(note, name) for note in notes} for name in ("file", "question_digest", "answer_digest")
    )

    def chosen(entry: LockEntry) -> LockEntry:
        own = sorted(states[entry.guid], key=lambda each: -each.mod) or [entry]
        question = next((each for each in own if each.question_digest in questions), own[0])
        answer = next((each for each in own if each.answer_digest in answers), own[0])
        home = next((each for each in own if each.file in files), own[0])
        return replace(
            entry,
            file=home.file,
            dialect=home.dialect,
            question=question.question,
            question_digest=question.question_digest,
            answer_digest=answer.answer_digest,
            sketch=answer.sketch,
        )

    return replace(lock, notes=tuple(map(chosen, lock.notes)), states=())


def _original(states: Sequence[LockEntry]) -> str | None:
    """Return the digest of the original that the translation fits, "" if the branches differ: nobody has seen the merged text."""
    originals = {entry.original for entry in states if entry.original is not None}
    return (originals.pop() if len(originals) == 1 else "") if originals else None


def _parts(states: Sequence[LockEntry]) -> dict[str, int]:
    """Name of a card → number, for all cards of all states. If two cards have the same number, the newer state keeps it."""
    numbers: dict[str, int] = {}
    highest = max((number for entry in states for number in entry.parts.values()), default=0)
    for entry in sorted(states, key=lambda each: -each.mod):
        for name, number in entry.parts.items():
            if name not in numbers:
                highest += number in numbers.values()
                numbers[name] = highest if number in numbers.values() else number
    return numbers
