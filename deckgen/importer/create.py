"""deckgen import: the order of its steps. Everything is made in a temporary folder, which becomes the deck at the end."""

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.files import staged_folder
from deckgen.identity.lock import FILE as LOCK
from deckgen.identity.lock import Lock
from deckgen.importer.deck_file import deck_toml, description_of, top_deck
from deckgen.importer.files import PlannedFile, plan_files
from deckgen.importer.locking import lock_text, with_package_ids
from deckgen.importer.media import MediaPlan, plan_media, write_media
from deckgen.importer.notes import OWN_TAGS, WrittenNote, with_ids, write_note
from deckgen.importer.rendering import Renderers, different_fields, renderers
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


class ImportResult(Struct, frozen=True):
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


class _Checked(Struct, frozen=True):
    """A rendered note, its problems, and the names of its fields that do not look as in the package, with `Tags` if those differ."""

    rendered: RenderedNote
    problems: tuple[Problem, ...]
    different: tuple[str, ...]

    @property
    def error(self) -> bool:
        """Whether a build would stop at the note."""
        return any(each.severity is Severity.ERROR for each in self.problems)

    def at(self, note: Note) -> "_Checked":
        """The same for the note at another place."""
        moved = note.line - self.rendered.note.line
        problems = tuple(replace(each, line=each.line + moved) for each in self.problems)
        return replace(self, rendered=replace(self.rendered, note=note), problems=problems)


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
        self._names = self._media.names

    def result(self) -> ImportResult:
        """Write all files of the deck into the temporary folder."""
        problems = list(write_media(self._package, self._media, self._root))
        self._write_types()
        self._write_project("Deck", "")
        types = with_package_ids(types_of(read_project(self._root), Lock()), self._planned)
        renders = renderers(self._root, types, self._media.original)
        notes = with_ids(
            [
                self._written(self._packed[n], types, None)
                for n in self._counting("converting", range(len(self._packed)))
            ]
        )
        name = top_deck(notes)
        self._write_project(name, description_of(self._package, name))
        files = plan_files(notes, self._split)
        checked = self._rendered(notes, files, types, renders)
        (self._root / LOCK).write_text(self._lock_text(checked, types), "utf-8", newline="\n")
        problems += [problem for each in checked for problem in each.problems]
        problems += self._told(notes, checked)
        kinds = [note.type.kind for note in notes]
        return ImportResult(
            name,
            tuple((file.name, len(file.notes)) for file in files),
            tuple((each.kind, kinds.count(each.kind)) for each in self._planned),
            len(self._media.paths),
            sum(bool(note.kept) for note in notes),
            sum(bool(each.different) for each in checked),
            tuple(problems),
        )

    def _counting(self, what: str, indices: Sequence[int]) -> Iterator[int]:
        for count, n in enumerate(indices):
            self._progress(what, count, len(indices))
            yield n

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
        return write_note(note, planned, notetype, self._names, functions)

    def _rendered(
        self, notes: list[WrittenNote], files: Sequence[PlannedFile], types: NoteTypes, renders: Renderers
    ) -> list[_Checked]:
        """Write the files, read and render their notes. Notes that do not look as in the package are written again with more care."""
        read = self._read(notes, files)
        checked = [self._checked(n, read[n], renders) for n in self._counting("rendering", range(len(notes)))]
        again = [n for n, each in enumerate(checked) if each.different or each.error]
        for n in self._counting("converting again", again):
            notes[n] = replace(self._written(self._packed[n], types, renders), id=notes[n].id)
        changed = [file for file in files if not set(again).isdisjoint(file.notes)]
        read |= self._read(notes, changed)
        for n in again:
            checked[n] = self._checked(n, read[n], renders)
        # Lines below a note that was written again have moved.
        return [each.at(read[n]) for n, each in enumerate(checked)]

    def _checked(self, index: int, note: Note, renders: Renderers) -> _Checked:
        """The rendered note, and what is not as in the package."""
        rendered, problems = renders.safe.render(note)
        packed = self._packed[index]
        different = different_fields(renders.with_original_names(rendered), packed)
        tags = {tag for tag in packed.tags if tag.lower() not in OWN_TAGS}
        told = tuple(each for each in problems if each.severity is not Severity.INFO)
        return _Checked(rendered, told, (*different, *(["Tags"] if tags != set(note.tags) else [])))

    def _read(self, notes: list[WrittenNote], files: Sequence[PlannedFile]) -> dict[int, Note]:
        """Write note files and read them. Returns the notes by their indices in the package."""
        found: dict[int, Note] = {}
        for file in files:
            (self._root / file.name).write_text(file.text(notes), "utf-8", newline="\n")
        by_key = {each.key: each for each in files_of(read_project(self._root), Lock())} if files else {}
        for file in files:
            source = by_key[file.name]
            parsed = parse_file(source.path, str(self._folder / file.name), source.key, source.settings)
            if wrong := [each for each in parsed.problems if each.severity is Severity.ERROR]:
                raise DeckError(wrong)
            if len(parsed.notes) != len(file.notes):
                message = f"{len(parsed.notes)} of {len(file.notes)} notes can be read again"
                raise DeckError.at(str(self._folder / file.name), message, code="import-changed")
            found |= dict(zip(file.notes, parsed.notes))
        return found

    def _lock_text(self, checked: Sequence[_Checked], types: NoteTypes) -> str:
        """The lock. Its notes are in reading order."""
        places = {path.name: n for n, path in enumerate(read_project(self._root).files())}
        notes = [each.rendered.note for each in checked]
        order = sorted(range(len(notes)), key=lambda n: (places[notes[n].key], notes[n].line))
        return lock_text(
            read_project(self._root),
            [checked[n].rendered for n in order],
            [self._packed[n] for n in order],
            [not checked[n].different for n in order],
            types,
            self._planned,
            self._now,
        )

    def _told(self, notes: Sequence[WrittenNote], checked: Sequence[_Checked]) -> Iterator[Problem]:
        """Yield what an author should know of each note: HTML in it, and what is not as in the package."""
        decks = sum(len(note.packed.decks) > 1 for note in notes)
        if decks:
            message = f"{decks} notes have cards in several decks: new learners get them in the deck of the first card"
            yield _about(self._package, "import-decks", message, severity=Severity.INFO)
        for note, each in zip(notes, checked):
            place = (each.rendered.note.file, each.rendered.note.line, 1)
            for name, tags in note.kept.items():
                shown = " ".join(dict.fromkeys(tags[:_SHOWN])) + (" …" if len(tags) > _SHOWN else "")
                yield Problem(*place, Severity.INFO, "import-html", f"in the field {name} stays HTML: {shown}")
            if each.different:
                message = f"not as in the package: {', '.join(each.different)}"
                yield Problem(*place, Severity.WARNING, "import-changed", message, "learners get it as a change")
        for deck in dict.fromkeys(note.deck for note in notes):
            if deck_name(deck) != deck:
                message = f"the name of the deck {deck!a} is {deck_name(deck)!a} now"
                yield _about(self._package, "import-decks", message, severity=Severity.INFO)
