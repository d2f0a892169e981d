"""The files and entries that a pull changes, in memory."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from deckgen.identity.lock import LockEntry, dump_lock
from deckgen.identity.values import is_guid
from deckgen.model import NoteType, RenderedNote
from deckgen.notetypes.masks import number_cards, with_masks
from deckgen.originals import read_originals
from deckgen.pipeline import lock_path
from deckgen.problems import DeckError
from deckgen.project import FILE as PROJECT_FILE
from deckgen.pull.anki_notes import AnkiNotes
from deckgen.pull.apply import FileChanges
from deckgen.pull.deck import DeckNotes
from deckgen.pull.lock_edit import edited_entry, new_entry, with_entries
from deckgen.pull.new_media import with_new_media
from deckgen.pull.new_notes import head_for, with_new_note
from deckgen.pull.note_edit import parsed_again, read_file
from deckgen.pull.note_merge import NoteMerge
from deckgen.pull.place import NoPlace
from deckgen.pull.proposals import Proposal, renderer_for, with_fields_of
from deckgen.pull.raw_lines import RawLines
from deckgen.pull.rendering import NoteRenderer
from deckgen.sources import NoteFile, types_of, with_settings


class Place(Struct, frozen=True):
    """Where a note is: the file as problems show it, and its number among the notes of the file."""

    file: str
    index: int


class Work:
    """The changes of one pull. `now` is the time in seconds (Unix time). `new_file` is the path of the file for new notes."""

    def __init__(self, deck: DeckNotes, anki: AnkiNotes, now: int, new_file: Path):
        self._deck, self._anki, self._now, self._new_file = deck, anki, now, new_file
        self._places = _places(deck.items)
        self._changes: dict[str, FileChanges] = {}
        self._media: dict[Path, bytes] = {}
        self._edited: list[Proposal] = []
        self._new: list[LockEntry] = []

    def edit(self, found: Sequence[Proposal]) -> None:
        """Write the merges of edited notes into their files."""
        merges: dict[str, dict[int, NoteMerge]] = defaultdict(dict)
        for each in found:
            assert each.merge is not None, "an edited note has a merge"
            place = self.place(each)
            merges[place.file][place.index] = each.merge
            self._media |= each.media.files
        for file, own in merges.items():
            self._of(file).add(own)
        self._edited += found

    def add(self, found: Proposal) -> str:
        """Write a new note to the end of the file for new notes. Return why it has no place, "" if it has one."""
        assert found.note is not None, "a new note is in Anki"
        deck_id = self._deck.project.id
        notetype = types_of(self._deck.project, self._deck.lock).with_id(found.note.notetype.id, deck_id)
        changes = self._of_new_file(notetype)
        own = with_fields_of(notetype, found.note, deck_id)
        note, media = with_new_media(own or found.note, set(), self._anki, self._new_file.parent)
        renderer = NoteRenderer(self._deck.renderer, media.references)
        try:
            if own is None:
                raise NoPlace("its note type has other fields in Anki")
            if not is_guid(note.guid):
                raise NoPlace("its guid has characters that the lock does not store")
            if changes.conflicts:
                raise NoPlace("its file has conflicts")
            added = with_new_note(changes.file, note, notetype, renderer)
        except NoPlace as error:
            return str(error)
        changes.file = changes.theirs = added.file
        self._media |= media.files
        self._new.append(new_entry(added.item, note, self._now))
        return ""

    def place(self, found: Proposal) -> Place:
        """Where the note of a proposal is."""
        assert found.index is not None, "the note is in the deck"
        return self._places[found.index]

    def changes_of(self, file: str) -> FileChanges | None:
        """The changes of a file, None if nothing was written into it."""
        return self._changes.get(file)

    @property
    def new_file(self) -> str:
        """The path of the file for new notes, as problems show it."""
        return self._new_source().file

    def files(self) -> dict[Path, bytes]:
        """Path → content of all files that change: media, note files, and the lock at the end."""
        files = dict(self._media)
        for changes in self._changes.values():
            data = changes.raw.data
            path = changes.file.source.path
            if changes.changed or changes.conflicts or (path == self._new_file and self._new):
                files[path] = data
        lock = with_entries(self._deck.lock, self._entries(), self._new)
        if lock != self._deck.lock:
            files[lock_path(self._deck.project)] = dump_lock(lock).encode()
        return files

    def _entries(self) -> dict[str, LockEntry]:
        """Guid → entry, for the notes whose files have all of their edits or some of them."""
        originals = read_originals(self._deck.project).digests
        entries: dict[str, LockEntry] = {}
        for found in self._edited:
            place = self.place(found)
            changes = self._changes[place.file]
            if found.entry is None or found.note is None or place.index not in changes.changed - changes.conflicts:
                continue
            item = renderer_for(self._deck, found).render(changes.file.parsed.notes[place.index])
            if item.parts:
                item = with_masks(item, number_cards(item.parts, found.entry.parts))
            entries[found.guid] = edited_entry(found.entry, item, found.note, self._now, originals)
        return entries

    def _of(self, file: str) -> FileChanges:
        if file not in self._changes:
            self._changes[file] = FileChanges.of(read_file(self._deck.files[file]))
        return self._changes[file]

    def _of_new_file(self, notetype: NoteType) -> FileChanges:
        source = self._new_source()
        if source.file in self._deck.files:
            return self._of(source.file)
        if source.file not in self._changes:
            self._changes[source.file] = FileChanges.of(parsed_again(source, RawLines.of(head_for(notetype).encode())))
        return self._changes[source.file]

    def _new_source(self) -> NoteFile:
        (source,) = with_settings(self._deck.project, self._deck.lock, [self._new_file])
        return source


def _places(items: Sequence[RenderedNote]) -> list[Place]:
    count: dict[str, int] = defaultdict(int)
    places = []
    for item in items:
        places.append(Place(item.note.file, count[item.note.file]))
        count[item.note.file] += 1
    return places


def new_file_of(deck: DeckNotes, path: Path) -> Path:
    """Return the path of the file for new notes. Raises DeckError if it cannot be a note file of the deck."""
    root = deck.project.root
    inside = path.resolve().is_relative_to(root.resolve())
    if not inside or path.suffix != ".md" or path.name.startswith("."):
        raise DeckError.at(
            str(path), "is not a note file of the deck", code="pull-file", hint=f"name a .md file in the folder {root}"
        )
    target = root / path.resolve().relative_to(root.resolve())
    known = {file.path for file in deck.files.values()}
    if target.exists() and target not in known:
        raise DeckError.at(
            str(path), "is not a note file of the deck", code="pull-file", hint=f"see exclude in {PROJECT_FILE}"
        )
    return target
