"""Hints of clozes that say nothing about the answer."""

import re
from collections.abc import Iterator, Sequence

from deckgen.lazy_patterns import lazy_pattern
from deckgen.lint.fronts import blanks, cloze_place
from deckgen.lint.normalize import normalized_text
from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem, Severity
from deckgen.render import plain_text

# Words that only ask. Others say something: "how many?" that it is a number, "which one?" that it is a choice, "do what?" that it is an action.
_EMPTY = lazy_pattern(
    r"(?:是|请|填)?(?:什么|啥|怎样|怎么样?|如何|写出来|填空|提示|答案)?"
    r"|(?:is|does|and|or|the|this|it|write|fill|in|say|what|how|hint|answer|blank| )*"
)


def empty_hints(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each hint that says no more than the dots which Anki shows without one: "what?", 什么, "…"."""
    for item in notes:
        if item.notetype.asks_clozes:
            for blank in blanks(item):
                if blank.cloze.hint is not None and is_empty_hint(blank.cloze.hint):
                    yield Problem(
                        item.note.file,
                        *cloze_place(item.note, blank.index),
                        Severity.WARNING,
                        "hint-empty",
                        f"the hint says no more than […]: {plain_text(blank.cloze.hint) or '(nothing)'}",
                        "say what kind of thing is hidden, or leave the hint out",
                    )


def is_empty_hint(html: str) -> bool:
    """Whether a hint consists of words that only ask, or of none."""
    text = normalized_text(html)
    return "\\" not in text and bool(_EMPTY.fullmatch(re.sub(r"[^\w ]|_", "", text).strip()))


HINT_EMPTY = Lint("hint-empty", empty_hints)
