"""Estimate the information in a text, in bits. The words of the text count, not its length.

A letter of a word counts 1.5 bits (Shannon, Prediction and entropy of printed English, 1951: 1 to 2 bits).
A Chinese character counts about as much as three letters. Each word, character and number counts once.
Words that occur in any sentence ("is", 的) count little.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from deckgen.lazy_patterns import lazy_pattern

# Bits from which on an answer alone identifies a note: no two notes have it by chance. `Yes.` and `$O(n)$` have fewer bits.
DISTINCTIVE = 24
# Bits from which on an answer identifies a note that is also between the same neighbours.
SUGGESTIVE = 14

_TOKEN = lazy_pattern(
    r"(?P<number>\d+(?:[.,]\d+)*)|(?P<ideograph>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    r"|(?P<syllable>[\u3040-\u30ff\uac00-\ud7af])|(?P<word>\\?[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+)|(?P<sign>[^\w\s])"
)
# Bits of one character of each kind, and of one filler word.
_LETTER, _IDEOGRAPH, _SYLLABLE, _DIGIT, _SIGN, _FILLER = 1.5, 5.0, 3.0, 3.0, 0.5, 1.5
# Characters of a text that are counted. More would not change whether the text is distinctive.
_BEGINNING = 160
# Share of the information in a question that must differ, so that the question counts as replaced.
_REPLACED = 0.2
# Digits of a number that are counted at most. Longer numbers tell no more.
_DIGITS = 4
_FILLERS = frozenset(
    "a an and are as at be by can do does for from has have he if in is it its no not of on or so that the their there they this to was we "
    "were what when where which who why will with yes you".split()
) | frozenset(
    "的了是不有在和与也就都而及或一二两个这那为以可能会上下中于对之其被把给从到要它很吗呢则即等所并每些什么怎样如何哪几多少里"
)


def information(text: str) -> int:
    """An estimate of the information in a text, in bits, rounded down. Only the first 160 characters are counted.

    Counting ends when the text is distinctive: what follows would not change that.
    """
    seen: set[str] = set()
    bits = 0.0
    for token, value in _words(text[:_BEGINNING]):
        if token not in seen:
            seen.add(token)
            bits += value
            if bits >= DISTINCTIVE:
                break
    return int(bits)


def words_in(text: str) -> dict[str, float]:
    """Word, Chinese character, number or sign of a text → its information in bits."""
    return dict(_words(text))


def _words(text: str) -> Iterator[tuple[str, float]]:
    for match in _TOKEN.finditer(text):
        token = match[0].casefold()
        yield token, _bits(match.lastgroup, token)


@lru_cache(maxsize=4096)
def _bits(kind: str | None, token: str) -> float:
    if token in _FILLERS:
        return _FILLER
    if kind == "number":
        return _DIGIT * min(sum(map(str.isdecimal, token)), _DIGITS)
    if kind == "word":
        return _LETTER * len(token.lstrip("\\"))
    return {"ideograph": _IDEOGRAPH, "syllable": _SYLLABLE}.get(kind or "", _SIGN)


def is_replaced(old: str, new: str) -> bool:
    """Whether a question lost important words and got others: "Is a list hashable?", "Is a dict hashable?".

    Important words are all but fillers and signs. A word with another ending ("tuple", "tuples") is the same word.
    """
    before, after = words_in(old), words_in(new)
    return all(_share_not_in(one, other) >= _REPLACED for one, other in ((before, after), (after, before)))


def _share_not_in(words: Mapping[str, float], others: Mapping[str, float]) -> float:
    """The share (0 to 1) of the information in the important words that the other words do not have."""
    important = {word: bits for word, bits in words.items() if word not in _FILLERS and bits > _SIGN}
    stems = {_stem(word) for word in others}
    return sum(bits for word, bits in important.items() if _stem(word) not in stems) / (sum(important.values()) or 1)


def _stem(word: str) -> str:
    """An English word without the ending of a plural or a verb form."""
    return re.sub(r"(?<=[a-z]{3})(?:ing|ed|es|s|e)$", "", word)
