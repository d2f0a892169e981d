"""Decide which note files the next build can keep, and whether this build was right with the files that it kept.

A rule that compares notes sees of a kept file only the last note. So each note has values by which it is compared: a file is kept only if
none of its notes shares a value with a note of a file that is not kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from deckgen.identity.lock import Lock, State
from deckgen.identity.lock_parts import lines_of_files
from deckgen.identity.reconcile import OtherNotesNeededError
from deckgen.identity.stamp import StampedLock
from deckgen.model import RenderedNote
from deckgen.package.groups import Place, group_of
from deckgen.package.write import PackageDeck, PackageNote
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.file_task import FileReading, RenderedFile
from deckgen.pipeline.kept import KeptFile, KeptPlace, store_kept
from deckgen.pipeline.reading import ReadNotes
from deckgen.problems import Problem
from deckgen.project import Project


def require_other_names(read: ReadNotes) -> None:
    """Check that no other note has an id of a kept note, or a deck in other capitals. Raises OtherNotesNeededError if one has."""
    others = [note for note in read.notes if note.file not in read.kept] if read.kept else []
    known = {name.casefold(): name for name in _names(deck for file in read.kept.values() for deck in file.group.rows)}
    if any(known.get(name.casefold(), name) != name for name in _names(note.deck for note in others)):
        raise OtherNotesNeededError
    _require_other_values(read, {note.id for note in others if note.id})


def _names(decks: Iterable[str]) -> set[str]:
    """The names of decks, and of the decks above them."""
    parts = [name.split("::") for name in set(decks)]
    return {"::".join(each[:n]) for each in parts for n in range(1, len(each) + 1)}


def require_no_comparison(read: ReadNotes, rendered: Iterable[RenderedNote]) -> None:
    """Check that no other note is compared with a kept note. Raises OtherNotesNeededError if one is."""
    _require_other_values(
        read, {value for item in rendered if item.note.file not in read.kept for value in _compared(item, read)}
    )


def _require_other_values(read: ReadNotes, values: Set[str]) -> None:
    if not all(values.isdisjoint(file.compared) for file in read.kept.values()):
        raise OtherNotesNeededError


def require_same_entries(read: ReadNotes, rendered: Iterable[RenderedNote], stamped: StampedLock) -> None:
    """Check the entries that the notes got.

    Raises OtherNotesNeededError if the last note of a kept file has another entry now, or if a new note has the guid of a kept one.
    """
    kept = {guid for file in read.kept.values() for guid in file.guids}
    for item, entry in zip(rendered, stamped.entries):
        if item.note.file not in read.kept:
            same = entry.guid not in kept
        else:
            same = stamped.lock.lines.get(entry.guid, ())[:1] == (entry,)
        if not same:
            raise OtherNotesNeededError


def keep(
    project: Project,
    read: ReadNotes,
    rendered: Sequence[RenderedNote],
    deck: PackageDeck,
    problems: Iterable[Problem],
    lock: Lock,
    content: bytes,
    caches: Caches,
) -> str:
    """Store the files that the next build can keep, and return the key of the collection that it needs for that.

    `lock` is the next lock, `content` is its content, and item i of the notes of `deck` belongs to item i of `rendered`. `problems` are those of rendering and of the
    lints: a file with a problem is not kept.
    """
    lines, places = lines_of_files(lock), _places(read, rendered, deck)
    notes: dict[str, list[PackageNote]] = defaultdict(list)
    values: dict[str, list[str]] = defaultdict(list)
    for item, note in zip(rendered, deck.notes):
        if item.note.file not in read.kept:
            notes[item.note.file].append(note)
            values[item.note.file] += _compared(item, read)
    faulty = {problem.file for problem in problems}
    fit = {
        file
        for file in values
        if file not in faulty and read.files[file].key in lines and None not in read.rendered[file].renderings
    }
    alone = _alone(fit, values, {entry.id for entry in lock.notes if entry.id and entry.state is State.RETIRED})
    made = [(read.files[file], read.digests[file], _kept(read, file, notes[file], values[file])) for file in alone]
    keys = {file: read.files[file].key for file in (*alone, *read.kept)}
    stay = {key: KeptPlace(lines[key], places[file]) for file, key in keys.items()}
    return store_kept(project, made, stay, content, caches)


def _places(read: ReadNotes, rendered: Iterable[RenderedNote], deck: PackageDeck) -> dict[str, Place]:
    """Path of a file in problems → the place of its notes in the package."""
    found: dict[str, Place] = {}
    for item, place in zip(rendered, deck.places):
        before = found.get(item.note.file, place)
        found[item.note.file] = Place(before.first, {**place.ids, **before.ids})
    return found


def _kept(read: ReadNotes, file: str, notes: Sequence[PackageNote], compared: Sequence[str]) -> KeptFile:
    """What is kept of a file."""
    reading, rendered = read.readings[file], read.rendered[file]
    return KeptFile(
        FileReading(reading.notes[-1:], reading.problems, reading.prints[-1:]),
        RenderedFile(rendered.renderings[-1:], rendered.summaries[-1:]),
        group_of(notes),
        tuple(note.guid for note in notes),
        tuple(compared),
    )


def _alone(fit: set[str], values: Mapping[str, Sequence[str]], retired: Set[str]) -> list[str]:
    """The files of `fit` whose notes share no value with a note of another file that is not kept, sorted. `retired` are the ids of retired notes."""
    out = {*retired, *(value for file in values if file not in fit for value in values[file])}
    found = set(fit)
    while sharing := {file for file in found if not out.isdisjoint(values[file])}:
        found -= sharing
        out |= {value for file in sharing for value in values[file]}
    return sorted(found)


def _compared(item: RenderedNote, read: ReadNotes) -> list[str]:
    """The values by which a note is compared with others: of its id, its question, its answer if it says something, and of lints."""
    found = read.fingerprint_of(item.note)
    answer = [found.answer_digest] if found.is_suggestive else []
    return [*([found.id] if found.id else []), found.question_digest, *answer, *read.keys_of(item).values()]
