"""Make the cleanup package. It has the retired notes with a banner and a tag, so that learners can find and delete them.

An import deletes no notes. New learners should not get the retired notes, so these are in a package of their own.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from deckgen.diff.compare import Diff
from deckgen.identity.lock import Lock
from deckgen.model import Media, NoteType
from deckgen.notetypes import MATH_FONT
from deckgen.package.contents import Package, PackedNote
from deckgen.package.read import read_media
from deckgen.package.write import PackageDeck, PackageNote
from deckgen.problems import DeckError
from deckgen.release.previous import PreviousRelease


def cleanup_deck(
    deck: PackageDeck, last: PreviousRelease, diff: Diff, lock: Lock, banner: str, tag: str, now: int, folder: Path
) -> PackageDeck | None:
    """A deck of the retired notes: those that `diff` removes, and those of the last cleanup package. None if no note is retired.

    All get the time of change `now` (seconds), so that each gets its tag, even if the learner edited it. `banner` is HTML.
    Their media files are copied into `folder`. Raises DeckError if a note has a note type that the deck no longer has.
    """
    others = {note.guid for note in (*diff.new.notes, *diff.removed)}
    older = [note for note in last.cleanup.notes if note.guid not in others] if last.cleanup else []
    packed = [_with_banner(note, _type_of(note, deck), banner) for note in diff.removed]
    packed += [_packed(note, _type_of(note, deck)) for note in older]
    if not packed:
        return None
    notes = tuple(replace(note, tags=tuple(sorted({*note.tags, tag})), mod=now) for note in packed)
    media = [
        *_media(last.package, diff.removed, folder),
        *(_media(last.cleanup, older, folder) if last.cleanup else ()),
    ]
    if deck.mathml:
        media.append(MATH_FONT)
    return replace(
        deck,
        notes=notes,
        media=tuple({item.name: item for item in media}.values()),
        type_mods={
            entry.notetype: entry.mod for entry in lock.types if entry.notetype in {note.kind for note in notes}
        },
    )


def _packed(note: PackedNote, notetype: NoteType) -> PackageNote:
    """A note of a package as a note that can be written into a package."""
    return PackageNote(
        note.guid,
        notetype.kind,
        note.fields,
        note.tags,
        note.decks[0],
        note.mod,
        tuple(card.ordinal for card in note.cards),
    )


def _with_banner(note: PackedNote, notetype: NoteType, banner: str) -> PackageNote:
    # Imported types have no field for the banner. Their notes have only the tag.
    fields = note.named() | ({notetype.field("status"): banner} if notetype.has("status") else {})
    return replace(_packed(note, notetype), fields=tuple(fields.values()))


def _type_of(note: PackedNote, deck: PackageDeck) -> NoteType:
    """The note type of a note of an earlier package of the deck. Raises DeckError if the deck no longer has it."""
    try:
        return deck.notetypes.with_id(note.notetype.id, deck.id)
    except LookupError as error:
        message = f"the deck no longer has the note type {note.notetype.name}, but retired notes have it"
        hint = "restore its folder under types/"
        raise DeckError.at(deck.name, message, code="note-type-changed", hint=hint) from error


def _media(package: Package, notes: Iterable[PackedNote], folder: Path) -> Iterator[Media]:
    """Copy the media files of the notes out of their package into `folder`, and yield them."""
    text = "\n".join(field for note in notes for field in note.fields)
    names = {item.name for item in package.media if item.name in text}
    for name, data in read_media(package, names).items():
        path = folder / name
        path.write_bytes(data)  # `folder` is temporary: no file needs to survive a crash.
        yield Media(name, path)
