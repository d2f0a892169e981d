"""Count the results of reconciling for realistic edits: notes matched right, matched wrong, asked about, or missed (taken for new).

The cases are in tests/cases/identity/edits.toml. One deck of four files has the notes of all cases before the edit. Each case is
tried alone in several situations, and many cases are tried together. The exit status is 1 if a note is matched wrong.
"""

import random
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.identity.fingerprint import fingerprint
from deckgen.identity.lock import LockEntry, State
from deckgen.identity.reconcile import Reconciliation, reconcile
from deckgen.model import Note, Text

CASES = Path(__file__).parent / "cases" / "identity" / "edits.toml"
DECK = "0123456789abcdef"
FILES = 4
OUTCOMES = ("right", "wrong", "asked", "missed")


class Known(Struct, frozen=True):
    """A note, and its number in the deck before the edit (`who`). A new note has None."""

    who: int | None
    note: Note


class Case(Struct, frozen=True):
    """An edit of a note. With `same`, the author expects that `after` is the note `before`; else that it is a new note."""

    same: bool
    before: Note
    after: Note


Situation = Callable[[list[Known], int, Case, random.Random], list[Known]]


def note(question: str, answer: str, file: str) -> Note:
    return Note(file, file, "basic", "heading", Text(question, 1), Text(answer, 3))


def cases() -> list[Case]:
    """The cases of the file, shuffled, so that cases of one kind are in several files of the deck."""
    found = tomllib.loads(CASES.read_text("utf-8"))
    rows = [(row, kind == "same") for kind in ("same", "other") for row in found[kind]]
    random.Random(1).shuffle(rows)
    return [_case(row, same, f"{n % FILES}.md") for n, (row, same) in enumerate(rows)]


def _case(row: dict, same: bool, file: str) -> Case:
    question, answer = row["before"]
    return Case(
        same,
        note(question, answer, file),
        note(*row["after"], *([answer] if len(row["after"]) == 1 else []), file=file),
    )


def deck_of(found: list[Case]) -> list[Known]:
    """The notes of all cases before the edits, sorted by file."""
    return sorted((Known(who, case.before) for who, case in enumerate(found)), key=lambda known: known.note.key)


def lock_of(deck: list[Known]) -> list[LockEntry]:
    """The entries of the lock after a first build of the deck."""
    prints = [fingerprint(known.note) for known in deck]
    guids = reconcile(prints, [], DECK).guids
    return [
        LockEntry(
            g, p.kind, p.id, p.file, p.question, p.question_digest, p.answer_digest, p.sketch, "", 1, State.ACTIVE
        )
        for g, p in zip(guids, prints)
    ]


def in_place(deck, i, case, rng):
    return [*deck[:i], Known(deck[i].who if case.same else None, case.after), *deck[i + 1 :]]


def with_a_note_above(deck, i, case, rng):
    new = Known(None, note("一个新问题：什么是权重衰减？", "每步按比例缩小权重。", case.after.key))
    deck = in_place(deck, i, case, rng)
    return [*deck[:i], new, *deck[i:]]


def with_a_note_gone_above(deck, i, case, rng):
    deck = in_place(deck, i, case, rng)
    return deck[: i - 1] + deck[i:] if i and deck[i - 1].note.key == case.after.key else deck


def swapped_with_the_next(deck, i, case, rng):
    deck, k = (
        in_place(deck, i, case, rng),
        i + 1 if i + 1 < len(deck) and deck[i + 1].note.key == case.after.key else i - 1,
    )
    deck[i], deck[k] = deck[k], deck[i]
    return deck


def at_the_end_of_the_file(deck, i, case, rng):
    edited, rest = in_place(deck, i, case, rng)[i], deck[:i] + deck[i + 1 :]
    end = max(k for k, known in enumerate(rest) if known.note.key == case.after.key) + 1
    return [*rest[:end], edited, *rest[end:]]


def in_another_file(deck, i, case, rng):
    edited = in_place(deck, i, case, rng)[i]
    return [*deck[:i], *deck[i + 1 :], replace(edited, note=replace(edited.note, key="z.md"))]


def file_split(deck, i, case, rng):
    return [
        replace(k, note=replace(k.note, key=f"new-{k.note.key}")) if n >= i and k.note.key == case.after.key else k
        for n, k in enumerate(in_place(deck, i, case, rng))
    ]


def with_its_neighbour_edited(deck, i, case, rng):
    """Also apply the case of the next note of the file, if the author expects that it stays the same note."""
    deck = in_place(deck, i, case, rng)
    if i + 1 < len(deck) and deck[i + 1].note.key == case.after.key and (next_case := ALL[deck[i + 1].who]).same:
        deck[i + 1] = replace(deck[i + 1], note=next_case.after)
    return deck


def in_a_deck_of_three(deck, i, case, rng):
    """A deck of three notes. If another note has the same answer, it is one of the three."""
    others = rng.sample([known for known in deck if known.who != deck[i].who], len(deck) - 1)
    others.sort(key=lambda known: known.note.answer != case.before.answer)
    few = [others[0], Known(deck[i].who if case.same else None, case.after), others[1]]
    return [replace(known, note=replace(known.note, key="a.md")) for known in few]


SITUATIONS: tuple[Situation, ...] = (
    in_place,
    with_a_note_above,
    with_a_note_gone_above,
    swapped_with_the_next,
    at_the_end_of_the_file,
    in_another_file,
    file_split,
    with_its_neighbour_edited,
)
ALL = cases()


def outcomes(
    now: list[Known], found: Reconciliation, guid_of: dict[int, str], edited: set[int | None]
) -> Iterator[str]:
    """Yield the outcome of each edited and each new note, and of other notes that are not right."""
    owner = {guid: who for who, guid in guid_of.items()}
    for known, guid, entry in zip(now, found.guids, found.entries):
        who = owner.get(entry.guid) if entry else None
        outcome = "asked" if not guid else "right" if who == known.who else "missed" if entry is None else "wrong"
        if outcome != "right" or known.who in edited or known.who is None:
            yield outcome


def tried(found: list[Case], situation: Situation, same: bool) -> Iterator[tuple[Case, str]]:
    """Try each case alone in a situation, and yield it with its outcomes."""
    deck = deck_of(found)
    entries = lock_of(deck)
    guid_of = {known.who: entry.guid for known, entry in zip(deck, entries)}
    for i, known in enumerate(deck):
        case, rng = found[known.who], random.Random(i)
        if case.same is same:
            now = situation(list(deck), i, case, rng)
            for outcome in outcomes(
                now, reconcile([fingerprint(k.note) for k in now], entries, DECK), guid_of, {known.who}
            ):
                yield case, outcome


def three(found: list[Case], same: bool) -> Iterator[tuple[Case, str]]:
    """Try each case in a deck of three notes, and yield it with its outcomes."""
    deck = deck_of(found)
    for i, known in enumerate(deck):
        case, rng = found[known.who], random.Random(i)
        if case.same is same:
            now = in_a_deck_of_three(deck, i, case, rng)
            before = [
                replace(k, who=known.who, note=replace(case.before, key="a.md")) if n == 1 else k
                for n, k in enumerate(now)
            ]
            entries = lock_of(before)
            guid_of = {k.who: entry.guid for k, entry in zip(before, entries)}
            for outcome in outcomes(
                now, reconcile([fingerprint(k.note) for k in now], entries, DECK), guid_of, {known.who}
            ):
                yield case, outcome


def together(found: list[Case], share: float, seed: int) -> Iterator[tuple[Case, str]]:
    """Try a share of the cases at once, in place, and yield the outcomes."""
    rng, deck = random.Random(seed), deck_of(found)
    entries = lock_of(deck)
    guid_of = {known.who: entry.guid for known, entry in zip(deck, entries)}
    edited = {known.who for known in deck if rng.random() < share}
    now = [Known(k.who if found[k.who].same else None, found[k.who].after) if k.who in edited else k for k in deck]
    for outcome in outcomes(now, reconcile([fingerprint(k.note) for k in now], entries, DECK), guid_of, edited):
        yield ALL[0], outcome


def table() -> Iterator[tuple[str, str, Counter, list]]:
    """Yield rows: sort of cases, situation, counts of the outcomes, and the cases with their outcomes."""
    for same in (True, False):
        sort = "same" if same else "other"
        for situation in SITUATIONS:
            rows = list(tried(ALL, situation, same))
            yield sort, situation.__name__, Counter(outcome for _, outcome in rows), rows
        rows = list(three(ALL, same))
        yield sort, "in_a_deck_of_three", Counter(outcome for _, outcome in rows), rows
    for share in (0.3, 1.0):
        rows = [row for seed in range(10) for row in together(ALL, share, seed)]
        yield "both", f"{share:.0%} at once", Counter(outcome for _, outcome in rows), rows


def main() -> None:
    total: Counter = Counter()
    print(f"{'':6}{'':28}" + "".join(f"{name:>8}" for name in OUTCOMES))
    for sort, situation, counts, rows in table():
        total += counts
        print(f"{sort:6}{situation:28}" + "".join(f"{counts[name]:8}" for name in OUTCOMES))
        for case, outcome in rows if "--verbose" in sys.argv and sort != "both" else ():
            if outcome != "right":
                print(
                    f"        {outcome}: {case.before.question.source} → {case.after.question.source} ({case.after.answer.source})"
                )
    print(f"{'':34}" + "".join(f"{total[name]:8}" for name in OUTCOMES))
    if total["wrong"]:
        sys.exit("notes were matched wrongly")


if __name__ == "__main__":
    main()
