"""What the rehearsals show, held to what the packages promise. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deckgen.diff.compare import Diff
from deckgen.diff.summary import title
from deckgen.package.contents import Package, PackedNote
from deckgen.problems import Severity
from deckgen.verify.engine import Held
from deckgen.verify.faults import BARE, BLANK, EMPTY, MISSING, RENDER, blame
from deckgen.verify.rehearse import REMARK, TAG, Rehearsal, Rehearsals, nfc

# The codes of what is found where two packages have no note in common.
GUIDS_LOST, NOTHING_SHARED = "guids-lost", "nothing-shared"
APART = (GUIDS_LOST, NOTHING_SHARED)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a learner would not expect, and the package that causes it. `what` names the notes, cards or files.

    Errors are promises that the new package breaks. What the old one causes is a warning: learners have it already.
    """

    severity: Severity
    code: str
    rehearsal: str
    package: Path
    message: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """The notes (their guids) that an import adds, updates and leaves alone."""

    new: frozenset[str]
    updated: frozenset[str]
    duplicate: frozenset[str]


def promise(diff: Diff | None, package: Package) -> Promise:
    """What the packages promise: everything is new to an empty collection; later, what changed is updated, no more and no less."""
    every = frozenset(note.guid for note in package.notes)
    if diff is None:
        return Promise(every, frozenset(), frozenset())
    new, changed = frozenset(note.guid for note in diff.added), frozenset(change.new.guid for change in diff.changed)
    return Promise(new, changed, every - new - changed)


def judge(found: Rehearsals) -> tuple[Finding, ...]:
    """Everything that is wrong, in the order of the rehearsals; what an earlier one said of the same thing is not said again."""
    said: set[tuple] = set()
    findings = []
    for rehearsal in found.all:
        for finding in _judge(rehearsal, found):
            if (key := (finding.package, finding.code, finding.message, finding.what)) not in said:
                said.add(key)
                findings.append(finding)
    return tuple(findings)


def _judge(rehearsal: Rehearsal, found: Rehearsals) -> Iterator[Finding]:
    if rehearsal.log is None:
        yield _error("refused", rehearsal, f"Anki refuses the package: {rehearsal.refused}")
        return
    titles = _Titles(found)
    yield from _notes(rehearsal, found, titles)
    yield from _looks(rehearsal, found, titles)
    if rehearsal is found.fresh:
        yield from _whole(rehearsal, found.package, titles)
    else:
        yield from _together(rehearsal, found.diff, titles)
        yield from _learner(rehearsal, found.diff, titles)


class _Titles:
    """guid → what people know the note by."""

    def __init__(self, found: Rehearsals):
        old = found.diff.old.notes if found.diff else ()
        self._notes: dict[str, PackedNote] = {note.guid: note for note in (*old, *found.package.notes)}

    def of(self, guids: Iterable[str]) -> tuple[str, ...]:
        """The notes in their own order."""
        wanted = set(guids)
        return tuple(title(note) for guid, note in self._notes.items() if guid in wanted)

    def cards(self, cards: Iterable[tuple[str, int]]) -> tuple[str, ...]:
        return tuple(f"{title(self._notes[guid])} (card {ordinal + 1})" for guid, ordinal in sorted(cards))


def _notes(rehearsal: Rehearsal, found: Rehearsals, titles: _Titles) -> Iterator[Finding]:
    """Whether each note became what was promised of it."""
    promised = promise(found.diff if rehearsal is not found.fresh else None, found.package)
    before, after = rehearsal.before, rehearsal.seen.notes
    late = _hidden(rehearsal, found) if rehearsal.edited else set()
    updated = {guid for guid in before.keys() & after.keys() if before[guid].mod != after[guid].mod}
    open_ = _left_open(found)
    if lost := promised.new - after.keys():
        yield _error("not-added", rehearsal, f"{len(lost)} notes were not added", titles.of(lost))
    if stale := promised.updated - updated - late - open_:
        yield _error(
            "not-updated",
            rehearsal,
            f"{len(stale)} changed notes were not updated: {_why(stale, rehearsal, found)}",
            titles.of(stale),
        )
    if late & promised.updated:
        yield _warning(
            "late-correction",
            rehearsal,
            f"{len(late)} corrections would not reach a learner who edited or tagged the note after they were "
            "stamped; a release stamps them anew",
            titles.of(late),
        )
    if touched := (updated & promised.duplicate) - open_:
        yield _error(
            "unchanged-updated",
            rehearsal,
            f"{len(touched)} notes that did not change were updated all the same: their time of change is newer",
            titles.of(touched),
        )
    yield from _other_names(rehearsal, found)
    once = {note.guid for note in found.package.notes} - _repeated(found.package)
    taken = (once - open_) & after.keys() & (promised.new | (promised.updated & updated))
    if altered := {
        note.guid for note in found.package.notes if note.guid in taken and not _as_packed(note, after[note.guid])
    }:
        yield _warning(
            "altered-by-anki",
            rehearsal,
            f"Anki alters fields or tags of {len(altered)} notes as it imports them",
            titles.of(altered),
        )


def _why(stale: Collection[str], rehearsal: Rehearsal, found: Rehearsals) -> str:
    newer = [note for note in found.package.notes if note.guid in stale and note.mod > rehearsal.before[note.guid].mod]
    if newer:
        types = [f"{change.name}: {', '.join(change.what)}" for change in found.diff.types if change.breaks]
        return f"their note type is no longer the same to Anki ({'; '.join(types) or 'it has another id'})"
    return "their time of change is not newer"


def _hidden(rehearsal: Rehearsal, found: Rehearsals) -> set[str]:
    """Notes that the learner edited after their correction was stamped."""
    changes = found.diff.changed if found.diff else ()
    return {
        change.new.guid
        for change in changes
        if change.newer
        and change.new.guid in rehearsal.before
        and change.new.mod <= rehearsal.before[change.new.guid].mod
    }


def _as_packed(note: PackedNote, held: Held) -> bool:
    """Whether a collection holds what the package does; of tags, case makes no difference."""
    return tuple(map(nfc, note.fields)) == held.fields and {nfc(tag).lower() for tag in note.tags} == {
        tag.lower() for tag in held.tags
    }


def _other_names(rehearsal: Rehearsal, found: Rehearsals) -> Iterator[Finding]:
    """Note types that Anki gave another name: of new learners' only where the name was taken, later because the type is another."""
    known, new = _type_names(found), {note.notetype for note in found.fresh.seen.notes.values()}
    names, before = (
        {note.notetype for note in rehearsal.seen.notes.values()} - known,
        {note.notetype for note in rehearsal.before.values()},
    )
    for taken, make in ((names & new, _warning), ((names & before) - new, _of_old)):
        if taken:
            yield make(
                "notetype-taken",
                rehearsal,
                "note types get another name, as theirs belongs to others, like those that every collection "
                f"has: {', '.join(sorted(taken))}",
            )
    if plus := names - new - before:
        yield _error("notetype-plus", rehearsal, f"note types under another name: {', '.join(sorted(plus))}")


def _type_names(found: Rehearsals) -> set[str]:
    """Names that note types may have: those of both packages, in Anki's way of writing them."""
    packages = [found.package, *([found.diff.old] if found.diff else [])]
    return {nfc(note.notetype.name) for package in packages for note in package.notes}


def _looks(rehearsal: Rehearsal, found: Rehearsals, titles: _Titles) -> Iterator[Finding]:
    """What the learner then sees: cards with errors, empty cards, holes where media should be."""
    blamed = blame(rehearsal, found.fresh)
    for side, make in ((blamed.new, _error), (blamed.old, _of_old)):
        for fault, having in side.items():
            count = len(having)
            if fault.kind == RENDER:
                yield make("render-error", rehearsal, f"cards show an error: {fault.message}", titles.cards(having))
            elif fault.kind == BLANK:
                yield make("empty-card", rehearsal, "cards are empty", titles.cards(having))
            elif fault.kind == EMPTY:
                message = f"{count} cards are empty, Anki would delete them"
                yield make("empty-card", rehearsal, message, titles.cards(having))
            elif fault.kind == BARE:
                yield make("no-card", rehearsal, f"{count} notes have no card", titles.of(having))
            elif fault.kind == MISSING:
                yield make("media-missing", rehearsal, f"{count} media files are missing", tuple(sorted(having)))


def _together(rehearsal: Rehearsal, diff: Diff, titles: _Titles) -> Iterator[Finding]:
    """Whether both packages can be of one deck."""
    if repeated := _repeated(diff.old):
        yield _of_old(
            "guid-repeated",
            rehearsal,
            f"{len(repeated)} guids stand in the package more than once; what an import makes of these notes is left open",
            titles.of(repeated),
        )
    if (
        not diff.old.notes
        or not diff.new.notes
        or {note.guid for note in diff.old.notes} & {note.guid for note in diff.new.notes}
    ):
        return
    known = {title(note) for note in diff.old.notes}
    again = {note.guid for note in diff.new.notes if title(note) in known}
    if 2 * len(again) >= len(diff.new.notes):
        yield _error(
            GUIDS_LOST,
            rehearsal,
            f"no note has the guid of one in {diff.old.path}, and yet {len(again)} of {len(diff.new.notes)} have the title "
            "of one: learners would get them a second time; was deck.lock lost or made anew?",
            titles.of(again),
        )
    else:
        yield _warning(
            NOTHING_SHARED, rehearsal, f"no note has the guid of one in {diff.old.path}; is that another deck?"
        )


def _whole(rehearsal: Rehearsal, package: Package, titles: _Titles) -> Iterator[Finding]:
    """What is wrong with the package by itself."""
    if twice := _repeated(package):
        yield _error(
            "guid-repeated",
            rehearsal,
            f"{len(twice)} guids stand in the package more than once; Anki takes each for a note of its own",
            titles.of(twice),
        )
    unused = ({nfc(item.name) for item in package.media} - rehearsal.seen.media) | rehearsal.seen.unused
    if unused:
        yield _warning(
            "media-unused", rehearsal, f"{len(unused)} media files are used by no note", tuple(sorted(unused))
        )


def _learner(rehearsal: Rehearsal, diff: Diff, titles: _Titles) -> Iterator[Finding]:
    """What is the learner's own: schedules, edits, tags, and a collection that syncs."""
    if rehearsal.schedules:
        yield _error(
            "schedules",
            rehearsal,
            f"the schedules of {len(rehearsal.schedules)} cards changed",
            titles.cards(rehearsal.schedules),
        )
    if rehearsal.full_sync:
        yield _error("full-sync", rehearsal, "the next sync would be forced to go one way, in full")
    if rehearsal.edited:
        other = {change.new.guid for change in diff.changed} | _repeated(diff.old)
        lost = {
            guid
            for guid, note in rehearsal.seen.notes.items()
            if guid in rehearsal.before
            and guid not in other
            and not (TAG in note.tags or any(REMARK in text for text in note.fields))
        }
        if lost:
            yield _error(
                "edits-lost",
                rehearsal,
                f"the learner's own edits or tags were lost on {len(lost)} notes that did not change",
                titles.of(lost),
            )


def _repeated(package: Package) -> set[str]:
    """The guids that stand in a package more than once."""
    return {guid for guid, count in Counter(note.guid for note in package.notes).items() if count > 1}


def _left_open(found: Rehearsals) -> set[str]:
    """Notes of which nobody can tell what an import makes of them, as the old package holds their guid more than once."""
    return _repeated(found.diff.old) if found.diff else set()


def _error(code: str, rehearsal: Rehearsal, message: str, what: tuple[str, ...] = ()) -> Finding:
    return Finding(Severity.ERROR, code, rehearsal.name, rehearsal.package, message, what)


def _warning(code: str, rehearsal: Rehearsal, message: str, what: tuple[str, ...] = ()) -> Finding:
    return Finding(Severity.WARNING, code, rehearsal.name, rehearsal.package, message, what)


def _of_old(code: str, rehearsal: Rehearsal, message: str, what: tuple[str, ...] = ()) -> Finding:
    """What the package imported before causes."""
    assert rehearsal.over
    return Finding(Severity.WARNING, code, rehearsal.name, rehearsal.over, message, what)
