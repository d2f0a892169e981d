"""How much an answer tells: an estimate in bits, by what the text holds and not by its length.

A letter of a word is worth about 1.5 bits (Shannon, Prediction and entropy of printed English, 1951: 1 to 2), a Chinese character about
as much as three letters. Each word, character and number counts once. Words that any sentence may hold ("is", 的) count for little.
"""

import re
from collections.abc import Mapping

# From this on an answer decides alone that two notes are one: no two notes have it by chance. Below, `Yes.` and `$O(n)$` do not.
DISTINCTIVE = 24
# From this on it does so if the note is also between the same neighbours.
SUGGESTIVE = 14

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)|(?P<ideograph>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    r"|(?P<syllable>[\u3040-\u30ff\uac00-\ud7af])|(?P<word>\\?[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+)|(?P<sign>[^\w\s])"
)
_LETTER, _IDEOGRAPH, _SYLLABLE, _DIGIT, _SIGN, _FILLER = 1.5, 5.0, 3.0, 3.0, 0.5, 1.5
_BEGINNING = 160
# The share of a question from which on it counts as replaced.
_REPLACED = 0.2
# The digits of a number beyond these are worth no more: years and counts are alike in length.
_DIGITS = 4
_FILLERS = frozenset(
    "a an and are as at be by can do does for from has have he if in is it its no not of on or so that the their there they this to was we "
    "were what when where which who why will with yes you".split()
) | frozenset(
    "的了是不有在和与也就都而及或一二两个这那为以可能会上下中于对之其被把给从到要它很吗呢则即等所并每些什么怎样如何哪几多少里"
)


def information(text: str) -> int:
    """Roughly how many bits a text tells, rounded down; of a long text only its beginning is counted, which is enough."""
    return int(sum(words_in(text[:_BEGINNING]).values()))


def words_in(text: str) -> dict[str, float]:
    """The words, Chinese characters, numbers and signs of a text, and the bits that each tells."""
    return {match[0].casefold(): _bits(match.lastgroup, match[0].casefold()) for match in _TOKEN.finditer(text)}


def _bits(kind: str | None, token: str) -> float:
    if token in _FILLERS:
        return _FILLER
    if kind == "number":
        return _DIGIT * min(sum(map(str.isdecimal, token)), _DIGITS)
    if kind == "word":
        return _LETTER * len(token.lstrip("\\"))
    return {"ideograph": _IDEOGRAPH, "syllable": _SYLLABLE}.get(kind or "", _SIGN)


def is_replaced(old: str, new: str) -> bool:
    """Whether a question lost words that tell something and won others: "Is a list hashable?", "Is a dict hashable?".

    A word with another ending ("tuple", "tuples") is the same.
    """
    before, after = words_in(old), words_in(new)
    return all(_share_not_in(one, other) >= _REPLACED for one, other in ((before, after), (after, before)))


def _share_not_in(words: Mapping[str, float], others: Mapping[str, float]) -> float:
    """Which share of what the words tell, fillers apart, the others do not."""
    telling = {word: bits for word, bits in words.items() if word not in _FILLERS and bits > _SIGN}
    stems = {_stem(word) for word in others}
    return sum(bits for word, bits in telling.items() if _stem(word) not in stems) / (sum(telling.values()) or 1)


def _stem(word: str) -> str:
    return re.sub(r"(?<=[a-z]{3})(?:ing|ed|es|s|e)$", "", word)
