"""What several questions share: the text below the heading of an exercise, above its first question."""

import re

from deckgen.model import Text
from deckgen.parse.document import Document
from deckgen.parse.texts import cut_lines

_EXERCISE = re.compile(
    r"(?:题目|题|大题|材料|案例|例题?|练习|場景|场景|problem|exercise|case|case study|passage|scenario|aufgabe|exercice|ejercicio|esercizio)"
    r"\s*[\d一二三四五六七八九十A-Z]*\s*(?:[.:：、].*)?|第\s*[\d一二三四五六七八九十]+\s*题.*",
    re.I,
)


def stem_above(document: Document, index: int, level: int) -> tuple[Text, ...]:
    """The text that the heading at `index`, of some level, shares with the others below the heading of one exercise."""
    n = document.headings_from(index)
    while n and document.headings[n - 1][1].level >= level:
        n -= 1
    if not n or not _EXERCISE.fullmatch(document.headings[n - 1][1].text.strip(" *_")):
        return ()
    following = document.headings[n][0] if n < len(document.headings) else len(document.lines)
    text = cut_lines(document, document.headings[n - 1][0] + 1, following - 1)
    return (text,) if text.source else ()
