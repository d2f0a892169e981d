"""deckgen pull: compare, merge, and write the note files and the lock."""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from deckgen.ankiconnect import DEFAULT_URL
from deckgen.build_lock import only_this_process
from deckgen.identity.lost import require_lock
from deckgen.pictures import Progress
from deckgen.problems import DeckError
from deckgen.project import deck_name
from deckgen.pull.anki_notes import AnkiNotes, anki_notes
from deckgen.pull.apply import FileChanges, marked_line
from deckgen.pull.deck import DeckNotes, read_deck
from deckgen.pull.known_versions import Bases
from deckgen.pull.proposals import Proposal, Standing, compare_notes
from deckgen.pull.result import NoteResult, Outcome, PullResult
from deckgen.pull.work import Work, new_file_of
from deckgen.renames import write_together
from deckgen.sources import read_lock, read_project

NEW_FILE = "from-anki.md"
"""The file in the deck's folder for notes that were made in Anki."""
Pick = Callable[[Proposal], bool]
"""Whether to take a proposal."""
_OUTCOMES = {
    Standing.MISSING: Outcome.MISSING,
    Standing.RETIRED: Outcome.RETIRED,
    Standing.UNKNOWN: Outcome.UNKNOWN,
    Standing.OTHER_TYPE: Outcome.OTHER_TYPE,
}


class PullOptions(Struct, frozen=True):
    """What a pull does. `where` is a package, a collection, or `anki`. `new_file` is the file for new notes, None for `NEW_FILE`.

    Without `write` nothing is written. `now` is the time in seconds (Unix time). `url` is the address of AnkiConnect.
    """

    where: str
    bases: Bases
    now: int
    new_file: Path | None = None
    write: bool = True
    url: str = DEFAULT_URL


def pull(root: Path, options: PullOptions, pick: Pick, progress: Progress) -> PullResult:
    """Bring edits from Anki into the note files of the deck in the folder `root`, and return what was done.

    `pick` says which proposals are taken. All files are written together. Raises DeckError if the deck has errors or was never built, or
    if the notes of Anki cannot be read. Raises OSError if a file cannot be written; then no file was changed.
    """
    with only_this_process(root):
        project = read_project(root)
        require_lock(project)
        _require_built(root)
        deck = read_deck(project, options.now, progress)
        with anki_notes(options.where, deck_name(project.name), url=options.url) as anki:
            result = _pulled(deck, anki, options, pick, progress)
        if options.write:
            _write(root, result.files)
        return result


def _require_built(root: Path) -> None:
    _, lock = read_lock(root)
    if not lock.notes or lock.states:
        message = "the lock has rows of two branches" if lock.states else "the deck was never built"
        raise DeckError.at(str(root), message, code="pull-unbuilt", hint="run deckgen build first")


def _write(root: Path, files: Mapping[Path, bytes]) -> None:
    if not files:
        return
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_together(root, files)


def _pulled(deck: DeckNotes, anki: AnkiNotes, options: PullOptions, pick: Pick, progress: Progress) -> PullResult:
    found = compare_notes(deck, anki, options.bases, progress)
    new_file = new_file_of(deck, options.new_file or deck.project.root / NEW_FILE)
    work = Work(deck, anki, options.now, new_file)
    edited = [each for each in found.proposals if each.standing is Standing.EDITED]
    taken = {each.guid for each in edited if pick(each)}
    work.edit([each for each in edited if each.guid in taken])
    new = {each.guid: _added(work, each, pick) for each in found.proposals if each.standing is Standing.NEW}
    notes = [
        new[each.guid] if each.guid in new else _result(deck, work, each, taken=each.guid in taken)
        for each in found.proposals
    ]
    return PullResult(anki.name, tuple(notes), work.files(), found.same, found.old)


def _added(work: Work, found: Proposal, pick: Pick) -> NoteResult:
    """The result of a note that was made in Anki."""
    assert found.note is not None, "a new note is in Anki"
    question = found.question
    if not pick(found):
        return NoteResult(Outcome.SKIPPED, found, work.new_file, 0, question)
    if reason := work.add(found):
        return NoteResult(
            Outcome.UNPLACED, found, work.new_file, 0, question, (f"the new note “{question[:60]}”: {reason}",)
        )
    changes = work.changes_of(work.new_file)
    line = changes.file.parsed.notes[-1].line if changes else 0
    return NoteResult(Outcome.NEW, found, work.new_file, line, question)


def _result(deck: DeckNotes, work: Work, found: Proposal, *, taken: bool) -> NoteResult:
    """The result of a note of the deck, with its place in the file as it is going to be."""
    if found.index is None:
        entry = found.entry
        assert entry is not None, "a retired note is in the lock"
        return NoteResult(Outcome.RETIRED, found, str(deck.project.root / entry.file), 0, entry.question)
    place = work.place(found)
    changes = work.changes_of(place.file)
    line, question = deck.items[found.index].note.line, deck.entries[found.index].question
    if changes:
        line = marked_line(changes.file.raw, changes.theirs.raw, changes.file.parsed.notes[place.index].line)
    if found.standing is not Standing.EDITED:
        return NoteResult(_OUTCOMES[found.standing], found, place.file, line, question)
    if not taken or changes is None:
        return NoteResult(Outcome.SKIPPED, found, place.file, line, question)
    reasons = tuple(changes.unplaced.get(place.index, ()))
    return NoteResult(_outcome(changes, place.index, found), found, place.file, line, question, reasons)


def _outcome(changes: FileChanges, index: int, found: Proposal) -> Outcome:
    if index in changes.conflicts:
        return Outcome.CONFLICT
    if index not in changes.changed:
        return Outcome.UNPLACED
    both = found.merge is not None and any(edit.base != edit.ours for edit in found.merge.fields)
    return Outcome.MERGED if both else Outcome.EDITED
