"""Writes a path as one word of a command that the user can copy from a message."""

import shlex

from deckgen.lazy_patterns import lazy_pattern

_PLAIN_WORD = lazy_pattern(r"[\w@%+=:,./\\-]+")
_SHELL_SIGNS = frozenset('"$`!')


def word(path: object) -> str:
    """Return a path as one word of a command. The quotes are those that all shells know, also on Windows, if they are enough."""
    text = str(path)
    if _PLAIN_WORD.fullmatch(text):
        return text
    return f'"{text}"' if _SHELL_SIGNS.isdisjoint(text) else shlex.quote(text)
