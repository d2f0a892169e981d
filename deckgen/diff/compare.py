"""Compare two packages: notes by guid, note types by id, media by name. Nothing is read or written."""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from deckgen.diff.types import TypeChange, compare_types
from deckgen.package.contents import Package, PackedNote, PackedType


class FieldChange(Struct, frozen=True):
    """A field whose HTML differs. `old` or `new` is None if the note type of that package has no such field."""

    name: str
    old: str | None
    new: str | None


class NoteChange(Struct, frozen=True):
    """A note that both packages hold. `cards_added` and `cards_removed` are 0-based ordinals."""

    old: PackedNote
    new: PackedNote
    fields: tuple[FieldChange, ...]
    tags_added: tuple[str, ...]
    tags_removed: tuple[str, ...]
    cards_added: tuple[int, ...]
    cards_removed: tuple[int, ...]

    @property
    def has_other_type(self) -> bool:
        """Whether the note has another note type."""
        return self.old.notetype.id != self.new.notetype.id

    @property
    def is_newer(self) -> bool:
        """Whether Anki would take the change. Anki compares only the times of change."""
        return self.new.mod > self.old.mod

    def __bool__(self) -> bool:
        """Whether fields, tags, cards or the note type differ."""
        return bool(
            self.fields
            or self.tags_added
            or self.tags_removed
            or self.cards_added
            or self.cards_removed
            or self.has_other_type
        )


class MediaChange(Struct, frozen=True):
    """Names of media files. The content of `changed` files differs under the same name."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


class Diff(Struct, frozen=True):
    """The differences between two packages.

    `moved` are the notes in another deck, changed or not. `restamped` are notes with a newer time and no other change.
    `repeated` are guids that the new package holds more than once. Only the first note of each guid is compared.
    """

    old: Package
    new: Package
    added: tuple[PackedNote, ...]
    removed: tuple[PackedNote, ...]
    changed: tuple[NoteChange, ...]
    moved: tuple[NoteChange, ...]
    restamped: tuple[PackedNote, ...]
    unchanged: int
    types: tuple[TypeChange, ...]
    media: MediaChange
    repeated: tuple[str, ...]


def compare(old: Package, new: Package) -> Diff:
    """Return the differences between two packages, in the order of the new one."""
    before, after = _by_guid(old), _by_guid(new)
    pairs = [_compare_notes(before[guid], note) for guid, note in after.items() if guid in before]
    changed = tuple(pair for pair in pairs if pair)
    restamped = tuple(pair.new for pair in pairs if not pair and pair.is_newer)
    return Diff(
        old,
        new,
        added=tuple(note for guid, note in after.items() if guid not in before),
        removed=tuple(note for guid, note in before.items() if guid not in after),
        changed=changed,
        moved=tuple(pair for pair in pairs if pair.old.decks != pair.new.decks),
        restamped=restamped,
        unchanged=len(pairs) - len(changed) - len(restamped),
        types=compare_types(_used_types(old), _used_types(new)),
        media=_compare_media(old, new),
        repeated=tuple(guid for guid, count in Counter(note.guid for note in new.notes).items() if count > 1),
    )


def _by_guid(package: Package) -> dict[str, PackedNote]:
    notes: dict[str, PackedNote] = {}
    for note in package.notes:
        notes.setdefault(note.guid, note)
    return notes


def _used_types(package: Package) -> list[PackedType]:
    """Return the note types that notes have. An exported package may hold others, but an import leaves them out."""
    return list({note.notetype.id: note.notetype for note in package.notes}.values())


def _compare_notes(old: PackedNote, new: PackedNote) -> NoteChange:
    before, after = {card.ordinal for card in old.cards}, {card.ordinal for card in new.cards}
    return NoteChange(
        old,
        new,
        tuple(_compare_fields(old, new)),
        _without(new.tags, old.tags),
        _without(old.tags, new.tags),
        tuple(sorted(after - before)),
        tuple(sorted(before - after)),
    )


def _compare_fields(old: PackedNote, new: PackedNote) -> Iterable[FieldChange]:
    before, after = _fields_by_key(old, new), _fields_by_key(new, old)
    for key, (name, html) in after.items():
        was = before[key][1] if key in before else None
        if html != (was or "") or (was is None and html):
            yield FieldChange(name, was, html)
    for key, (name, html) in before.items():
        if key not in after and html:
            yield FieldChange(name, html, None)


def _fields_by_key(note: PackedNote, other: PackedNote) -> Mapping[int | str, tuple[str, str]]:
    """Return name and HTML of a note's fields by their keys: their ids if all fields of both notes have ids, else their names."""
    ids = note.notetype.id == other.notetype.id and all(
        field.id is not None for side in (note, other) for field in side.notetype.fields
    )
    return {
        (field.id if ids and field.id is not None else field.name): (field.name, html)
        for field, html in zip(note.notetype.fields, note.fields)
    }


def _without(tags: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that are not among the others. Anki ignores the case of tags."""
    known = {tag.lower() for tag in others}
    return tuple(tag for tag in tags if tag.lower() not in known)


def _compare_media(old: Package, new: Package) -> MediaChange:
    before, after = {m.name: m.digest for m in old.media}, {m.name: m.digest for m in new.media}
    return MediaChange(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(name for name in after.keys() & before.keys() if after[name] != before[name])),
    )
