"""Compare two texts word by word: what stayed, what was removed, what was added.

A CJK character, a formula and an HTML tag each count as one word.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct
from rapidfuzz.distance import LCSseq

from deckgen.cjk import CJK
from deckgen.cloze.grammar import OPENING
from deckgen.lazy_patterns import lazy_pattern

# Packages come from anywhere, so the time must grow only with the length of the text. As in a browser, a comment, an element or
# a tag that is not closed ends with the text. A formula contains no other opening mark.
_OPAQUE = r"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|<[a-zA-Z/][^>]*(?:>|\Z)"
_FORMULA = r"\\\((?:\\[^()]|[^\\])*+\\\)|\\\[(?:\\[^\[\]]|[^\\])*+\\\]|<anki-mathjax\b.*?(?:</anki-mathjax>|\Z)"
# Longer texts are compared as one word. The comparison of two texts takes a bit for each pair of their words.
_LONGEST_TEXT = 200_000  # characters
_MOST_PAIRS = 2**29
_TOKEN = lazy_pattern(rf"{_FORMULA}|{_OPAQUE}|{OPENING}|\}}\}}|&\#?\w+;|[{CJK}]|[^\W{CJK}]+|\s+|.", re.S | re.I)
_TAG = lazy_pattern(rf"(?:{_OPAQUE})", re.S | re.I)
# Tags that show something themselves and contain nothing. They can be marked like words.
_SHOWN = lazy_pattern(r"<(?:img|video|audio|input|hr)\b", re.I)
_NO_WORD = lazy_pattern(r"[\s\W]*")


class Change(StrEnum):
    """What happened to a word."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class WordRun(Struct, frozen=True):
    """A run of tokens that are all the same, removed or added."""

    change: Change
    tokens: tuple[str, ...]

    @property
    def text(self) -> str:
        """The tokens as one text."""
        return "".join(self.tokens)


def tokens(text: str) -> list[str]:
    """Return the words of an HTML text. Joined, they give the text again. A very long text is one word."""
    return _TOKEN.findall(text) if len(text) <= _LONGEST_TEXT else [text]


def compare_words(old: str, new: str) -> tuple[WordRun, ...]:
    """Return the runs from old to new. Without the added runs they are the old text, without the removed runs the new text."""
    before, after = tokens(old), tokens(new)
    if len(before) * len(after) > _MOST_PAIRS:
        before, after = [old], [new]
    runs: list[WordRun] = []
    for edit in LCSseq.opcodes(before, after):
        i, j, k, m = edit.src_start, edit.src_end, edit.dest_start, edit.dest_end
        if edit.tag == "equal":
            runs.append(WordRun(Change.SAME, tuple(before[i:j])))
            continue
        if i < j:
            runs.append(WordRun(Change.REMOVED, tuple(before[i:j])))
        if k < m:
            runs.append(WordRun(Change.ADDED, tuple(after[k:m])))
    return tuple(_without_islands(runs))


def _without_islands(runs: Sequence[WordRun]) -> Iterable[WordRun]:
    """Join spaces and punctuation between changed words to the changes: a change then reads as one piece."""
    removed: list[str] = []
    added: list[str] = []
    for n, run in enumerate(runs):
        island = run.change is Change.SAME and 0 < n < len(runs) - 1 and _holds_no_word(run.tokens)
        if run.change is Change.SAME and not island:
            yield from _changed_runs(removed, added)
            removed, added = [], []
            yield run
            continue
        if run.change is not Change.ADDED:
            removed += run.tokens
        if run.change is not Change.REMOVED:
            added += run.tokens
    yield from _changed_runs(removed, added)


def _holds_no_word(run: Sequence[str]) -> bool:
    return (
        len(run) <= 3
        and not any(_TAG.fullmatch(token) for token in run)
        and all(_NO_WORD.fullmatch(token) for token in run)
    )


def _changed_runs(removed: Sequence[str], added: Sequence[str]) -> Iterable[WordRun]:
    if removed:
        yield WordRun(Change.REMOVED, tuple(removed))
    if added:
        yield WordRun(Change.ADDED, tuple(added))


def mark(runs: Iterable[WordRun], side: Change) -> str:
    """Return the HTML of one side. Its removed words are in `<del>`, its added words in `<ins>`.

    `side` is Change.REMOVED for the old text and Change.ADDED for the new one. The tags of the text stay balanced.
    """
    element = "del" if side is Change.REMOVED else "ins"
    return "".join(
        _marked(run.tokens, element) if run.change is side else run.text
        for run in runs
        if run.change in (Change.SAME, side)
    )


def _marked(run: Sequence[str], element: str) -> str:
    pieces, open_ = [], False
    for token in run:
        word = not _TAG.fullmatch(token) or bool(_SHOWN.match(token))
        if word != open_:
            pieces.append(f"<{element}>" if word else f"</{element}>")
            open_ = word
        pieces.append(token)
    return "".join(pieces) + (f"</{element}>" if open_ else "")
