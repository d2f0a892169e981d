"""The ids of imported note types in a package. They are not computed from the deck's id, so a lost lock gets them from a package."""

from collections.abc import Iterable

from deckgen.model import TypeIds
from deckgen.notetypes import NoteTypes
from deckgen.package.contents import PackedType


def with_packed_ids(types: NoteTypes, packed: Iterable[PackedType]) -> NoteTypes:
    """The note types with the ids that imported types have in packages. A type is known by its name and its fields."""
    known = {(each.name, each.field_names): each for each in packed}
    found = {each.kind: known.get((each.label, each.field_names)) for each in types if each.imported}
    ids = {kind: ids_of_packed(each) for kind, each in found.items() if each}
    return types.with_ids({**{each.kind: each.ids for each in types if each.ids}, **ids})


def ids_of_packed(packed: PackedType) -> TypeIds:
    """The ids of a note type in a package; 0 for fields and templates without one."""
    return TypeIds(
        packed.id,
        {each.name: each.id or 0 for each in packed.fields},
        {each.name: each.id or 0 for each in packed.templates},
    )
