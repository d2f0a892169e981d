"""The note files of an imported deck: by deck, by tag, or one."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from deckgen.importer.notes import WrittenNote
from deckgen.lazy_patterns import lazy_pattern

_MOST = 500  # notes of a file
_LONGEST = 80  # characters of a name
# What a file name may not have on all systems.
_UNSAFE = lazy_pattern(r'[<>:"|?*\\/\x00-\x1f\x7f#\[\]]+')
_SPACES = lazy_pattern(r"[\s.]+")
_DEVICES = lazy_pattern(r"con|prn|aux|nul|com\d|lpt\d", re.I)
_NO_TAG = "untagged"


class PlannedFile(Struct, frozen=True):
    """A note file: its name, and the indices of its notes in the package. `deck` and `tags` are those of all its notes."""

    name: str
    notes: tuple[int, ...]
    deck: str
    tags: tuple[str, ...]

    def text(self, notes: Sequence[WrittenNote]) -> str:
        """The text of the file. `notes` are those of the package."""
        head = f"---\ndeck: {json.dumps(self.deck, ensure_ascii=False)}\n"
        head += f"tags: {json.dumps(list(self.tags), ensure_ascii=False)}\n" if self.tags else ""
        return f"{head}---\n\n" + "\n".join(notes[n].text(self.deck, self.tags) for n in self.notes)


def plan_files(notes: Sequence[WrittenNote], split: str) -> tuple[PlannedFile, ...]:
    """Divide the notes into files. The order of the package stays within a file. `split` is one of `SPLITS`."""
    groups: dict[str, list[int]] = {}
    for n, note in enumerate(notes):
        groups.setdefault(SPLITS[split](note), []).append(n)
    taken: set[str] = set()
    return tuple(file for name in sorted(groups, key=_natural) for file in _files(name, groups[name], notes, taken))


def _files(name: str, indices: list[int], notes: Sequence[WrittenNote], taken: set[str]) -> Iterator[PlannedFile]:
    """Yield the file of a group. A large group has several files with numbers."""
    stem = _free(_stem(name), taken)
    parts = [indices[at : at + _MOST] for at in range(0, len(indices), _MOST)]
    width = len(str(len(parts)))
    for number, part in enumerate(parts, 1):
        own = [notes[n] for n in part]
        deck = Counter(note.deck for note in own).most_common(1)[0][0]
        common = set(own[0].tags).intersection(*(note.tags for note in own))
        suffix = f"-{number:0{width}d}" if len(parts) > 1 else ""
        yield PlannedFile(f"{stem}{suffix}.md", tuple(part), deck, tuple(sorted(common)))


def _stem(name: str) -> str:
    text = _SPACES.sub("-", _UNSAFE.sub("-", unicodedata.normalize("NFC", name.replace("::", "-")).lower()))
    text = re.sub("-{2,}", "-", text).strip("-_ ")[:_LONGEST].strip("-_ ")
    return f"{text}-notes" if not text or _DEVICES.fullmatch(text) or text in ("readme", "changelog") else text


def _free(stem: str, taken: set[str]) -> str:
    number, found = 2, stem
    while found.casefold() in taken:
        number, found = number + 1, f"{stem}-{number}"
    taken.add(found.casefold())
    return found


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in re.split(r"(\d+)", name)]


def _by_tag(note: WrittenNote) -> str:
    return note.tags[0] if note.tags else _NO_TAG


SPLITS: Mapping[str, Callable[[WrittenNote], str]] = {
    "deck": lambda note: note.deck,
    "tag": _by_tag,
    "one": lambda note: "notes",
}
"""The ways of dividing notes into files."""
