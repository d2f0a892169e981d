"""Run the case files of identity. The input is the files of several builds; the output is the identity of each note."""

import re
from itertools import groupby
from pathlib import Path

import pytest
from case_files import cases
from decks import run, write_deck

from deckgen.identity.lock import LockEntry, State, load_lock

NOW = 1_700_000_000


def steps(parts: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """`STEP/FILE` → the files of each step, in order."""
    split = [(*name.split("/", 1), text) for name, text in parts.items()]
    return [(step, {name: text for _, name, text in files}) for step, files in groupby(split, key=lambda part: part[0])]


def entries(deck: Path) -> tuple[LockEntry, ...]:
    return load_lock((deck / "deck.lock").read_text(), "deck.lock").notes


def identities(before: dict[str, str], after: tuple[LockEntry, ...]) -> list[str]:
    """A line for each note with its identity. `before` maps a guid to the file and the first question of its note."""
    lines = []
    for entry in after:
        known = before.get(entry.guid)
        place = f"{entry.file}: {entry.question}"
        identity = "new" if known is None else "the same" if known == place else f"was {known}"
        lines.append(f"{place} | {'retired' if entry.state is State.RETIRED else identity}")
    return lines


@pytest.mark.parametrize("case", cases("cases/identity/edits.md"), indirect=True)
def test_the_identity_of_notes_after_edits(case, tmp_path):
    deck, known, found = tmp_path / "deck", {}, []
    for number, (_, files) in enumerate(steps(case.parts)):
        for path in deck.glob("*.md"):
            path.unlink()
        write_deck(deck, files)
        result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW + number)
        guids = {guid: f"GUID-OF({question.partition(': ')[2]})" for guid, question in known.items()}
        problems = [
            re.sub("|".join(map(re.escape, guids)) or "$^", lambda match: guids[match[0]], line)
            for line in result.stderr.splitlines()
        ]
        after = entries(deck)
        found = problems if result.returncode else identities(known, after)
        known = {**{entry.guid: f"{entry.file}: {entry.question}" for entry in after}, **known}
    case.agrees("\n".join(found))
