"""The cleanup package: notes that left the deck, sent once more with a banner and a tag, so that learners can find and delete them.

Importing deletes nothing, and new learners should never see these notes: hence a package of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

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
    """The retired notes of a deck as a deck: those that `diff` removes, and those of the last cleanup package, which have their banner.

    All are stamped `now`: who imports the package wants the tag on every one, also on those that they touched since. Their
    media are put into `folder`. None where no note is retired.
    """
    there = {note.guid for note in (*diff.new.notes, *diff.removed)}
    carried = [note for note in last.cleanup.notes if note.guid not in there] if last.cleanup else []
    packed = [_with_banner(note, _type_of(note, deck), banner) for note in diff.removed]
    packed += [_packed(note, _type_of(note, deck)) for note in carried]
    if not packed:
        return None
    notes = tuple(replace(note, tags=tuple(sorted({*note.tags, tag})), mod=now) for note in packed)
    media = [
        *_media(last.package, diff.removed, folder),
        *(_media(last.cleanup, carried, folder) if last.cleanup else ()),
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
    fields = note.named() | {notetype.field("status"): banner}
    return replace(_packed(note, notetype), fields=tuple(fields.values()))


def _type_of(note: PackedNote, deck: PackageDeck) -> NoteType:
    """The note type of a note that a package of the deck holds."""
    try:
        return deck.notetypes.with_id(note.notetype.id, deck.id)
    except LookupError as error:
        message = f"the deck has no longer the note type {note.notetype.name}, which notes have that were retired"
        hint = "put its folder under types/ back"
        raise DeckError.at(deck.name, message, code="note-type-changed", hint=hint) from error


def _media(package: Package, notes: Iterable[PackedNote], folder: Path) -> Iterator[Media]:
    """The files that the notes name, copied out of the package they came in."""
    text = "\n".join(field for note in notes for field in note.fields)
    names = {item.name for item in package.media if item.name in text}
    for name, data in read_media(package, names).items():
        path = folder / name
        path.write_bytes(data)
        yield Media(name, path)
