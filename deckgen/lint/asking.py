"""What a question asks for, told by its words. Chinese and English only: of other questions nothing is known."""

import re
from enum import Enum, auto


class Wanted(Enum):
    """What the answer must be: a reason, a formula or definition, a quantity (how many, which share), or something else."""

    REASON = auto()
    FORMULA = auto()
    QUANTITY = auto()
    OTHER = auto()


_WORDS = {
    Wanted.REASON: re.compile(r"为什么|为何|为啥|\bwhy\b", re.I),
    Wanted.FORMULA: re.compile(
        r"公式|定义|怎样算|怎么算|如何计算|怎么写|\bformulas?\b|\bdefin(?:e|ed|ition)\b|\b(?:comput|calculat)ed?\b",
        re.I,
    ),
    # 多 and 几 also ask in 多大, 多长, 几次.
    Wanted.QUANTITY: re.compile(
        r"[多几占]|比例|\bhow (?:many|much|far|long|large|big|often|high|wide|deep|fast|small)\b"
        r"|\b(?:share|fraction|percentage|size|ratio|number|value|order|limit|bound|range|year|cost)s?\b",
        re.I,
    ),
    Wanted.OTHER: re.compile(
        r"什么|怎样|怎么|如何|哪|何|吗|\b(?:what|which|how|who|whom|whose|where|when)\b|^(?:is|are|does|do|can|should)\b",
        re.I,
    ),
}


def wanted(question: str) -> frozenset[Wanted]:
    """What a question asks for; several things where it has words of several kinds, none where it has none."""
    return frozenset(each for each, words in _WORDS.items() if words.search(question))
