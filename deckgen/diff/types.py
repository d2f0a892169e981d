"""Compare the note types of two packages, and find whether Anki would still update notes in place."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from deckgen.package.contents import PackedField, PackedTemplate, PackedType


class TypeChange(Struct, frozen=True):
    """A note type that was added, removed or changed. `differences` describes the changes in words.

    If `breaks` is true, Anki treats the two as different note types. It does not update notes, and it puts new notes
    into another note type, with a `+` after its name.
    """

    old: PackedType | None
    new: PackedType | None
    differences: tuple[str, ...] = ()
    breaks: bool = False

    @property
    def either(self) -> PackedType:
        """The new note type, or the old one if the new package has none."""
        known = self.new or self.old
        assert known is not None, "a change has a note type on one side at least"
        return known

    @property
    def name(self) -> str:
        """The name of the note type."""
        return self.either.name


def compare_types(old: Sequence[PackedType], new: Sequence[PackedType]) -> tuple[TypeChange, ...]:
    """Return the note types that differ. They are compared by id."""
    before, after = {t.id: t for t in old}, {t.id: t for t in new}
    changes = [_compare(before[key], notetype) for key, notetype in after.items() if key in before]
    return (
        *(TypeChange(None, t) for key, t in after.items() if key not in before),
        *(TypeChange(t, None) for key, t in before.items() if key not in after),
        *(change for change in changes if change.differences),
    )


def _compare(old: PackedType, new: PackedType) -> TypeChange:
    schema = [
        *_list_changes("field", old.fields, new.fields),
        *_list_changes("template", old.templates, new.templates),
    ]
    if old.cloze != new.cloze:
        schema.append("cloze or not")
    if old.sort_field != new.sort_field:
        schema.append("sort field")
    return TypeChange(old, new, (*schema, *_text_changes(old, new)), breaks=bool(schema))


def _list_changes(
    word: str, old: Sequence[PackedField | PackedTemplate], new: Sequence[PackedField | PackedTemplate]
) -> Iterator[str]:
    """Describe fields or templates that were added, removed or moved. As in Anki, they are compared by id, else by name."""
    before, after = _keys(old, new), _keys(new, old)
    yield from (f"{word} {piece.name} added" for key, piece in zip(after, new) if key not in before)
    yield from (f"{word} {piece.name} removed" for key, piece in zip(before, old) if key not in after)
    if before != after and sorted(before, key=str) == sorted(after, key=str):
        yield f"{word}s in another order"


def _keys(
    pieces: Iterable[PackedField | PackedTemplate], others: Iterable[PackedField | PackedTemplate]
) -> list[int | str]:
    pieces = list(pieces)
    with_ids = all(piece.id is not None for piece in (*pieces, *others))
    return [piece.id if with_ids and piece.id is not None else piece.name for piece in pieces]


def _renamed(
    word: str, old: Sequence[PackedField | PackedTemplate], new: Sequence[PackedField | PackedTemplate]
) -> Iterator[str]:
    """Describe the fields or templates with the same id and another name."""
    names = {key: piece.name for key, piece in zip(_keys(old, new), old)}
    for key, piece in zip(_keys(new, old), new):
        if key in names and names[key] != piece.name:
            yield f"{word} {names[key]} renamed {piece.name}"


def _text_changes(old: PackedType, new: PackedType) -> Iterator[str]:
    """Describe changes that Anki imports into the same note type: names, the text of templates, the CSS."""
    if old.name != new.name:
        yield f"name, was {old.name}"
    yield from _renamed("field", old.fields, new.fields)
    yield from _renamed("template", old.templates, new.templates)
    known = dict(zip(_keys(old.templates, new.templates), old.templates))
    for key, template in zip(_keys(new.templates, old.templates), new.templates):
        sides = [
            side for side in ("front", "back") if key in known and getattr(known[key], side) != getattr(template, side)
        ]
        yield from (f"{side} of template {template.name}" for side in sides)
    if old.css != new.css:
        yield "look (CSS)"
