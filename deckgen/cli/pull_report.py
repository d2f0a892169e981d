"""Shows what `deckgen pull` found and did, and asks which edits to take."""

import difflib
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from deckgen.cli import report
from deckgen.cli.terminal import printable
from deckgen.diff.words import Change, compare_words
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.pull.equal import tags_of
from deckgen.pull.proposals import Proposal
from deckgen.pull.result import NoteResult, Outcome, PullResult

_MARKS = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
_FILES = 6  # names of files that are listed
_ANSWERS = "y: take it, n: leave it, a: take it and all others, q: leave it and all others"


def chooser(only: Collection[str], *, ask: bool) -> Callable[[Proposal], bool]:
    """Return the function that says which edits are taken: those of the notes `only` (guids or ids), all if it is empty. With `ask`, the user decides."""
    answers: list[bool] = []

    def pick(found: Proposal) -> bool:
        if only and not {found.guid, found.entry.id if found.entry else None} & set(only):
            return False
        if not ask or answers:
            return answers[0] if answers else True
        answer = _asked(found)
        if answer in "aq":
            answers.append(answer == "a")
        return answer in "ya"

    return pick


def _asked(found: Proposal) -> str:
    """Show an edit and return the answer of the user."""
    _echo(f"{_name(found)}, edited {_time(found)}")
    for line in _edit_lines(found):
        _echo(f"  {line}")
    while True:
        answer: str = click.prompt("Take this edit [y,n,a,q,?]", default="?", show_default=False)
        if answer in ("y", "n", "a", "q"):
            return answer
        click.echo(_ANSWERS)


def _name(found: Proposal) -> str:
    if found.entry:
        return f"{found.entry.file}: {found.entry.question}"
    return f"new note {found.guid}"


def _edit_lines(found: Proposal) -> Iterator[str]:
    """Yield each edited field with its words marked, and the tags."""
    if found.merge is None:
        yield from (f"{name}: {html}" for name, html in (found.note.named() if found.note else {}).items() if html)
        return
    for edit in found.merge.fields:
        runs = compare_words(edit.ours if edit.base is None else edit.base, edit.theirs)
        yield f"{edit.field.name}: {''.join(_MARKS[run.change].format(run.text) for run in runs)}"
    if found.merge.tags is not None:
        yield f"tags: {' '.join(found.merge.tags)}"


def _time(found: Proposal) -> str:
    """When the note was edited, in UTC."""
    if found.note is None:
        return ""
    try:
        return datetime.fromtimestamp(found.note.mod, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):
        return "at an impossible time"  # The package may be from anywhere.


def _echo(line: str) -> None:
    """Print a line. The texts may be a stranger's, so a terminal gets no control characters of them."""
    click.echo(printable(line) if report.on_terminal() else line)


def show_diff(result: PullResult) -> None:
    """Print how the note files would change, as a unified diff."""
    for path, data in result.files.items():
        if path.name == LOCK_FILE:
            continue  # Its digests say nothing to a reader.
        old = path.read_bytes() if path.exists() else b""
        name = os.path.relpath(path)
        try:
            before, after = (each.decode().splitlines(keepends=True) for each in (old, data))
        except UnicodeDecodeError:
            click.echo(f"{name}: {report.size(len(data))}")
            continue
        for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
            _echo(line.rstrip("\r\n"))
            if not line.endswith("\n"):
                _echo("\\ No newline at end of file")


def show_result(result: PullResult, *, written: bool) -> None:
    """Print a line for each note, and how many notes there are of each kind."""
    for note in result.notes:
        place = f"{note.file}:{note.line}" if note.line else note.file
        details = ", ".join(filter(None, [_fields(note), _time(note.proposal)]))
        _echo(f"{note.outcome:11}{place}: {note.question[:80]}" + (f" ({details})" if details else ""))
    counts = Counter(note.outcome for note in result.notes)
    words = [f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome]]
    words += [f"{result.same} unedited"] + ([f"{result.old} of older builds"] if result.old else [])
    verb = "written" if written else "would be written"
    files = [os.path.relpath(path) for path in result.files]
    named = ", ".join(files) if len(files) <= _FILES else report.many(len(files), "file")
    click.echo(f"{result.name}: {', '.join(words)}; {verb}: {named or 'nothing'}")


def next_step(result: PullResult, folder: str, *, written: bool) -> str:
    """Return what the user does after a pull. "" if it changes no note file. `folder` is the deck's."""
    if not any(path.name != LOCK_FILE for path in result.files):
        return ""
    if not written:
        return "the same command without --dry-run writes the files"
    if any(note.outcome is Outcome.CONFLICT for note in result.notes):
        return f"choose a side of each conflict in the files, then deckgen build {folder}"
    return f"look at the changed files, then deckgen build {folder}"


def _fields(note: NoteResult) -> str:
    """The names of the fields that were edited in Anki."""
    merge = note.proposal.merge
    if merge is None:
        return ""
    return ", ".join([*(edit.field.name for edit in merge.fields), *(["tags"] if merge.tags is not None else [])])


def as_json(result: PullResult, *, written: bool) -> dict[str, Any]:
    """Return the result as `--json` prints it."""
    return {
        "from": result.name,
        "notes": [_json(note) for note in result.notes],
        "unedited": result.same,
        "older": result.old,
        "written": written,
        "files": [_path(path) for path in result.files],
    }


def _path(path: Path) -> str:
    return path.as_posix()


def _json(note: NoteResult) -> dict[str, Any]:
    found = note.proposal
    edits = found.merge.fields if found.merge else ()
    return {
        "guid": found.guid,
        "outcome": note.outcome,
        "file": note.file,
        "line": note.line or None,
        "question": note.question,
        "edited": found.note.mod if found.note else None,
        "fields": {edit.field.name: {"base": edit.base, "notes": edit.ours, "anki": edit.theirs} for edit in edits},
        "tags": list(found.merge.tags) if found.merge and found.merge.tags is not None else None,
        "anki_tags": list(tags_of(found.note.tags)) if found.note else None,
        "reasons": list(note.reasons),
    }
