"""deckgen lock from: a lock for a deck that lost it, with the guids of a package that the deck made.

The package holds fields and not the authors' text. So the notes of the files are rendered, and their fields are compared with those of the
package, by the rules by which a build knows notes again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.files import staged
from deckgen.identity.fingerprint import Fingerprint, digest, fingerprint, fold, shorten, sketch
from deckgen.identity.information import information
from deckgen.identity.lock import Lock, LockedNoteType, LockedRelease, LockEntry, MadeFor, State, dump_lock
from deckgen.identity.reconcile import AmbiguousNote, Reconciliation, reconcile
from deckgen.identity.stamp import content_of
from deckgen.identity.types import type_row
from deckgen.model import CardTemplate, NoteType, RenderedNote
from deckgen.notetypes import NoteTypes, digest_of, ids_of
from deckgen.notetypes.masks import known_numbers, masked, numbered
from deckgen.package.contents import Package, PackedNote, PackedType
from deckgen.package.read import read_package
from deckgen.pictures import Progress
from deckgen.pipeline import lock_path, rendered_notes
from deckgen.problems import DeckError, Severity
from deckgen.project import Project, deck_name
from deckgen.project_rules import is_version
from deckgen.render import plain_text
from deckgen.sources import read_project, types_of

_SUMS, _CLEANUP = "SHA256SUMS", "-cleanup"


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of the notes. `known` were found in the package, `changed` of them hold something else than there now.

    `new` are places and questions of notes that the package does not hold, `removed` guids and questions of those that only it holds;
    `doubts` may be either. `cards` are places of notes whose picture has cards that could not be known again. `releases` are the
    versions of the packages that were releases, `version` is the one in deck.toml.
    """

    path: Path
    known: int
    changed: int
    new: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    doubts: tuple[AmbiguousNote, ...]
    cards: tuple[str, ...]
    releases: tuple[str, ...]
    version: str


def lock_from(packages: Sequence[Path], root: Path, progress: Progress) -> Restored:
    """Write the lock of a folder's deck, which has none. Raises DeckError where it has one, or a package is not this deck's."""
    project = read_project(root)
    types = types_of(project, Lock())
    path = lock_path(project)
    if path.exists():
        raise DeckError.at(
            str(path),
            "is there already",
            code="lock-exists",
            hint="a lock is restored only where there is none: move it away",
        )
    found = [_package(each, project, types) for each in packages]
    packed = _newest(note for package in found for note in package.notes)
    rendered, _, problems = rendered_notes(project, Lock(), progress)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DeckError(problems)
    entries = [_entry(note, types.with_id(note.notetype.id, project.id)) for note in packed.values()]
    pairs = reconcile([_print(item) for item in rendered], entries, project.id)
    restored = [_restored(item, packed[entry.guid]) for item, entry in zip(rendered, pairs.entries) if entry]
    made = MadeFor(project.id, _name(found[-1], project, types))
    releases = tuple(filter(None, (_release(package, project) for package in found)))
    lock = Lock((*restored, *_left(pairs, packages[0])), tuple(_types(found, project, types)), releases, (made,))
    with staged(path) as file:
        file.write(dump_lock(lock).encode())
    return _told(path, rendered, restored, pairs, releases, project.version)


def _told(
    path: Path,
    rendered: Sequence[RenderedNote],
    restored: Sequence[LockEntry],
    pairs: Reconciliation,
    releases: Sequence[LockedRelease],
    version: str,
) -> Restored:
    doubted = {doubt.note.place for doubt in pairs.doubts}
    in_doubt = {entry.guid for doubt in pairs.doubts for entry in doubt.entries}
    prints = [fingerprint(item.note) for item in rendered]
    new = tuple(
        (each.place, each.question)
        for each, entry in zip(prints, pairs.entries)
        if entry is None and each.place not in doubted
    )
    removed = tuple(
        (entry.guid, entry.question)
        for entry in pairs.removed
        if entry.guid not in in_doubt and entry.state is State.ACTIVE
    )
    lost = {entry.guid for entry in restored if any(name.startswith("?") for name in entry.parts)}
    cards = tuple(each.place for each, entry in zip(prints, pairs.entries) if entry and entry.guid in lost)
    return Restored(
        path,
        len(restored),
        sum(not entry.fields for entry in restored),
        new,
        removed,
        pairs.doubts,
        cards,
        tuple(release.release for release in releases),
        version,
    )


def _package(path: Path, project: Project, types: NoteTypes) -> Package:
    package = read_package(path)
    if not package.notes:
        raise DeckError.at(str(path), "holds no notes", code="package-empty")
    if not types.hold({note.notetype.id for note in package.notes}, project.id):
        raise DeckError.at(
            str(path),
            f"is not a package of the deck with the id {project.id}: its note types are another's",
            code="package-other",
            hint="name a package that deckgen built or released from these notes",
        )
    return package


def _newest(notes: Iterable[PackedNote]) -> dict[str, PackedNote]:
    """The notes by guid; where packages share one, the newer."""
    found: dict[str, PackedNote] = {}
    for note in notes:
        if note.guid not in found or found[note.guid].mod < note.mod:
            found[note.guid] = note
    return found


def _print(item: RenderedNote) -> Fingerprint:
    """What is compared of a note of the files: its fields, its section instead of its file, which no package knows."""
    question, answer = _sides(item.notetype, item.fields)
    return Fingerprint(
        item.note.kind,
        item.note.id,
        item.shown("section"),
        f"{item.note.file}:{item.note.line}",
        shorten(question),
        digest(question),
        digest(answer),
        sketch(answer),
        information(plain_text(answer)),
    )


def _entry(note: PackedNote, notetype: NoteType) -> LockEntry:
    """A note of a package as the lock would hold it, had it been written from fields; with a banner it is retired."""
    fields = note.named()
    question, answer = _sides(notetype, fields)
    shown = {role: fields[notetype.field(role)] if notetype.has(role) else "" for role in ("id", "section", "status")}
    return LockEntry(
        note.guid,
        notetype.kind,
        shown["id"] or None,
        shown["section"],
        shorten(question),
        digest(question),
        digest(answer),
        sketch(answer),
        "",
        note.mod,
        State.RETIRED if shown["status"] else State.ACTIVE,
    )


def _sides(notetype: NoteType, fields: Mapping[str, str]) -> tuple[str, str]:
    """The text of the question, and the HTML of the picture and the answer."""
    answers = [fields[notetype.field(role)] for role in ("picture", "answer") if notetype.has(role)]
    return fold(plain_text(fields[notetype.field("question")])), fold(" ".join(answers))


def _restored(item: RenderedNote, packed: PackedNote) -> LockEntry:
    """The entry of a note that the package holds. Where it holds something else, the next build stamps the note anew."""
    note = fingerprint(item.note)
    parts = known_numbers(packed.named()[item.notetype.field("masks")], item.parts) if item.notetype.occludes else {}
    shown = masked(item, numbered(item.parts, parts)) if item.parts else item
    same = tuple(shown.fields.values()) == packed.fields and item.note.tags == packed.tags
    state = State.RETIRED if packed.named()[item.notetype.field("status")] else State.ACTIVE
    content = content_of(shown)
    return LockEntry(
        packed.guid,
        note.kind,
        note.id,
        note.file,
        note.question,
        note.question_digest,
        note.answer_digest,
        note.sketch,
        content.fields if same else "",
        packed.mod,
        state,
        parts,
        note.dialect,
        content.inputs if same else {},
    )


def _left(pairs: Reconciliation, package: Path) -> Iterator[LockEntry]:
    """The notes that only the package holds: retired, except those that the author is asked about. Their file is the name of the package."""
    in_doubt = {entry.guid for doubt in pairs.doubts for entry in doubt.entries}
    for entry in pairs.removed:
        yield replace(entry, file=package.name, state=entry.state if entry.guid in in_doubt else State.RETIRED)


def _types(packages: Iterable[Package], project: Project, types: NoteTypes) -> Iterator[LockedNoteType]:
    """The note types in use, each as in the package that has its newest state."""
    for ours in types:
        number = ids_of(ours, project.id).notetype
        known = [each for package in packages for each in package.notetypes if each.id == number]
        if known:
            newest = max(known, key=lambda each: each.mod)
            yield replace(type_row(ours, project.id, ours.kind in types.own, newest.mod), digest=_digest(newest))


def _digest(packed: PackedType) -> str:
    templates = [CardTemplate(each.name, each.front, each.back) for each in packed.templates]
    return digest_of(packed.field_names, templates, packed.css)


def _name(package: Package, project: Project, types: NoteTypes) -> str:
    """The name that the deck had, from the names of its note types."""
    notetype = package.notes[0].notetype
    ours = types.with_id(notetype.id, project.id)
    return notetype.name.removesuffix(f" ({ours.label})") or deck_name(project.name)


def _release(package: Package, project: Project) -> LockedRelease | None:
    """The release that a package is: the checksum is next to it, as `deckgen release` writes it.

    Its time is that of its newest change.
    """
    version = package.path.stem.removeprefix(f"{project.slug}-")
    sums = package.path.parent / _SUMS
    if version.endswith(_CLEANUP) or not is_version(version) or not sums.is_file():
        return None
    known = {
        name: checksum for checksum, _, name in (line.partition("  ") for line in sums.read_text("utf-8").splitlines())
    }
    if known.get(package.path.name) != hashlib.sha256(package.path.read_bytes()).hexdigest():
        return None
    cleanup = package.path.with_stem(f"{package.path.stem}{_CLEANUP}")
    cleanups = [read_package(cleanup)] if cleanup.name in known and cleanup.is_file() else []
    time = max(note.mod for each in (package, *cleanups) for note in each.notes)
    types = max(note.notetype.mod for note in package.notes)
    return LockedRelease(version, max(time, types), known[package.path.name], known.get(cleanup.name))
