"""deckgen lock from: restore a lost lock from packages of the deck.

A package contains fields, and not the source of the notes. So the notes of the files are rendered. Their fields are matched
with the fields of the package, by the rules that a build uses.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.build_lock import only_this_process
from deckgen.files import staged
from deckgen.identity.fingerprint import Fingerprint, digest, fingerprint, fold, shorten, sketch
from deckgen.identity.information import information
from deckgen.identity.lock import Lock, LockedNoteType, LockedRelease, LockEntry, MadeFor, State, dump_lock
from deckgen.identity.lost import has_lock
from deckgen.identity.note_entry import entry_of
from deckgen.identity.reconcile import AmbiguousNote, Reconciliation, reconcile
from deckgen.identity.stamp import content_of
from deckgen.identity.types import type_row
from deckgen.model import CardTemplate, NoteType, RenderedNote
from deckgen.notetypes import NoteTypes, ids_of, type_digest
from deckgen.notetypes.masks import known_numbers, number_cards, with_masks
from deckgen.package.contents import Package, PackedNote, PackedType
from deckgen.package.read import read_package
from deckgen.package.type_ids import with_packed_ids
from deckgen.pictures import Progress
from deckgen.pipeline import lock_path, rendered_notes
from deckgen.problems import DeckError, Severity
from deckgen.project import Project, deck_name
from deckgen.project_rules import is_version
from deckgen.render import plain_text
from deckgen.sources import read_project, types_of

_SUMS, _CLEANUP = "SHA256SUMS", "-cleanup"


class RestoreResult(Struct, frozen=True):
    """The result of a restored lock. `path` is the lock.

    `known` counts the notes that are in a package. `changed` counts those of them that have other fields there. `new` are
    places and questions of notes that no package contains. `removed` are guids and questions of notes that only a package
    contains. Notes of `doubts` may be new or known. `cards` are places of image-occlusion notes with cards that could not be
    matched. `releases` are the versions of the packages that were releases. `version` is the version in deck.toml.
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


def restore_lock(packages: Sequence[Path], root: Path, progress: Progress) -> RestoreResult:
    """Write a lock for the deck in the folder `root`, and return what was found.

    Raises DeckError if the deck has a lock or its notes have errors. Raises DeckError if a package cannot be read, or if it
    is a package of another deck.
    """
    with only_this_process(root):
        return _restore(packages, root, progress)


def _restore(packages: Sequence[Path], root: Path, progress: Progress) -> RestoreResult:
    project = read_project(root)
    types = types_of(project, Lock())
    path = lock_path(project)
    if has_lock(root):
        raise DeckError.at(
            str(path),
            "is there already",
            code="lock-exists",
            hint="move it away: a lock is restored only if there is none",
        )
    found = [_read_package(each) for each in packages]
    types = with_packed_ids(types, (each for package in found for each in package.notetypes))
    for package in found:
        _require_own(package, project, types)
    packed = _newest_by_guid(note for package in found for note in package.notes)
    rendered, _, problems = rendered_notes(project, Lock(), progress)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DeckError(problems)
    entries = [_packed_entry(note, types.with_id(note.notetype.id, project.id)) for note in packed.values()]
    pairs = reconcile([_fingerprint_of_fields(item) for item in rendered], entries, project.id)
    restored = [_restored_entry(item, packed[entry.guid]) for item, entry in zip(rendered, pairs.entries) if entry]
    made = MadeFor(project.id, _packaged_deck_name(found[-1], project, types))
    releases = tuple(filter(None, (_packaged_release(package, project) for package in found)))
    lock = Lock(
        (*restored, *_unmatched_entries(pairs, packages[0])),
        tuple(_type_rows(found, project, types)),
        releases,
        (made,),
    )
    with staged(path) as file:
        file.write(dump_lock(lock).encode())
    return _result(path, rendered, restored, pairs, releases, project.version)


def _result(
    path: Path,
    rendered: Sequence[RenderedNote],
    restored: Sequence[LockEntry],
    pairs: Reconciliation,
    releases: Sequence[LockedRelease],
    version: str,
) -> RestoreResult:
    doubted = {doubt.note.place for doubt in pairs.ambiguous}
    in_doubt = {entry.guid for doubt in pairs.ambiguous for entry in doubt.entries}
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
    return RestoreResult(
        path,
        len(restored),
        sum(not entry.fields for entry in restored),
        new,
        removed,
        pairs.ambiguous,
        cards,
        tuple(release.release for release in releases),
        version,
    )


def _read_package(path: Path) -> Package:
    package = read_package(path)
    if not package.notes:
        raise DeckError.at(str(path), "contains no notes", code="package-empty")
    return package


def _require_own(package: Package, project: Project, types: NoteTypes) -> None:
    if not types.have_ids({note.notetype.id for note in package.notes}, project.id):
        raise DeckError.at(
            str(package.path),
            f"is not a package of the deck with the id {project.id}: it has other note types",
            code="package-other",
            hint="name a package that deckgen built or released from these notes",
        )


def _newest_by_guid(notes: Iterable[PackedNote]) -> dict[str, PackedNote]:
    """Return the notes by guid. If several packages contain a note, the newest one counts."""
    found: dict[str, PackedNote] = {}
    for note in notes:
        if note.guid not in found or found[note.guid].mod < note.mod:
            found[note.guid] = note
    return found


def _fingerprint_of_fields(item: RenderedNote) -> Fingerprint:
    """Return a fingerprint of the rendered fields. It has the section in place of the file, which no package contains."""
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


def _packed_entry(note: PackedNote, notetype: NoteType) -> LockEntry:
    """Return an entry for a note of a package, with digests of its fields. A note with a banner is retired."""
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
    """Return the text of the question, and the HTML of the picture and the answer."""
    answers = [fields[notetype.field(role)] for role in ("picture", "answer") if notetype.has(role)]
    question = notetype.field("question") if notetype.has("question") else notetype.field_names[0]
    return fold(plain_text(fields[question])), fold(" ".join(answers))


def _restored_entry(item: RenderedNote, packed: PackedNote) -> LockEntry:
    """Return the entry of a note that is in the package. If its fields differ there, the next build counts it as changed."""
    note = fingerprint(item.note)
    parts = known_numbers(packed.named()[item.notetype.field("masks")], item.parts) if item.notetype.occludes else {}
    shown = with_masks(item, number_cards(item.parts, parts)) if item.parts else item
    same = tuple(shown.fields.values()) == packed.fields and item.note.tags == packed.tags
    state = (
        State.RETIRED if item.notetype.has("status") and packed.named()[item.notetype.field("status")] else State.ACTIVE
    )
    content = content_of(shown)
    return replace(
        entry_of(packed.guid, note, fields=content.fields if same else "", mod=packed.mod),
        state=state,
        parts=parts,
        inputs=content.inputs if same else {},
    )


def _unmatched_entries(pairs: Reconciliation, package: Path) -> Iterator[LockEntry]:
    """Yield the entries of notes that only the package contains. Their file is the name of the package.

    They are retired. Ambiguous notes keep their state, because the author decides about them.
    """
    in_doubt = {entry.guid for doubt in pairs.ambiguous for entry in doubt.entries}
    for entry in pairs.removed:
        yield replace(entry, file=package.name, state=entry.state if entry.guid in in_doubt else State.RETIRED)


def _type_rows(packages: Iterable[Package], project: Project, types: NoteTypes) -> Iterator[LockedNoteType]:
    """Yield the rows of the note types in use. If several packages contain a type, the newest one counts."""
    for ours in types:
        number = ids_of(ours, project.id).notetype
        known = [each for package in packages for each in package.notetypes if each.id == number]
        if known:
            newest = max(known, key=lambda each: each.mod)
            row = type_row(ours, project.id, ours.kind in types.own_kinds, newest.mod)
            # The digest of an imported type has settings too, and Anki changes none of them.
            yield row if ours.imported else replace(row, digest=_packed_type_digest(newest))


def _packed_type_digest(packed: PackedType) -> str:
    templates = tuple(CardTemplate(each.name, each.front, each.back) for each in packed.templates)
    return type_digest(packed.field_names, templates, packed.css)


def _packaged_deck_name(package: Package, project: Project, types: NoteTypes) -> str:
    """Return the name of the deck in the package, from the names of its note types."""
    notetype = package.notes[0].notetype
    ours = types.with_id(notetype.id, project.id)
    name = "" if ours.imported else notetype.name.removesuffix(f" ({ours.label})")
    return name or deck_name(project.name)


def _packaged_release(package: Package, project: Project) -> LockedRelease | None:
    """Return the row of a release, if the package is one: its checksum is in the file SHA256SUMS next to it.

    The time of the release is the time of its newest change.
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
