"""The versions of a note that were built, and which of them an edit in Anki began with."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from rapidfuzz.distance import LCSseq

from deckgen.identity.lock import LockEntry
from deckgen.merge import words
from deckgen.model import RenderedNote
from deckgen.package.contents import PackedNote
from deckgen.pull.equal import same_html, same_tags

_BETWEEN = "\x1f"


class Version(Struct, frozen=True):
    """A note as a build wrote it. `fields` are HTML in the order of the note type, `mod` is the time of its last change in seconds.

    `name` is where it was found, for messages.
    """

    fields: tuple[str, ...]
    tags: tuple[str, ...]
    mod: int
    name: str

    def is_equal(self, note: PackedNote) -> bool:
        """Whether Anki has this version, unedited."""
        fields = self.fields
        return (
            len(fields) == len(note.fields)
            and all(map(same_html, fields, note.fields))
            and same_tags(self.tags, note.tags)
        )


def built_version(item: RenderedNote, entry: LockEntry, old: LockEntry | None) -> Version | None:
    """Return the note as it is now, if that is what was last built. `entry` is the entry that the next build would write, `old` that of the lock."""
    if old is None or not old.mod or old.fields != entry.fields or old.state != entry.state:
        return None
    return Version(tuple(item.fields.values()), item.note.tags, old.mod, "the last build")


def packed_version(note: PackedNote, name: str) -> Version:
    """Return the version of a note in a package that deckgen built."""
    return Version(note.fields, note.tags, note.mod, name)


def base_of(note: PackedNote, versions: Iterable[Version]) -> Version | None:
    """Return the version that an edit in Anki began with: of the versions that are not newer than the edit, the most similar one.

    Of two equally similar versions the newer one. None if all versions are newer: Anki would have replaced the edit by them.
    """
    possible = [version for version in versions if version.mod <= note.mod]
    return min(possible, key=lambda each: (_distance(each.fields, note.fields), -each.mod), default=None)


def _distance(left: Sequence[str], right: Sequence[str]) -> int:
    """How many words of two notes are not in both."""
    return LCSseq.distance(words(_BETWEEN.join(left)), words(_BETWEEN.join(right)))
