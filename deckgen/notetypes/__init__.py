"""The note types: one folder each, with fields, templates and look. Their ids never change from the first release on.

Anki updates notes in place only where the note type's id, its list of fields and its list of templates are those it
knows. So a type may grow neither fields nor templates: the spare fields are there to be named later.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from deckgen.model import CardTemplate, Media, NoteType, TypeIds
from deckgen.notetypes.declaration import FILE, KIND, read_type
from deckgen.notetypes.ids import ids_of, stable_id, type_id

__all__ = [
    "KIND",
    "MATH_FONT",
    "NoteTypes",
    "built_in",
    "digest_of",
    "ids_of",
    "look",
    "place_in_lock",
    "stable_id",
    "type_id",
]

_HERE = Path(__file__).parent
# Anki keeps files whose names begin with _ although no note names them, and never overwrites one: hence the version.
MATH_FONT = Media("_latinmodern-math-1.959.woff2", _HERE / "math" / "latinmodern-math-1.959.woff2")


@dataclass(frozen=True, slots=True)
class NoteTypes:
    """The note types of a deck by their kinds, in the order in which the lock lists them."""

    by_kind: Mapping[str, NoteType]

    def __getitem__(self, kind: str) -> NoteType:
        return self.by_kind[kind]

    def __iter__(self) -> Iterator[NoteType]:
        return iter(self.by_kind.values())

    def hold(self, numbers: Iterable[int], deck_id: str) -> bool:
        """Whether all ids of note types in a package are ids of these note types in packages of the deck."""
        return {ids_of(each, deck_id).notetype for each in self}.issuperset(numbers)

    def with_id(self, number: int, deck_id: str) -> NoteType:
        """The note type that has an id in packages of the deck. Raises LookupError if none has it."""
        found = next((each for each in self if ids_of(each, deck_id).notetype == number), None)
        if found is None:
            raise LookupError(f"no note type has the id {number}")
        return found

    def of_answer(self, *, occludes: bool, clozes: bool) -> str:
        """The kind of a note whose author named none: by what is in its answer."""
        cloze = occludes or clozes
        return next(each.kind for each in self if each.occludes == occludes and each.cloze == cloze)

    @property
    def own(self) -> frozenset[str]:
        """The kinds that the deck brings."""
        return frozenset(self.by_kind) - built_in().by_kind.keys()

    def with_ids(self, frozen: Mapping[str, TypeIds]) -> "NoteTypes":
        """The same note types with the ids that the lock has of some."""
        return NoteTypes({each.kind: replace(each, ids=frozen.get(each.kind)) for each in self})

    def with_look(self, css: str) -> "NoteTypes":
        """The same note types with more CSS at the end of theirs."""
        return NoteTypes({each.kind: replace(each, css=each.css + css) for each in self})


@cache
def built_in(mathml: bool = False) -> NoteTypes:
    """Deckgen's own note types; where formulas are MathML, their CSS names the font for them."""
    base = _read("card.css")
    types = [read_type(path.parent, base) for path in sorted(_HERE.glob(f"*/{FILE}"))]
    found = NoteTypes({each.kind: each for each in types})
    return found.with_look(_read("math/math.css")) if mathml else found


def look(mathml: bool) -> str:
    """The CSS that a deck's own note types begin with."""
    return _read("card.css") + (_read("math/math.css") if mathml else "")


def place_in_lock(kind: str) -> tuple[bool, str]:
    """What sorts the kinds as the lock does: deckgen's own first."""
    return kind not in built_in().by_kind, kind


def digest_of(fields: Iterable[str], templates: Iterable[CardTemplate], css: str) -> str:
    """What changes when fields, templates or CSS of a note type do, as 16 hex digits."""
    text = "\x1f".join([*fields, *(s for t in templates for s in (t.name, t.front, t.back)), css])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")
