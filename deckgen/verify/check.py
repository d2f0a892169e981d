"""Compare the results of the import tests with the expected results. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from deckgen.diff.compare import Diff
from deckgen.diff.summary import title
from deckgen.package.contents import Package, PackedNote
from deckgen.verify.defects import BLANK, EMPTY, MISSING, RENDER, WITHOUT_CARDS, defects_by_package
from deckgen.verify.engine import NoteSnapshot
from deckgen.verify.expected import expected_result
from deckgen.verify.finding import ImportFinding, Titles, error, warning, warning_about_old
from deckgen.verify.import_test import REMARK, TAG, ImportTest, ImportTestRun, nfc

# The codes of findings about two packages that have no note in common.
GUIDS_LOST, NOTHING_SHARED = "guids-lost", "nothing-shared"
NO_COMMON_NOTE = (GUIDS_LOST, NOTHING_SHARED)


def check_import_tests(found: ImportTestRun) -> tuple[ImportFinding, ...]:
    """All findings, in the order of the import tests. A finding of several tests is reported once, by the first of them."""
    reported: set[tuple[Path, str, str, tuple[str, ...]]] = set()
    findings = []
    for import_test in found.all:
        for finding in _check_import_test(import_test, found):
            if (key := (finding.package, finding.code, finding.message, finding.what)) not in reported:
                reported.add(key)
                findings.append(finding)
    return tuple(findings)


def _check_import_test(import_test: ImportTest, found: ImportTestRun) -> Iterator[ImportFinding]:
    if import_test.log is None:
        yield error("refused", import_test, f"Anki refuses the package: {import_test.refused}")
        return
    titles = Titles(found)
    yield from _check_notes(import_test, found, titles)
    yield from _check_defects(import_test, found, titles)
    if import_test is found.fresh:
        yield from _check_package(import_test, found.package, titles)
    elif found.diff:
        yield from _check_both_packages(import_test, found.diff, titles)
        yield from _check_learner_data(import_test, found.diff, titles)


def _check_notes(import_test: ImportTest, found: ImportTestRun, titles: Titles) -> Iterator[ImportFinding]:
    """Yield findings about notes that the import should add, update or keep, and did not."""
    expected = expected_result(found.diff if import_test is not found.fresh else None, found.package)
    before, after = import_test.notes_before, import_test.after.notes
    late = _late_corrections(import_test, found) if import_test.edited else set()
    updated = {guid for guid in before.keys() & after.keys() if before[guid].mod != after[guid].mod}
    undefined = _undefined_notes(found)
    if lost := expected.new - after.keys():
        yield error("not-added", import_test, f"{len(lost)} notes were not added", titles.of(lost))
    if stale := expected.updated - updated - late - undefined:
        yield error(
            "not-updated",
            import_test,
            f"{len(stale)} changed notes were not updated: {_why_not_updated(stale, import_test, found)}",
            titles.of(stale),
        )
    if late & expected.updated:
        yield warning(
            "late-correction",
            import_test,
            f"{len(late)} corrections would not reach a learner who edited or tagged the note after the correction; "
            "a release gives them a later time of change",
            titles.of(late),
        )
    if touched := (updated & expected.duplicate) - undefined:
        yield error(
            "unchanged-updated",
            import_test,
            f"{len(touched)} notes that did not change were updated: their time of change is later",
            titles.of(touched),
        )
    yield from _check_notetype_names(import_test, found)
    once = {note.guid for note in found.package.notes} - _repeated(found.package)
    taken = (once - undefined) & after.keys() & (expected.new | (expected.updated & updated))
    if altered := {
        note.guid for note in found.package.notes if note.guid in taken and not _is_as_packed(note, after[note.guid])
    }:
        yield warning(
            "altered-by-anki",
            import_test,
            f"Anki changes fields or tags of {len(altered)} notes during the import",
            titles.of(altered),
        )


def _why_not_updated(stale: Collection[str], import_test: ImportTest, found: ImportTestRun) -> str:
    """The reason why changed notes were not updated."""
    newer = [
        note
        for note in found.package.notes
        if note.guid in stale and note.mod > import_test.notes_before[note.guid].mod
    ]
    if newer:
        types = [
            f"{change.name}: {', '.join(change.differences)}"
            for change in (found.diff.types if found.diff else ())
            if change.breaks
        ]
        return f"Anki takes their note type for another one ({'; '.join(types) or 'it has another id'})"
    return "their time of change is not later"


def _late_corrections(import_test: ImportTest, found: ImportTestRun) -> set[str]:
    """The guids of changed notes that the learner edited after the time of the change."""
    changes = found.diff.changed if found.diff else ()
    return {
        change.new.guid
        for change in changes
        if change.is_newer
        and change.new.guid in import_test.notes_before
        and change.new.mod <= import_test.notes_before[change.new.guid].mod
    }


def _is_as_packed(note: PackedNote, snapshot: NoteSnapshot) -> bool:
    """Whether the collection has the same fields and tags as the package. Case of tags does not count."""
    return tuple(map(nfc, note.fields)) == snapshot.fields and {nfc(tag).lower() for tag in note.tags} == {
        tag.lower() for tag in snapshot.tags
    }


def _check_notetype_names(import_test: ImportTest, found: ImportTestRun) -> Iterator[ImportFinding]:
    """Yield findings about note types that Anki renamed. The name was in use, or Anki takes the type for another one."""
    known, new = _type_names(found), {note.notetype for note in found.fresh.after.notes.values()}
    names, before = (
        {note.notetype for note in import_test.after.notes.values()} - known,
        {note.notetype for note in import_test.notes_before.values()},
    )
    for taken, make in ((names & new, warning), ((names & before) - new, warning_about_old)):
        if taken:
            yield make(
                "notetype-taken",
                import_test,
                "Anki renames note types, because other note types have their names, for example those of every new "
                f"collection: {', '.join(sorted(taken))}",
            )
    if renamed := names - new - before:
        yield error(
            "notetype-plus",
            import_test,
            f"Anki takes note types for other ones and renames them: {', '.join(sorted(renamed))}",
        )


def _type_names(found: ImportTestRun) -> set[str]:
    """The names of the note types of both packages, in Unicode's normal form C."""
    packages = [found.package, *([found.diff.old] if found.diff else [])]
    return {nfc(note.notetype.name) for package in packages for note in package.notes}


def _check_defects(import_test: ImportTest, found: ImportTestRun, titles: Titles) -> Iterator[ImportFinding]:
    """Yield findings about cards with errors, empty cards, notes without cards, and missing media."""
    defects_found = defects_by_package(import_test, found.fresh)
    for side, make in ((defects_found.new, error), (defects_found.old, warning_about_old)):
        for defect, having in side.items():
            count = len(having)
            if defect.kind == RENDER:
                yield make("render-error", import_test, f"cards show an error: {defect.message}", titles.cards(having))
            elif defect.kind == BLANK:
                yield make("empty-card", import_test, "cards are empty", titles.cards(having))
            elif defect.kind == EMPTY:
                message = f"{count} cards are empty; Anki would delete them"
                yield make("empty-card", import_test, message, titles.cards(having))
            elif defect.kind == WITHOUT_CARDS:
                yield make("no-card", import_test, f"{count} notes have no card", titles.of(having))
            elif defect.kind == MISSING:
                yield make("media-missing", import_test, f"{count} media files are missing", tuple(sorted(having)))


def _check_both_packages(import_test: ImportTest, diff: Diff, titles: Titles) -> Iterator[ImportFinding]:
    """Yield findings if the two packages seem to be of different decks, or the old one repeats guids."""
    if repeated := _repeated(diff.old):
        yield warning_about_old(
            "guid-repeated",
            import_test,
            f"{len(repeated)} guids are in the package more than once; it is undefined which of their notes an import updates",
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
        yield error(
            GUIDS_LOST,
            import_test,
            f"no note has the guid of a note in {diff.old.path}, but {len(again)} of {len(diff.new.notes)} have the title of "
            "one: learners would get these notes a second time; was deck.lock lost or replaced?",
            titles.of(again),
        )
    else:
        yield warning(
            NOTHING_SHARED, import_test, f"no note has the guid of a note in {diff.old.path}; is that another deck?"
        )


def _check_package(import_test: ImportTest, package: Package, titles: Titles) -> Iterator[ImportFinding]:
    """Yield findings about the package alone: repeated guids, unused media."""
    if twice := _repeated(package):
        yield error(
            "guid-repeated",
            import_test,
            f"{len(twice)} guids are in the package more than once; Anki imports each of their notes as a separate note",
            titles.of(twice),
        )
    unused = ({nfc(item.name) for item in package.media} - import_test.after.media) | import_test.after.unused
    if unused:
        yield warning("media-unused", import_test, f"no note uses {len(unused)} media files", tuple(sorted(unused)))


def _check_learner_data(import_test: ImportTest, diff: Diff, titles: Titles) -> Iterator[ImportFinding]:
    """Yield findings about the learner's own data: schedules, options, edits and tags, and the next sync."""
    if import_test.schedules:
        yield error(
            "schedules",
            import_test,
            f"the schedules of {len(import_test.schedules)} cards changed",
            titles.cards(import_test.schedules),
        )
    if import_test.options:
        yield error(
            "deck-options",
            import_test,
            f"the options of {len(import_test.options)} decks changed",
            import_test.options,
        )
    if import_test.full_sync:
        yield error("full-sync", import_test, "the next sync would be a full sync, in one direction only")
    if import_test.edited:
        other = {change.new.guid for change in diff.changed} | _repeated(diff.old)
        lost = {
            guid
            for guid, note in import_test.after.notes.items()
            if guid in import_test.notes_before
            and guid not in other
            and not (TAG in note.tags or any(REMARK in text for text in note.fields))
        }
        if lost:
            yield error(
                "edits-lost",
                import_test,
                f"the learner's own edits or tags were lost on {len(lost)} notes that did not change",
                titles.of(lost),
            )


def _repeated(package: Package) -> set[str]:
    """The guids that a package has more than once."""
    return {guid for guid, count in Counter(note.guid for note in package.notes).items() if count > 1}


def _undefined_notes(found: ImportTestRun) -> set[str]:
    """The guids that the old package has more than once. It is undefined which note with such a guid an import updates."""
    return _repeated(found.diff.old) if found.diff else set()
