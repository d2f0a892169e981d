"""Measure how the time to reconcile, stamp, write and read a lock grows with the number of notes, after edits of 5 % of them.

The arguments are two numbers of notes (10,000 and 100,000 by default). The exit status is 1 if a step takes more than 1.1 times as long for
each note with the larger number.
"""

import random
import sys
import time
from collections.abc import Iterator

from make_notes import PER_FILE, note
from msgspec.structs import replace

from deckgen.identity.fingerprint import Fingerprint, fingerprint
from deckgen.identity.lock import Lock, dump_lock, load_lock
from deckgen.identity.reconcile import reconcile
from deckgen.identity.stamp import Content, stamp
from deckgen.model import Note, Text
from deckgen.process import prepare_process

GROWTH = 1.1
EDITED = 20  # one note of so many
DECK = "0123456789abcdef"


def prints(count: int, edited: bool) -> Iterator[Fingerprint]:
    """Yield the fingerprints of notes. With `edited`, some have another question or answer."""
    for n in range(count):
        question, _, answer = note(n).removeprefix("## ").partition("\n\n")
        if edited and n % EDITED == 0:
            at = random.Random(n).randrange(len(answer) // 2)
            question, answer = (
                (f"{question}了", answer) if n % 2 else (question, f"{answer[:at]}换句话说，{answer[at + 20 :]}")
            )
        file = f"{n // PER_FILE:05d}.md"
        yield fingerprint(Note(file, file, "basic", "heading", Text(question, n % PER_FILE * 10 + 1), Text(answer, 1)))


def measured(count: int) -> dict[str, float]:
    """Return the processor seconds of each step."""
    before, now = list(prints(count, edited=False)), list(prints(count, edited=True))
    contents = [Content(each.answer_digest, {}) for each in now]
    times: dict[str, float] = {}

    def step(name, run):
        begun = time.process_time()
        result = run()
        times[name] = time.process_time() - begun
        return result

    def stamped(notes, lock, when):
        found = reconcile(notes, lock.notes, DECK)
        return stamp(notes, [replace(each) for each in contents], found, [], lock, when, [{}] * count, {}).lock

    lock = stamped(before, Lock(), 1)
    found = step("reconcile", lambda: reconcile(now, lock.notes, DECK))
    assert not found.ambiguous and len(set(found.guids)) == count
    step("reconcile and stamp", lambda: stamped(now, lock, 2))
    text = step("write the lock", lambda: dump_lock(lock))
    assert step("read the lock", lambda: load_lock(text, "deck.lock")).notes == lock.notes
    return times


def main() -> None:
    prepare_process()  # as commands do; by default, Python looks for cycles in all notes again and again
    few, many = (int(word) for word in sys.argv[1:]) if sys.argv[1:] else (10_000, 100_000)
    small, large = measured(few), measured(many)
    slow = False
    for name, seconds in large.items():
        growth = seconds / many / (small[name] / few)
        slow |= growth > GROWTH
        print(
            f"{name}: {small[name]:.2f} s for {few:,} notes, {seconds:.2f} s for {many:,}: {growth:.2f} times for each note"
        )
    if slow:
        sys.exit("grows faster than the number of notes")


if __name__ == "__main__":
    main()
