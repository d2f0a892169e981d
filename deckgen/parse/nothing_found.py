"""A file that is read as no dialect: which dialects would read notes from it, and the line that names one."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from deckgen.parse.dialect import counted
from deckgen.parse.dialects import BY_NAME, Dialect
from deckgen.parse.document import Document
from deckgen.parse.question import RawNote

if TYPE_CHECKING:
    from deckgen.parse.detect import Detected

_LIKELY = 2
_HEADINGS = "heading"
# One heading with text below it is the title of an article.
_FEWEST_HEADINGS = 2


class Candidate(Struct, frozen=True):
    """A dialect, by its name, that would read `notes` notes. `seen` is what of the file is written in it, `lacks` why it was not taken.

    `level` is that of the headings which would be questions, None if the dialect finds it itself. `uncertain` says that only the author can
    tell whether these are questions.
    """

    name: str
    notes: int
    seen: str
    lacks: str
    level: int | None = None
    uncertain: bool = False

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return BY_NAME[self.name]

    @property
    def only_named(self) -> bool:
        """Whether a file is read so only where its author says it."""
        return self.dialect.named_only or self.level is not None

    @property
    def settings(self) -> str:
        """What the front matter would hold."""
        level = f", level: {self.level}" if self.level else ""
        return f"deckgen: {{dialect: {self.name}{level}}}"

    @property
    def override(self) -> str:
        """What an item of `overrides` in deck.toml would hold, besides the files."""
        level = f", level = {self.level}" if self.level else ""
        return f'dialect = "{self.name}"{level}'


def candidates(document: Document, ranked: "Sequence[Detected]", *, named: str = "") -> tuple[Candidate, ...]:
    """The two likeliest dialects: first those that were seen in the file, then headings of the level with the most notes.

    `named` is the dialect that the author named, which found none.
    """
    seen = [each for each in _seen(document, ranked, named) if each.notes and each.name != named]
    if all(each.name != _HEADINGS for each in seen):
        seen += _by_level(document)
    found: list[Candidate] = []
    for each in seen:
        # As many notes as another dialect reads are most likely the same ones.
        if not each.only_named or each.notes not in {other.notes for other in found}:
            found.append(each)
    return tuple(found[:_LIKELY])


def _seen(document: Document, ranked: "Sequence[Detected]", named: str) -> Iterator[Candidate]:
    for each in ranked:
        lacks = each.shortfall or ("another dialect is named" if named else "another dialect fits as well")
        uncertain = each.dialect.named_only or each.usable or each.detection.weak
        notes = _count(document, each.dialect)
        yield Candidate(each.name, notes, each.detection.reason, lacks, uncertain=uncertain)


def _by_level(document: Document) -> Iterator[Candidate]:
    """The dialect of headings with the level that has the most notes, where no heading asks."""
    dialect = BY_NAME[_HEADINGS]
    levels = sorted({heading.level for _, heading in document.headings})
    counts = [(_count(replace(document, level=level), dialect), level) for level in levels]
    if counts:
        notes, level = max(counts, key=lambda each: (each[0], -each[1]))
        if notes < _FEWEST_HEADINGS:
            return
        seen = f"{counted(notes, 'heading')} of level {level} with text below"
        yield Candidate(dialect.name, notes, seen, "no heading is a question", level, True)


def _count(document: Document, dialect: Dialect) -> int:
    """How many complete notes a dialect reads."""
    return sum(isinstance(each, RawNote) and each.complete for each in dialect.read_notes(document))


def advice(document: Document, ranked: "Sequence[Detected]") -> str:
    """The line of front matter that would read the file as the likeliest dialect, and how many notes that and the next one give."""
    likely = candidates(document, ranked)
    if not likely:
        return "if the file holds no notes, exclude in deck.toml leaves it out"
    first, *others = likely
    more = "".join(f", and {each.settings} {each.notes}" for each in others)
    return f"in the front matter, {first.settings} reads {counted(first.notes, 'note')}{more}"
