"""The notes of the page of a diff. A section shows the cards of some notes, and the titles of all others.

A browser can show hundreds of notes on a page, and packages may have 100,000.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec import Struct

from deckgen.diff.compare import Diff, NoteChange
from deckgen.diff.note_view import NoteView, added_note, changed_note, removed_note
from deckgen.diff.summary import title
from deckgen.package.contents import PackedNote

Item = TypeVar("Item", NoteChange, PackedNote)
_MOST_NOTES = 500  # of a section that are shown with their cards
_MOST_TEXT = 4_000_000  # characters in the fields of these notes
_LONGEST_NOTE = 200_000  # characters in the fields of a note that is shown with its cards


class Section(Struct, frozen=True):
    """The notes of one kind of difference. `notes` are shown with their cards. `others` are the titles of the rest."""

    name: str
    notes: tuple[NoteView, ...]
    others: tuple[str, ...]

    @property
    def count(self) -> int:
        """The number of all notes of the section."""
        return len(self.notes) + len(self.others)


def sections(diff: Diff) -> tuple[Section, ...]:
    """Return the sections of the page. One without notes is empty."""
    return (
        _section("Changed", diff.changed, changed_note),
        _section("Added", diff.added, added_note),
        _section("Removed", diff.removed, removed_note),
    )


def _section(name: str, items: Iterable[Item], view: Callable[[Item], NoteView]) -> Section:
    notes: list[NoteView] = []
    others: list[str] = []
    left = _MOST_TEXT
    for item in items:
        length = _text_length(item)
        if len(notes) == _MOST_NOTES or length > min(left, _LONGEST_NOTE):
            others.append(title(_newest(item)))
        else:
            left -= length
            notes.append(view(item))
    return Section(name, tuple(notes), tuple(others))


def _newest(item: NoteChange | PackedNote) -> PackedNote:
    return item.new if isinstance(item, NoteChange) else item


def _text_length(item: NoteChange | PackedNote) -> int:
    """The number of characters in the fields, of both packages."""
    sides = (item.old, item.new) if isinstance(item, NoteChange) else (item,)
    return sum(len(text) for side in sides for text in side.fields)
