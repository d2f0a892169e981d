"""The note types. Each is a folder with fields, templates and CSS. Their ids never change after the first release.

Anki updates notes in place only if the id, the fields and the templates of their note type are the same as in the
collection. So a type must not get more fields or templates. The spare fields can be named later.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.model import CardTemplate, Media, NoteType, TypeIds
from deckgen.notetypes.declaration import FILE, KIND, read_type
from deckgen.notetypes.ids import ids_of, stable_id, type_id

__all__ = [
    "KIND",
    "MATH_FONT",
    "SCRIPT",
    "NoteTypes",
    "base_css",
    "built_in",
    "ids_of",
    "lock_order",
    "stable_id",
    "type_digest",
    "type_id",
]

_HERE = Path(__file__).parent
SCRIPT = _HERE / "card.js"
"""The script in the templates of deckgen's own note types."""
# Whether cards come from masks, whether they come from masks or clozes → the kind of a note if its author names none.
_DEFAULT_KINDS = {(False, False): "basic", (False, True): "cloze", (True, True): "occlusion"}
# Anki keeps files whose names begin with _, also if no note names them, and never overwrites them. So the name has a version.
MATH_FONT = Media("_latinmodern-math-1.959.woff2", _HERE / "math" / "latinmodern-math-1.959.woff2")


class NoteTypes(Struct, frozen=True):
    """The note types of a deck by kind, deckgen's own first."""

    by_kind: Mapping[str, NoteType]

    def __getitem__(self, kind: str) -> NoteType:
        return self.by_kind[kind]

    def __iter__(self) -> Iterator[NoteType]:
        return iter(self.by_kind.values())

    def have_ids(self, numbers: Iterable[int], deck_id: str) -> bool:
        """Whether each number is the id of one of these note types in packages of the deck."""
        return {ids_of(each, deck_id).notetype for each in self}.issuperset(numbers)

    def with_id(self, number: int, deck_id: str) -> NoteType:
        """Return the note type that has this id in packages of the deck. Raises LookupError if no type has it."""
        found = next((each for each in self if ids_of(each, deck_id).notetype == number), None)
        if found is None:
            raise LookupError(f"no note type has the id {number}")
        return found

    def default_kind(self, *, occludes: bool, clozes: bool) -> str:
        """Return the kind of a note if its author names none. It depends on what the answer holds."""
        return _DEFAULT_KINDS[occludes, occludes or clozes]

    @property
    def named_kinds(self) -> frozenset[str]:
        """The kinds that a note has only if `.NAME` on its question picks one."""
        return frozenset(self.by_kind).difference(_DEFAULT_KINDS.values())

    @property
    def own_kinds(self) -> frozenset[str]:
        """The kinds that the deck declares itself."""
        return frozenset(self.by_kind) - built_in().by_kind.keys()

    def with_ids(self, frozen: Mapping[str, TypeIds]) -> "NoteTypes":
        """Return the same note types with the ids in the lock. `frozen` has the ids of some kinds."""
        return NoteTypes({each.kind: replace(each, ids=frozen.get(each.kind)) for each in self})

    def with_language(self, language: str) -> "NoteTypes":
        """Return the same note types with the language of their content, a tag of BCP 47, in deckgen's own templates."""
        sheet = '<div class="note-sheet"'

        def mark(template: str) -> str:
            return template.replace(f"{sheet}>", f'{sheet} lang="{language}">')

        return NoteTypes({each.kind: _with_templates(each, mark) for each in self})

    def without_css(self) -> "NoteTypes":
        """Return the same note types without CSS. No field of a note depends on it."""
        return NoteTypes({each.kind: replace(each, css="") for each in self})

    def with_css(self, css: str) -> "NoteTypes":
        """Return the same note types with `css` at the end of their CSS."""
        return NoteTypes({each.kind: replace(each, css=each.css + css) for each in self})


@cache
def built_in(mathml: bool = False) -> NoteTypes:
    """Return deckgen's own note types. With `mathml`, their CSS names the font for formulas."""
    base = _read("card.css")
    types = [_with_templates(read_type(path.parent, base), _with_script) for path in sorted(_HERE.glob(f"*/{FILE}"))]
    found = NoteTypes({each.kind: each for each in types})
    return found.with_css(_read("math/math.css")) if mathml else found


def base_css(mathml: bool) -> str:
    """Return the CSS at the start of the note types that a deck declares."""
    return _read("card.css") + (_read("math/math.css") if mathml else "")


def lock_order(kind: str) -> tuple[bool, str]:
    """Return the sort key of a kind in the lock: deckgen's own kinds come first."""
    return kind not in built_in().by_kind, kind


def type_digest(fields: tuple[str, ...], templates: tuple[CardTemplate, ...], css: str, settings: str = "") -> str:
    """Return the digest of the fields, templates and CSS of a note type, 16 hex digits. `fields` are names, `settings` those of Anki."""
    texts = [text for each in templates for text in (each.name, each.front, each.back)]
    return _digest((*fields, *texts, css, *([settings] if settings else [])))


# Each note asks for the digest of its type.
@lru_cache(maxsize=64)
def _digest(texts: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


def _with_templates(notetype: NoteType, change: Callable[[str], str]) -> NoteType:
    """Return the note type with both sides of its templates changed."""
    templates = (CardTemplate(each.name, change(each.front), change(each.back)) for each in notetype.templates)
    return replace(notetype, templates=tuple(templates))


def _with_script(template: str) -> str:
    """Return a template with the script of cards at the end of its outermost element."""
    sheet, end, after = template.rpartition("</div>")
    return f"{sheet}<script>\n{_read(SCRIPT.name)}</script>\n{end}{after}"


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")
