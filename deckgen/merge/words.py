"""Split a text into the words that a merge compares."""

import re

from deckgen.cjk import CJK
from deckgen.lazy_patterns import lazy_pattern

_TOKEN = lazy_pattern(rf"\r?\n|[^\S\r\n]+|[{CJK}]|[^\W_{CJK}]+|.", re.S)


def words(text: str) -> list[str]:
    """Return the tokens of a text: words, Chinese and Japanese characters, punctuation, spaces and line ends.

    Joined, the tokens give the text again.
    """
    return _TOKEN.findall(text)


def separates(token: str) -> bool:
    """Whether an unchanged token keeps the two changes around it apart: a word or a line end, not a space or punctuation."""
    return token.endswith("\n") or any(char.isalnum() for char in token)
