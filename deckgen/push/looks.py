"""Compare the templates and the CSS of note types in Anki with those of a package."""

from deckgen.ankiconnect import Client
from deckgen.package.contents import Package, PackedType


def kept_looks(client: Client, package: Package) -> tuple[str, ...]:
    """The names of the note types whose templates or CSS in Anki differ from the package after its import.

    They were changed in Anki, or an older build was pushed after the change: each push gives note types a new time of change.
    """
    names = client.notetype_names()
    used = {note.notetype.id: note.notetype for note in package.notes}
    return tuple(
        names[number] for number, each in used.items() if number in names and not _is_same(client, names[number], each)
    )


def _is_same(client: Client, name: str, packed: PackedType) -> bool:
    """Whether Anki shows the cards of a note type as the package does. Templates that only Anki has do not count."""
    templates = client.templates(name)
    return client.css(name) == packed.css and all(
        templates.get(each.name) == (each.front, each.back) for each in packed.templates
    )
