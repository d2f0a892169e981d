"""What several questions share: the text below the heading of an exercise, above its first question."""

import re

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.document import Document
from deckgen.parse.texts import cut_lines

_EXERCISE = lazy_pattern(
    r"(?:题目|题|大题|材料|案例|例题?|练习|場景|场景|problem|exercise|case|case study|passage|scenario|aufgabe|exercice|ejercicio|esercizio)"
    r"\s*[\d一二三四五六七八九十A-Z]*\s*(?:[.:：、].*)?|第\s*[\d一二三四五六七八九十]+\s*题.*",
    re.I,
)


def stem_below(document: Document, index: int) -> tuple[Text, ...]:
    """The text that the questions below the heading at `index` share, none where it is not the heading of an exercise."""
    heading = document.lines[index].heading
    if heading is None or not _EXERCISE.fullmatch(heading.text.strip(" *_")):
        return ()
    n = document.headings_from(index + 1)
    following = document.headings[n][0] if n < len(document.headings) else len(document.lines)
    text = cut_lines(document, index + 1, following - 1)
    return (text,) if text.source else ()
