"""Limits for packages that are read. Packages come from anywhere, and a small file can claim to contain a lot."""


class OverLimit(Exception):
    """A package is over a limit. The message says which, and reads on from the name of the file."""


MOST_MEMBERS = 200_000  # files in the zip archive
# Bytes that a package may be unpacked to in any case, and the ratio to the size of its file beyond that.
FREE_BYTES = 256 * 2**20
MOST_RATIO = 100
LARGEST_COLLECTION = 2 * 2**30  # bytes of the database
LARGEST_TABLE_VALUE = 64 * 2**20  # bytes of one row of the database
LARGEST_TEXT = (
    16 * 2**20
)  # characters of the fields of a note, or bytes of the settings of all note types, of all decks, of the media map
LONGEST_GUID = 1000  # characters
# Instructions of SQLite. Reading a row of 20 bytes takes about 20.
FREE_STEPS = 10_000_000
STEPS_PER_BYTE = 2
