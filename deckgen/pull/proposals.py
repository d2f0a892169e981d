"""Compare the notes in Anki with the notes of a deck, and merge those that were edited in Anki. Nothing is written."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from deckgen.identity.lock import LockEntry, State
from deckgen.model import NoteType, RenderedNote
from deckgen.notetypes import ids_of
from deckgen.package.contents import PackedNote
from deckgen.pictures import Progress
from deckgen.pull.anki_notes import AnkiNotes
from deckgen.pull.deck import DeckNotes
from deckgen.pull.known_versions import Bases, older_versions, present_versions
from deckgen.pull.new_media import NO_MEDIA, NewMedia, with_new_media
from deckgen.pull.note_merge import NoteMerge, merge_note
from deckgen.pull.rendering import NoteRenderer
from deckgen.pull.versions import Version, base_of
from deckgen.render import plain_text
from deckgen.sources import types_of


class Standing(StrEnum):
    """How a note in Anki differs from the note of the deck."""

    SAME = "same"
    OLD = "old"
    EDITED = "edited"
    UNKNOWN = "unknown"
    OTHER_TYPE = "other-type"
    NEW = "new"
    MISSING = "missing"
    RETIRED = "retired"


class Proposal(Struct, frozen=True):
    """A note that differs between Anki and the deck.

    `index` is the number of the note in the deck, None if the deck does not have it. `entry` is its entry in the lock, None of a new
    note. `note` is the note in Anki, None if it is not there. `merge` is the merge of an edited note, `media` are the files that the edit added.
    """

    standing: Standing
    guid: str
    index: int | None = None
    entry: LockEntry | None = None
    note: PackedNote | None = None
    merge: NoteMerge | None = None
    media: NewMedia = NO_MEDIA

    @property
    def question(self) -> str:
        """The question of the note as plain text: of the lock, or of the first field in Anki that shows something."""
        if self.entry:
            return self.entry.question
        return next(filter(None, map(plain_text, self.note.fields)), "") if self.note else ""


class Comparison(Struct, frozen=True):
    """The notes that differ, those of the deck in reading order. `same` and `old` count the notes that nobody edited in Anki."""

    proposals: tuple[Proposal, ...]
    same: int
    old: int


def compare_notes(deck: DeckNotes, anki: AnkiNotes, bases: Bases, progress: Progress) -> Comparison:
    """Return what differs between Anki and the deck. Raises DeckError if a package of `bases` cannot be read."""
    lock = {entry.guid: entry for entry in deck.lock.notes}
    found = [_without_versions(deck, i, lock, anki) for i in range(len(deck.items))]
    imported = _last_imported(found)
    versions = _versions(deck, found, imported, bases, progress)
    # A note that was built after the last import is not missing: it was never there.
    found = [each for each in found if each.standing is not Standing.MISSING or _mod(each) <= imported]
    media = {item.name for each in deck.items for item in each.media}
    found = [
        _edited(deck, _with_media(deck, each, media, anki), versions[each.guid])
        if each.standing is Standing.EDITED
        else each
        for each in found
    ]
    found += _not_in_deck(deck, lock, anki)
    counts = {name: sum(each.standing is name for each in found) for name in (Standing.SAME, Standing.OLD)}
    differing = tuple(each for each in found if each.standing not in counts)
    return Comparison(differing, counts[Standing.SAME], counts[Standing.OLD])


def _without_versions(deck: DeckNotes, i: int, lock: Mapping[str, LockEntry], anki: AnkiNotes) -> Proposal:
    """How note `i` stands, as far as that is known without its older versions."""
    item, entry = deck.items[i], deck.entries[i]
    old, note = lock.get(entry.guid), anki.notes.get(entry.guid)
    if note is None:
        built = old is not None and old.mod > 0 and old.state is State.ACTIVE
        return Proposal(Standing.MISSING if built and anki.whole else Standing.SAME, entry.guid, i, old)
    own = with_fields_of(item.notetype, note, deck.project.id)
    if own is None:
        return Proposal(Standing.OTHER_TYPE, entry.guid, i, old, note)
    return Proposal(_standing(deck, item, entry, old, own), entry.guid, i, old, own)


def with_fields_of(notetype: NoteType, note: PackedNote, deck_id: str) -> PackedNote | None:
    """Return a note of Anki with the fields of a note type of the deck, in their order. None if it has another note type.

    People may add fields to a note type, and move them.
    """
    named = note.named()
    if note.notetype.id != ids_of(notetype, deck_id).notetype or not named.keys() >= set(notetype.field_names):
        return None
    return dataclasses.replace(note, fields=tuple(named[name] for name in notetype.field_names))


def _standing(
    deck: DeckNotes, item: RenderedNote, entry: LockEntry, old: LockEntry | None, note: PackedNote
) -> Standing:
    if Version(tuple(item.fields.values()), item.note.tags, entry.mod, "").is_equal(note):
        return Standing.SAME
    if old and note.mod == old.mod:
        return Standing.SAME
    # A release gives its own time to all notes that it changes.
    is_released = any(release.time == note.mod for release in deck.lock.releases)
    return Standing.OLD if is_released else Standing.EDITED


def _last_imported(found: Sequence[Proposal]) -> int:
    """The newest time of change, in seconds, of a note that is in Anki as the last build stamped it; 0 if there is none.

    It shows that this build, or a later one, was imported.
    """
    return max((_mod(each) for each in found if each.note and each.note.mod == _mod(each)), default=0)


def _mod(found: Proposal) -> int:
    """The time of change of a note in the lock; 0 if it was not built."""
    return found.entry.mod if found.entry else 0


def _versions(
    deck: DeckNotes, found: Sequence[Proposal], imported: int, bases: Bases, progress: Progress
) -> dict[str, list[Version]]:
    """Guid → the versions that an edited note may have begun with.

    If a build was imported that has the note as it is now, no edit began with an older version. For other notes, older versions are
    looked for. `imported` is the time of `_last_imported`.
    """
    present = present_versions(deck)
    edited = [each for each in found if each.standing is Standing.EDITED]
    unsure = [each.entry for each in edited if each.entry and (each.guid not in present or each.entry.mod > imported)]
    older = older_versions(deck, unsure, bases, progress)
    own = {each.guid: [present[each.guid]] if each.guid in present else [] for each in edited}
    return {guid: [*versions, *older.get(guid, [])] for guid, versions in own.items()}


def _with_media(deck: DeckNotes, found: Proposal, known: set[str], anki: AnkiNotes) -> Proposal:
    """The proposal with the media that the edit added."""
    assert found.note is not None and found.index is not None, "an edited note is in Anki and in the deck"
    folder = deck.files[deck.items[found.index].note.file].path.parent
    note, media = with_new_media(found.note, known, anki, folder)
    return replace(found, note=note, media=media)


def _edited(deck: DeckNotes, found: Proposal, versions: Sequence[Version]) -> Proposal:
    """The proposal with the merge of the note, or another standing if nobody edited the note."""
    note, old = found.note, found.entry
    assert note is not None and found.index is not None, "an edited note is in Anki and in the deck"
    if any(version.mod == note.mod or version.is_equal(note) for version in versions):
        return replace(found, standing=Standing.OLD)
    base = base_of(note, versions)
    if base is None and old and note.mod < old.mod:
        return replace(found, standing=Standing.UNKNOWN)
    merge = merge_note(deck.items[found.index], base, note, renderer_for(deck, found))
    if not merge.fields and merge.tags is None:
        return replace(found, standing=Standing.SAME)
    return replace(found, merge=merge)


def renderer_for(deck: DeckNotes, found: Proposal) -> NoteRenderer:
    """The renderer of the deck, with the media that an edit adds."""
    return NoteRenderer(deck.renderer, found.media.references)


def _not_in_deck(deck: DeckNotes, lock: Mapping[str, LockEntry], anki: AnkiNotes) -> Iterator[Proposal]:
    """Yield the notes of the deck's note types that the note files do not have: new ones, and retired ones that were edited."""
    present = {entry.guid for entry in deck.entries}
    types = types_of(deck.project, deck.lock)
    numbers = {ids_of(each, deck.project.id).notetype for each in types}
    for guid, note in anki.notes.items():
        if guid in present or note.notetype.id not in numbers:
            continue
        old = lock.get(guid)
        if old is None:
            yield Proposal(Standing.NEW, guid, None, None, note)
        elif note.mod > old.mod and not _has_banner(types.with_id(note.notetype.id, deck.project.id), note):
            yield Proposal(Standing.RETIRED, guid, None, old, note)


def _has_banner(notetype: NoteType, note: PackedNote) -> bool:
    """Whether a note is as the cleanup package of a release wrote it: retired, with a banner."""
    return bool(note.named().get(notetype.field("status")))
