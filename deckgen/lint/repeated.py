"""Notes that ask the same in other words: questions are brought into one form, and equal forms are the same question."""

import hashlib
import re
from collections.abc import Iterator, Sequence

from deckgen.cloze.grammar import cloze_numbers
from deckgen.cloze.show import reveal
from deckgen.lazy_patterns import lazy_pattern
from deckgen.lint.normalize import change_prose, normalized_text, split_words
from deckgen.lint.row import Lint
from deckgen.model import Note, NoteType, RenderedNote
from deckgen.problems import Problem, Severity
from deckgen.scan.syntax import IMAGE

_SHOWN = 3
_DIGITS = 16  # of a key, in hexadecimal
# A short question ("Advantages?") asks about what the headings above it name. For a longer one the headings do not matter.
# A word counts as much as two Chinese characters.
_WHOLE = 8
_PICTURE = lazy_pattern(IMAGE + r"|<img\b[^>]*\bsrc=[\"']?([^\"'\s>]+)")
# The words that ask, and the kind of question that each makes.
_ASKING = [
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"为什么|为何|为啥|\bwhy\b", "why"),
        (r"多少个?|几(?=[个层种次倍维位])个?|\bhow (?:many|much)\b", "many"),
        (r"怎么样?|怎样|如何|\bhow\b", "how"),
        (r"何时|什么时候|\bwhen\b", "when"),
        (r"哪里|哪儿|何处|\bwhere\b", "where"),
        (r"\bwho(?:se|m)?\b|谁", "who"),
        (r"是什么|什么是|什么|是啥|啥|哪些|哪[个种]|\b(?:what|which|define|describe|explain)\b", "what"),
    )
]
# Words that do not change what is asked.
_FILLERS = lazy_pattern(
    r"请问|请|简述|解释(?:一下)?|介绍(?:一下)?|谈谈|说说|一下|到底|究竟|具体|[的了呢吗呀啊嘛吧是有]"
    r"|\b(?:an?|the|is|are|was|were|be|do|does|did|you|we|i|me|one|please|exactly|actually|briefly|there)\b"
    r"|['’](?:s|re|ll|d|ve)\b"
)
# These do not change it either, unless the answer is yes or no: whether one can is not whether one should.
_MODALS = lazy_pattern(r"需要|应该|可以|[要会能]|\b(?:can|could|should|would|will)\b")
_LATIN = lazy_pattern("[a-z]")
_NOT = lazy_pattern(r"\b(?:can|do|does|did|is|are|was|were|should|would|could|wo)n['’]?t\b|\bcannot\b")
_PLURALS = [
    (re.compile(r"\b([a-z]{3,})ies\b"), r"\1y"),
    (re.compile(r"\b([a-z]+(?:ss|x|sh))es\b"), r"\1"),
    (re.compile(r"\b([a-z]{2,}[^suia\W])s\b"), r"\1"),
]


def repeated_question(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """One problem for notes that ask the same, at the second of them."""
    first, second, *others = notes
    note = second.note
    places = [f"{item.note.file}:{item.note.line}" for item in (first, *others)]
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    yield Problem(
        note.file,
        *note.question.place(0),
        Severity.WARNING,
        "question-repeated",
        f"asks the same as {', '.join(places[:_SHOWN])}{more}",
        "say in the question what is different, or keep one of them",
    )


def _key(item: RenderedNote) -> str:
    """The key that two notes share if they ask the same: the words that ask, the other words, the pictures, and the section of a short question."""
    asked = normalized_text(_front(item))
    wanted, said = _question_form(asked)
    weight = sum(1 if len(word) == 1 and ord(word) > 0x2E80 else 2 for word in said)
    section = () if weight >= _WHOLE else item.note.section
    parts = (sorted(wanted), said, _pictures(item.note, item.notetype), section)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:_DIGITS]


def _front(item: RenderedNote) -> str:
    """The HTML of the front of the first card."""
    question, answer = item.shown("question"), item.shown("answer")
    if not item.notetype.asks_clozes:
        return question
    return f"{question} {reveal(answer, min(cloze_numbers(answer), default=0), question=True)}"


def _pictures(note: Note, notetype: NoteType) -> tuple[str, ...]:
    """The pictures on the front. For image occlusion that is the whole source of the answer, which names the picture and its parts."""
    if notetype.occludes:
        return (note.answer.source,)
    shown = note.answer if notetype.cloze else note.question
    return tuple(a or b for a, b in _PICTURE.findall(shown.source))


def _question_form(asked: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The kinds of a question, and its words without those that ask. A question of nothing but such words keeps them all."""
    wanted: set[str] = set()

    def without_asking(text: str) -> str:
        text = _NOT.sub(" not ", text) if _LATIN.search(text) else text
        for pattern, kind in _ASKING:
            text, found = pattern.subn(" ", text)
            if found:
                wanted.add(kind)
        return text

    def bare(text: str) -> str:
        text = _FILLERS.sub(" ", _MODALS.sub(" ", text) if wanted else text)
        for pattern, singular in _PLURALS if _LATIN.search(text) else ():
            text = pattern.sub(singular, text)
        return text

    said = split_words(change_prose(change_prose(asked, without_asking), bare))
    # “Explain why …” only asks why, and a title without such words asks what it names.
    kinds = wanted - {"what"} or {"what"}
    return frozenset(kinds), tuple(said or split_words(asked) or [asked])


QUESTION_REPEATED = Lint("question-repeated", repeated_question, usual=True, key=_key)
