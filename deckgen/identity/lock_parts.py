"""Read a part of a lock: of some note files only the last entry, which represents the file. The others are as the last build left them.

A lock of a part gives the text of the whole lock again: the lines of a last entry are then those of all entries of its file.
"""

import json
from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from deckgen.identity.entries import Lock, State
from deckgen.identity.lock import dump_head, entry_lines, load_written


class FileLines(Struct, frozen=True):
    """The lines of the entries of one note file in the content of a lock: from the byte at `start` to `stop`. Those of the last entry begin at `last`."""

    start: int
    last: int
    stop: int


def lines_of_files(lock: Lock) -> dict[str, FileLines]:
    """Path of a file inside the deck → its lines in the content of the lock. Files with other lines between their entries are left out."""
    found: dict[str, FileLines] = {}
    scattered: set[str] = set()
    above, start = "", len(dump_head(lock).encode())
    for entry, lines in zip(lock.notes, entry_lines(lock)):
        stop = start + len(lines)
        # The entry may represent others. Between two entries is an empty line.
        last = start + lines.rfind(b"\n\n", 0, -2) + 2 if b"\n\n" in lines[:-2] else start
        file = entry.file if entry.state is State.ACTIVE else ""
        if file in found and file != above:
            scattered.add(file)
        found[file] = FileLines(found[file].start if file == above and file in found else start, last, stop)
        above, start = file, stop
    return {file: lines for file, lines in found.items() if file and file not in scattered}


def load_part(content: bytes, files: Collection[FileLines]) -> Lock:
    """The lock of a content that this version of deckgen wrote, with only the last entries of these files."""
    pieces, last_entries, end = [], {}, 0
    for lines in sorted(files, key=lambda each: each.start):
        pieces += [content[end : lines.start], content[lines.last : lines.stop]]
        guid = json.loads(pieces[-1].partition(b"\n")[0])["guid"]
        last_entries[guid] = content[lines.start : lines.stop]
        end = lines.stop
    part = load_written(b"".join([*pieces, content[end:]]).decode())
    lines_of_all = {guid: (part.lines[guid][0], lines) for guid, lines in last_entries.items()}
    return replace(part, lines={**part.lines, **lines_of_all})
