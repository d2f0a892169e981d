"""Write the merged notes into their files, in memory. A note with a conflict gets conflict markers, as git writes them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct, field

from deckgen.merge.edits import Edit, edits
from deckgen.pull.label_edit import with_new_text
from deckgen.pull.note_edit import EditedFile, with_texts
from deckgen.pull.note_merge import NoteMerge
from deckgen.pull.place import NoPlace
from deckgen.pull.raw_lines import RawLines
from deckgen.pull.tag_edit import with_tags

OURS, THEIRS = "notes", "Anki"
"""The names of the two sides behind conflict markers."""


class FileChanges(Struct):
    """The changes of one note file. `file` has all merged notes, with our side of the conflicts. `theirs` has their side.

    `unplaced` maps the number of a note to the reasons why some of its edits are not in the file.
    """

    file: EditedFile
    theirs: EditedFile
    changed: set[int] = field(default_factory=set)
    conflicts: set[int] = field(default_factory=set)
    unplaced: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, file: EditedFile) -> "FileChanges":
        """No changes of a file."""
        return cls(file, file)

    def add(self, merges: Mapping[int, NoteMerge]) -> None:
        """Write merges into the file. They are by the numbers of their notes. What has no place in the file is left out, with the reason."""
        for index, merge in merges.items():
            self.unplaced[index] += merge.unplaced
        self._add_texts({index: merge for index, merge in merges.items() if merge.texts and not merge.has_conflict})
        for index, merge in merges.items():
            if merge.has_conflict:
                self._add_conflict(index, merge)
            for new in merge.added:
                self._edit(index, partial(with_new_text, index=index, new=new))
            if merge.tags is not None:
                self._edit(index, partial(with_tags, index=index, tags=merge.tags))

    @property
    def raw(self) -> RawLines:
        """The file, with conflict markers around the two sides of each conflict."""
        return marked(self.file.raw, self.theirs.raw) if self.conflicts else self.file.raw

    def _add_texts(self, merges: Mapping[int, NoteMerge]) -> None:
        """Write texts without conflicts: all together, because each change is proven by parsing the file, else one by one."""
        sources = {index: {key: each.ours for key, each in merge.texts.items()} for index, merge in merges.items()}
        try:
            self.file = self.theirs = with_texts(self.file, sources)
        except NoPlace:
            for index, own in sources.items():
                self._edit(index, partial(with_texts, sources={index: own}))
        else:
            self.changed |= sources.keys()

    def _edit(self, index: int, edit: Callable[[EditedFile], EditedFile]) -> None:
        """Edit a note on both sides. If that has no place, keep the reason."""
        try:
            mine = edit(self.file)
            others = mine if self.theirs is self.file else edit(self.theirs)
        except NoPlace as error:
            self.unplaced[index].append(str(error))
        else:
            self.file, self.theirs = mine, others
            self.changed.add(index)

    def _add_conflict(self, index: int, merge: NoteMerge) -> None:
        ours = {key: each.ours for key, each in merge.texts.items()}
        theirs = {key: each.theirs for key, each in merge.texts.items()}
        try:
            mine, others = with_texts(self.file, {index: ours}), with_texts(self.theirs, {index: theirs})
        except NoPlace as error:
            self.unplaced[index].append(f"conflict: {error}")
        else:
            self.file, self.theirs = mine, others
            self.conflicts.add(index)


def marked(ours: RawLines, theirs: RawLines) -> RawLines:
    """Return our file with conflict markers where their file differs. Either side of all conflicts gives that side's file again."""
    end = next((end for _, end in ours.lines if end), "\n")
    lines: list[tuple[str, str]] = []
    at = 0
    for edit in _differences(ours, theirs):
        lines += ours.lines[at : edit.start]
        lines += _conflict(ours.lines[edit.start : edit.end], edit.new, end)
        at = edit.end
    return RawLines((*lines, *ours.lines[at:]), ours.mark)


def marked_line(ours: RawLines, theirs: RawLines, number: int) -> int:
    """Return the line (1-based) of the file with markers that line `number` of our file is, or the first marker of a conflict there."""
    above = [edit for edit in _differences(ours, theirs) if edit.end < number]
    return number + sum(len(edit.new) + 3 for edit in above)


def _differences(ours: RawLines, theirs: RawLines) -> list[Edit]:
    return edits(*(["".join(line) for line in each.lines] for each in (ours, theirs)))


def _conflict(ours: Sequence[tuple[str, str]], theirs: Sequence[str], end: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a conflict. The last line of a file may have no line end; in a conflict it gets one."""
    yield f"<<<<<<< {OURS}", end
    yield from ((text, ending or end) for text, ending in ours)
    yield "=======", end
    yield from ((line.rstrip("\r\n"), line[len(line.rstrip("\r\n")) :] or end) for line in theirs)
    yield f">>>>>>> {THEIRS}", end
