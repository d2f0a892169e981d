"""The checksum of a row of a lock. It shows that a row is as deckgen wrote it.

Each row has its own checksum, and not the whole file: git merges lines, so a merged lock has other rows than the locks of both branches,
but each row is whole. The checksum of a note covers both of its lines, so two exchanged guids are found.
It finds damage and edits by hand. It does not stop somebody who computes it again.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

KEY = "check"
# With 8 hexadecimal digits, one damaged row in 4 billion is not found.
_DIGITS = 8
_encode = json.JSONEncoder(sort_keys=True).encode


def checksum(row: Mapping[str, Any]) -> str:
    """The checksum of a row without its checksum, as 8 hexadecimal digits. The order of the keys does not matter."""
    text = _encode({key: value for key, value in row.items() if key != KEY})
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def require_checksum(row: Mapping[str, Any]) -> None:
    """Raise ValueError if the checksum of a row is wrong. Rows of older versions of deckgen have no checksum."""
    if KEY in row and row[KEY] != checksum(row):
        raise ValueError("it is not as deckgen wrote it: its check is wrong")
