"""deckgen import: the order of its steps. Everything is made in a temporary folder, which becomes the deck at the end."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.files import staged_folder
from deckgen.identity.lock import FILE as LOCK
from deckgen.identity.lock import Lock
from deckgen.importer.deck_file import deck_toml, description_of, top_deck
from deckgen.importer.files import PlannedFile, plan_files
from deckgen.importer.locking import lock_text, with_package_ids
from deckgen.importer.media import MediaPlan, plan_media, write_media
from deckgen.importer.notes import OWN_TAGS, WrittenNote, with_ids, write_note
from deckgen.importer.rendering import Renderers, different_fields, errors, renderers
from deckgen.importer.types import PlannedType, plan_types
from deckgen.model import Note, RenderedNote
from deckgen.notetypes import NoteTypes
from deckgen.notetypes.deck import FOLDER as TYPES
from deckgen.package.contents import Package, PackedNote
from deckgen.package.read import read_package
from deckgen.parse import parse_file
from deckgen.pictures import Progress
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import FILE as PROJECT
from deckgen.project import deck_name
from deckgen.sources import files_of, read_project, types_of

_SHOWN = 5  # tags of HTML in a message


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The new deck: its name, its files with the number of notes of each, its note types with those of each, and its problems.

    `kept` counts the notes with HTML in them, and `changed` those that do not look as in the package.
    """

    name: str
    files: tuple[tuple[str, int], ...]
    types: tuple[tuple[str, int], ...]
    media: int
    kept: int
    changed: int
    problems: tuple[Problem, ...]

    @property
    def notes(self) -> int:
        """The number of notes."""
        return sum(count for _, count in self.files)


def import_deck(path: Path, folder: Path, split: str, now: int, progress: Progress) -> ImportResult:
    """Make a deck of a package in `folder`, which does not exist or is empty. `split` is one of `SPLITS`.

    `now` is the time of the import in seconds (Unix time). Raises DeckError if the package cannot be read or has no notes, or if the folder
    is not empty; then nothing was written.
    """
    _check_folder(folder)
    package = read_package(path)
    packed, problems = _notes_of(package)
    if not packed:
        raise DeckError.at(str(path), "has no notes", code="import-empty", hint="export decks with notes")
    with staged_folder(folder.resolve()) as (root, finish):
        result = _Import(package, packed, root, folder, split, now, progress).result()
        finish()
    return replace(result, problems=tuple(sorted([*problems, *result.problems])))


def _check_folder(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = "is not empty" if folder.is_dir() else "is a file"
        raise DeckError.at(str(folder), message, code="import-folder", hint="name a folder that does not exist")


def _notes_of(package: Package) -> tuple[list[PackedNote], list[Problem]]:
    """The notes of a package, each guid once."""
    found: dict[str, PackedNote] = {}
    problems = []
    for note in package.notes:
        if note.guid in found:
            message = f"has two notes with the guid {note.guid}; the second one was left out: {note.fields[0][:60]!a}"
            problems.append(_about(package, "import-guid", message, "Anki would add it to each collection again"))
        found.setdefault(note.guid, note)
    return list(found.values()), problems


def _about(package: Package, code: str, message: str, hint: str = "", severity: Severity = Severity.WARNING) -> Problem:
    return Problem(str(package.path), 0, 0, severity, code, message, hint)


class _Import:
    """One import. `root` is the temporary folder, and `folder` is the one that problems name."""

    def __init__(
        self,
        package: Package,
        packed: list[PackedNote],
        root: Path,
        folder: Path,
        split: str,
        now: int,
        progress: Progress,
    ):
        self._package = package
        self._packed = packed
        self._root = root
        self._folder = folder
        self._split = split
        self._now = now
        self._progress = progress
        used = {note.notetype.id: note.notetype for note in packed}
        self._planned: tuple[PlannedType, ...] = plan_types(used.values())
        self._kind_of = {each.packed.id: each for each in self._planned}
        self._media: MediaPlan = plan_media(package, self._planned)

    def result(self) -> ImportResult:
        """Write all files of the deck into the temporary folder."""
        problems = list(write_media(self._package, self._media, self._root))
        self._write_types()
        self._write_project("Deck", "")
        types = with_package_ids(types_of(read_project(self._root), Lock()), self._planned)
        renders = renderers(self._root, types, self._media.original)
        notes = with_ids([self._written(note, types, None) for note in self._progressing("converting", self._packed)])
        name = top_deck(notes)
        self._write_project(name, description_of(self._package, name))
        files = plan_files(notes, self._split)
        notes, rendered, wrong = self._rendered(notes, files, types, renders)
        different = self._differences(rendered, renders)
        text = self._lock_text(rendered, different, types)
        (self._root / LOCK).write_text(text, "utf-8", newline="\n")
        problems += [*wrong, *self._told(notes, rendered, different)]
        kinds = [note.type.kind for note in notes]
        return ImportResult(
            name,
            tuple((file.name, len(file.notes)) for file in files),
            tuple((each.kind, kinds.count(each.kind)) for each in self._planned),
            len(self._media.paths),
            sum(bool(note.kept) for note in notes),
            sum(map(bool, different)),
            tuple(problems),
        )

    def _progressing(self, what: str, notes: Sequence[PackedNote]) -> Iterator[PackedNote]:
        for n, note in enumerate(notes):
            self._progress(what, n, len(notes))
            yield note

    def _write_types(self) -> None:
        for each in self._planned:
            place = self._root / TYPES / each.kind
            place.mkdir(parents=True, exist_ok=True)
            for name, text in each.files().items():
                (place / name).write_text(text, "utf-8", newline="\n")

    def _write_project(self, name: str, description: str) -> None:
        path = self._root / PROJECT
        known = read_project(self._root).id if path.exists() else secrets.token_hex(8)
        path.write_text(deck_toml(known, name, description), "utf-8", newline="\n")

    def _written(self, note: PackedNote, types: NoteTypes, renders: Renderers | None) -> WrittenNote:
        planned = self._kind_of[note.notetype.id]
        notetype = types[planned.kind]
        functions = {name: renders.field(notetype, name) for name in notetype.field_names} if renders else {}
        return write_note(note, planned, notetype, self._media.names, functions)

    def _rendered(
        self, notes: list[WrittenNote], files: Sequence[PlannedFile], types: NoteTypes, renders: Renderers
    ) -> tuple[list[WrittenNote], list[RenderedNote], list[Problem]]:
        """Write the files, read and render their notes. Notes that do not look as in the package are written again with more care."""
        rendered: list[RenderedNote | None] = [None] * len(notes)
        problems: list[list[Problem]] = [[] for _ in notes]
        for careful in (False, True):
            again = [n for n, each in enumerate(rendered) if each is None]
            if careful:
                for n in again:
                    notes[n] = replace(self._written(self._packed[n], types, renders), id=notes[n].id)
            read = self._read(notes, files)
            for count, n in enumerate(again):
                self._progress("rendering" if not careful else "converting again", count, len(again))
                result, wrong = renders.safe.render(read[n])
                shown = renders.unsafe.render(read[n])[0] if wrong else result
                if careful or not (
                    list(errors(wrong)) or different_fields(renders.with_original_names(shown), self._packed[n])
                ):
                    above = read[n].line
                    rendered[n], problems[n] = result, [replace(each, line=each.line - above) for each in wrong]
            if all(rendered):
                break
        for n, each in enumerate(self._read(notes, files)):
            done = rendered[n]
            assert done is not None, "the second round renders each note"
            # Lines below a note that was written again have moved.
            rendered[n] = replace(done, note=each)
        found = [each for each in rendered if each]
        told = [
            replace(each, line=each.line + item.note.line)
            for item, own in zip(found, problems)
            for each in own
            if each.severity is not Severity.INFO
        ]
        return notes, found, told

    def _read(self, notes: list[WrittenNote], files: Sequence[PlannedFile]) -> list[Note]:
        """Write the note files and read them. Returns the notes in the order of the package."""
        found: dict[int, Note] = {}
        for file in files:
            (self._root / file.name).write_text(file.text(notes), "utf-8", newline="\n")
        by_key = {each.key: each for each in files_of(read_project(self._root), Lock())}
        for file in files:
            source = by_key[file.name]
            parsed = parse_file(source.path, str(self._folder / file.name), source.key, source.settings)
            if wrong := [each for each in parsed.problems if each.severity is Severity.ERROR]:
                raise DeckError(wrong)
            if len(parsed.notes) != len(file.notes):
                message = f"{len(parsed.notes)} of {len(file.notes)} notes can be read again"
                raise DeckError.at(str(self._folder / file.name), message, code="import-changed")
            found |= dict(zip(file.notes, parsed.notes))
        return [found[n] for n in range(len(notes))]

    def _differences(self, rendered: Sequence[RenderedNote], renders: Renderers) -> list[list[str]]:
        """The names of the fields of each note that do not look as in the package, and `Tags` if those differ."""
        found = []
        for each, packed in zip(rendered, self._packed):
            tags = {tag for tag in packed.tags if tag.lower() not in OWN_TAGS}
            other = ["Tags"] if tags != set(each.note.tags) else []
            found.append([*different_fields(renders.with_original_names(each), packed), *other])
        return found

    def _lock_text(self, rendered: Sequence[RenderedNote], different: list[list[str]], types: NoteTypes) -> str:
        """The lock. Its notes are in reading order."""
        places = {path.name: n for n, path in enumerate(read_project(self._root).files())}
        order = sorted(range(len(rendered)), key=lambda n: (places[rendered[n].note.key], rendered[n].note.line))
        return lock_text(
            read_project(self._root),
            [rendered[n] for n in order],
            [self._packed[n] for n in order],
            [not different[n] for n in order],
            types,
            self._planned,
            self._now,
        )

    def _told(
        self, notes: Sequence[WrittenNote], rendered: Sequence[RenderedNote], different: Sequence[list[str]]
    ) -> Iterator[Problem]:
        """Yield what an author should know of each note: HTML in it, and what is not as in the package."""
        decks = sum(len(note.packed.decks) > 1 for note in notes)
        if decks:
            message = f"{decks} notes have cards in several decks: new learners get them in the deck of the first card"
            yield _about(self._package, "import-decks", message, severity=Severity.INFO)
        for note, each, fields in zip(notes, rendered, different):
            place = (each.note.file, each.note.line, 1)
            for name, tags in note.kept.items():
                shown = " ".join(dict.fromkeys(tags[:_SHOWN])) + (" …" if len(tags) > _SHOWN else "")
                yield Problem(*place, Severity.INFO, "import-html", f"in the field {name} stays HTML: {shown}")
            if fields:
                message = f"not as in the package: {', '.join(fields)}"
                yield Problem(*place, Severity.WARNING, "import-changed", message, "learners get it as a change")
        for deck in dict.fromkeys(note.deck for note in notes):
            if deck_name(deck) != deck:
                message = f"the name of the deck {deck!a} is {deck_name(deck)!a} now"
                yield _about(self._package, "import-decks", message, severity=Severity.INFO)
