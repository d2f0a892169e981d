"""Regular expressions that are compiled when they are first used.

To compile all patterns of deckgen takes a tenth of a build after an edit, and such a build uses few of them.
"""

import re
from typing import Any, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what can be used as `re.compile(pattern, flags)`. A wrong pattern raises re.error at its first use."""
    return cast(re.Pattern[str], _LazyPattern(pattern, flags))


class _LazyPattern:
    """After the first use, it has the methods of the compiled pattern."""

    __slots__ = ("_flags", "pattern", *_METHODS)

    def __init__(self, pattern: str, flags: int):
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        for each in _METHODS:
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)
