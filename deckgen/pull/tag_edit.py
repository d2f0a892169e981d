"""Write other tags of a note where its dialect has a place for them.

No dialect is named here: the usual ways to write tags are tried one after another, and the file is parsed again after each. The
first one is taken that gives the note these tags and changes nothing else.
"""

import re
from collections.abc import Iterator, Set

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note
from deckgen.pull.equal import tags_of
from deckgen.pull.note_edit import EditedFile, proven
from deckgen.pull.note_texts import texts_of
from deckgen.pull.place import NoPlace
from deckgen.pull.raw_lines import Splice

_NAMED = lazy_pattern(
    r"(?P<head>[ \t>]*(?:[-*+][ \t]+)?(?:\*\*|__)?(?:tags?|标签)(?:\*\*|__)?[ \t]*[:：](?:\*\*|__)?)(?P<value>.*)", re.I
)
_HASH = lazy_pattern(r"#(?=[^\s#])")


def with_tags(file: EditedFile, index: int, tags: tuple[str, ...]) -> EditedFile:
    """Return the file in which note number `index` has these tags. Raises NoPlace if its dialect has no place for them."""
    note = file.parsed.notes[index]
    intended = replace(note, tags=tuple(sorted({*tags, *(set(note.tags) - set(tags_of(note.tags)))})))
    added, removed = set(tags) - set(tags_of(note.tags)), set(tags_of(note.tags)) - set(tags)
    for changes in _ways(file, index, added, removed):
        try:
            return proven(file, changes, {index: intended})
        except NoPlace:
            continue
    raise NoPlace("the note has no place for tags of its own in this dialect")


def _ways(file: EditedFile, index: int, added: Set[str], removed: Set[str]) -> Iterator[list[Splice]]:
    first, last = _lines(file, index)
    for number in range(last, first - 1, -1):
        yield from _changed_line(file.raw.line(number), number, added, removed)
    if added and not removed:
        end = _last_line(file.parsed.notes[index])
        named = f"Tags: {', '.join(sorted(added))}"
        yield [Splice(file.parsed.notes[index].line, below=("", f"**Tags:** {' '.join(sorted(added))}"))]
        for below in ((named,), ("", named), ("", " ".join(f"#{tag}" for tag in sorted(added)))):
            yield [Splice(end, below=below)]


def _changed_line(line: str, number: int, added: Set[str], removed: Set[str]) -> Iterator[list[Splice]]:
    """Yield the ways to change the tags on a line that has some."""
    if match := _NAMED.fullmatch(line):
        value = _without(match["value"], removed, "").strip(" \t,，、")
        # A comma may be a part of a tag.
        for between in (", ", " ") if "," in match["value"] else (" ",):
            tags = between.join(filter(None, [value, *sorted(added)]))
            yield [Splice(number, len(match["head"]), len(line), f" {tags}".rstrip())]
    elif _HASH.search(line):
        for separator in ("/", "::"):
            new = _without(line, {tag.replace("::", separator) for tag in removed}, "#").rstrip()
            more = "".join(f" #{tag.replace('::', separator)}" for tag in sorted(added))
            yield [Splice(number, 0, len(line), new + more)]


def _without(text: str, removed: Set[str], sign: str) -> str:
    """A line without some of its words, and without the separators in front of them."""
    for tag in removed:
        text = re.sub(rf"(?:^|[ \t,，、]+){sign}{re.escape(tag)}(?![^\s,，、])", "", text)
    return text


def _lines(file: EditedFile, index: int) -> tuple[int, int]:
    """The first and the last line (1-based) that may belong to a note: up to the next note of the file."""
    notes = file.parsed.notes
    first = min([notes[index].line, *(text.line for text in texts_of(notes[index]).values())])
    later = [note.line for note in notes if note.line > notes[index].line]
    return first, min(later, default=len(file.raw.lines) + 1) - 1


def _last_line(note: Note) -> int:
    """The last line (1-based) of the texts of a note."""
    return max(text.line + text.source.count("\n") for text in texts_of(note).values())
