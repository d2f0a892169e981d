"""Formats what a push did in Anki, as lines and as JSON."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deckgen.cli.report import many
from deckgen.identity.entries import LockEntry
from deckgen.problems import Problem, Severity
from deckgen.push.compare import PushedNote, State
from deckgen.push.pusher import Push
from deckgen.push.retired import Retire, RetiredNotes

_NAMED = (State.NEW, State.UPDATED, State.KEPT)
_ALWAYS = (State.NEW, State.UPDATED, State.UNCHANGED)
_WORDS = {State.KEPT: "kept because they were edited in Anki", State.MISSED: "not updated"}
_DONE = {Retire.TAG: "tagged", Retire.SUSPEND: "suspended"}


def lines(push: Push, root: Path, how: Retire, limit: int | None) -> Iterator[str]:
    """Yield the package and its profile, a line for each note that is new, updated or kept, the numbers, and the retired notes.

    `root` is the deck's folder. `limit` is the largest number of notes that are named. None means all.
    """
    profile = f"the profile {push.profile}" if push.profile else "Anki"
    yield f"{push.built.package}: {many(push.built.notes, 'note')} imported into {profile}"
    entries, named = _entries(push), [note for state in _NAMED for note in push.done.notes if note.state is state]
    for note in named[:limit]:
        entry = entries[note.guid]
        yield f"{note.state:9}{root / entry.file}: {entry.question}"
    if limit is not None and (more := len(named) - limit) > 0:
        yield f"and {more} more; --verbose shows all"
    for name in push.done.kept_looks:
        yield f"kept     look of the note type {name}: Anki has templates or CSS that were changed or pushed later"
    counts = [(state, push.done.count(state)) for state in State]
    yield ", ".join(f"{count} {_WORDS.get(state, state)}" for state, count in counts if count or state in _ALWAYS)
    if push.done.retired.numbers:
        yield _retired_line(push.done.retired, how)
    if push.done.suspended:
        came = f"{many(len(push.done.suspended), 'note')} came back with suspended cards"
        yield f"{came} (search: nid:{','.join(map(str, push.done.suspended))}); you can unsuspend them there"


def next_step(push: Push, folder: str) -> str:
    """Return what the user does after a push. "" after one that changed nothing new. `folder` is the deck's."""
    if push.done.count(State.KEPT):
        return f"deckgen pull {folder} --from anki brings the edits made in Anki into the notes"
    if push.done.count(State.NEW) == len(push.done.notes):
        return f"study in Anki; deckgen push {folder} --watch pushes on each save"
    return ""


def _retired_line(retired: RetiredNotes, how: Retire) -> str:
    found = f"{many(len(retired.numbers), 'retired note')} in Anki"
    search = f"nid:{','.join(map(str, retired.numbers))}"
    if how is Retire.NONE:
        return f"{found} (search: {search}); --retire tag and --retire suspend mark them, nothing is deleted"
    if how is Retire.TAG:
        search = f"tag:{retired.tag}"
    return f"{found} (search: {search}), {retired.changed} {_DONE[how]} now; you can delete them there"


def missed_problems(push: Push, root: Path) -> list[Problem]:
    """Return an error for each note that Anki should have updated and did not. `root` is the deck's folder."""
    entries, hint = _entries(push), "deckgen verify --as ankiconnect tests the package"
    missed = [entries[note.guid] for note in push.done.notes if note.state is State.MISSED]
    return [
        Problem(
            str(root / each.file), 0, 0, Severity.ERROR, "push-missed", f"Anki did not update “{each.question}”", hint
        )
        for each in missed
    ]


def as_json(push: Push, how: Retire) -> dict[str, Any]:
    """Return the push as `--json` prints it."""
    entries, retired = _entries(push), push.done.retired
    return {
        "package": str(push.built.package),
        "version": push.built.version,
        "profile": push.profile or None,
        **{str(state): push.done.count(state) for state in State},
        **{
            f"{state}_notes": [_json(note, entries[note.guid]) for note in push.done.notes if note.state is state]
            for state in (*_NAMED, State.MISSED)
        },
        "kept_notetypes": list(push.done.kept_looks),
        "retired": {
            "action": str(how),
            "changed": retired.changed,
            "tag": retired.tag,
            "anki_ids": list(retired.numbers),
        },
        "suspended_ids": list(push.done.suspended),
    }


def _json(note: PushedNote, entry: LockEntry) -> dict[str, Any]:
    return {"guid": note.guid, "anki_id": note.number, "file": entry.file, "question": entry.question}


def _entries(push: Push) -> dict[str, LockEntry]:
    return {entry.guid: entry for entry in push.lock.notes}
