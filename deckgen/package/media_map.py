"""Read the media map of a package: the names of its media files and of their members in the zip archive.

In the current format it is a protocol buffer (`MediaEntries` in Anki's import_export.proto). In the legacy formats it is JSON.
"""

from deckgen.package import values
from deckgen.package.protobuf import Message, message_fields


def media_names(data: bytes, current: bool) -> list[tuple[str, str]]:
    """The name in the zip archive and the real name of each media file. `current` tells the format.

    Raises ValueError if the data is no media map, or if a name could be a path.
    """
    names = _names_of_entries(data) if current else _names_of_json(data)
    for _, name in names:
        if name in ("", ".", "..") or any(character in name for character in "/\\\0"):
            raise ValueError(f"{name[:100]!a} is not the name of a media file")
    return names


def _names_of_json(data: bytes) -> list[tuple[str, str]]:
    found = values.json_mapping(data, "its media map")
    return [(member, values.text(name, "a name in its media map")) for member, name in found.items()]


def _names_of_entries(data: bytes) -> list[tuple[str, str]]:
    entries = [Message(entry) for number, entry in message_fields(data) if number == 1 and isinstance(entry, bytes)]
    return [(str(entry.integer(255) or n), entry.text(1)) for n, entry in enumerate(entries)]
