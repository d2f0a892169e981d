"""What a dialect finds: a question with its attributes, and the lines of its answer."""

from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text

# What stands in braces at the end of a line and begins as an attribute list does; numbers and dots alone are text.
_LIST = lazy_pattern(r"(?<!\\)\{(?![ \t.\d,;]*\}):?[ \t]*(?:#|\.(?=[ \t]*[\w-]))[^{}]*\}$")
_WELL_FORMED = lazy_pattern(r"\{:?[ \t]*((?:[#.][^\s{}]+)(?:[ \t]+[#.][^\s{}]+)*)[ \t]*\}")
_LABEL = lazy_pattern(
    r"(?:[Qq]\s*\d+(?:\s*\\?[.、：:．)）]|(?=\s))|(?:Q(?:uestion)?|q(?:uestion)?)\s*\d*\s*[：:]|(?:问题?|問題?|题目?)\s*\d*\s*[：:]"
    r"|第\s*\d+\s*[题問问]\s*[：:、.]|\d+\s*\\?[、：．)）]|\d+\\?[.:](?!\d)|【(?:Q|问题?|题目?)?\s*\d+】"
    r"|[（(]\d+\.?[)）]|[一二三四五六七八九十]+[、．])\s*"
)
# An anchor that other pages link to, before the question.
_ANCHOR = lazy_pattern(r"(?:<a\b[^<>]*>\s*</a>\s*)+")
_ASKS = lazy_pattern(
    r"[?？](?:[\W_]|[（(\[【][^()（）\[\]【】]*[)）\]】]|<[^<>]*>|!?\[[^\[\]]*\]\([^()]*\)|:\w+:|(?<!\S)[#^][\w/-]+)*$"
)
_NUMBERED = lazy_pattern(
    r"(?:[Qq]\s*\d+|[Qq]uestion\s*\d*|Q|[问問][题題]?\s*\d*|[题題]目?\s*\d+|第\s*\d+\s*[题題问問])\s*\\?[.、：:．)）]"
)
_LETTER = lazy_pattern(r"(?:Q|[Qq]uestion|[问問])\.")


class Attributes(Struct, frozen=True):
    """`{#id .class}` behind a question.

    `written` is the list as it stands there, "" where there is none; `fault` is what is wrong with it.
    """

    id: str | None = None
    classes: frozenset[str] = frozenset()
    written: str = ""
    error: str = ""


class RawNote(Struct, frozen=True, dict=True):
    """A note as a dialect reads it. `given`, `statement`, `tags` and `source` are as in `Note`.

    `deck` is the name of the deck that the note is to go into instead of its file's, "" if it names none.
    The file's lines that it shows are those of its texts; a line that the dialect leaves out of a text is empty there.
    """

    question: Text
    attributes: Attributes
    answer: Text
    section: tuple[str, ...]
    given: tuple[Text, ...] = ()
    statement: bool = False
    tags: tuple[str, ...] = ()
    source: Text | None = None
    deck: str = ""

    @cached_property
    def lines(self) -> frozenset[int]:
        """The numbers of the file's lines that the note shows."""
        texts = (self.question, *self.given, self.answer, *((self.source,) if self.source else ()))
        return frozenset((self.question.line, *(number for text in texts for number in text.lines)))

    @property
    def complete(self) -> bool:
        """Whether it has a question and an answer."""
        return bool(self.question.source and self.answer.source)


class Markup(Struct, frozen=True):
    """Lines (1-based) that a dialect has read as signs of its own and that no card shows: openers, closers, separators, labels."""

    lines: frozenset[int]


def split_attributes(text: str) -> tuple[str, Attributes]:
    """The text before a trailing `{#id .class}`, and what that says. Two ids: the last one counts, as in attr_list.

    A list that is malformed is cut off as well, and says nothing but its fault.
    """
    text = text.rstrip(" \t")
    match = _LIST.search(text) if text.endswith("}") else None
    if match is None:
        return text, Attributes()
    written, before = match[0], text[: match.start()].rstrip(" \t")
    parts = _WELL_FORMED.fullmatch(written)
    if parts is None:
        return before, Attributes(written=written, error="is no attribute list")
    words = parts[1].split()
    ids = [word[1:] for word in words if word[0] == "#"]
    classes = frozenset(word[1:] for word in words if word[0] == ".")
    return before, Attributes(ids[-1] if ids else None, classes, written)


def merge_attributes(own: Attributes, trailing: Attributes) -> Attributes:
    """Those of a question that can have a list inside its markup and one behind it: only one may be there."""
    if own.written and trailing.written:
        return replace(own, error="is one of two attribute lists")
    return trailing if trailing.written else own


def without_label(text: str) -> str:
    """A question without its number: `Q01：`, `3.`, `（2）`, `一、` label it, they are not part of it."""
    anchor = _ANCHOR.match(text)
    bare = text[anchor.end() :] if anchor and anchor.end() < len(text) else text
    match = _LABEL.match(bare)
    return bare[match.end() :] if match and match.end() < len(bare) else bare


def question_text(text: str, line: int, column: int) -> tuple[Text, Attributes]:
    """The question that stands at a place, freed of label and attributes."""
    bare, attributes = split_attributes(text)
    bare, others = split_attributes(bare)
    question = without_label(bare)
    skipped = len(bare) - len(question) + len(question) - len(question.lstrip())
    return Text(question.strip(), line, column + skipped), merge_attributes(others, attributes)


def is_question(text: str) -> bool:
    """Whether a heading reads as a question: a question mark at its end, a `Q` number, or an id of its own."""
    bare, attributes = split_attributes(text)
    return bool(attributes.id or _ASKS.search(bare) or has_question_label(bare))


def has_question_label(text: str) -> bool:
    """Whether a text begins with the number of a question, `Q1:`, or with the word: `Q:`, `问：`."""
    return _NUMBERED.match(text) is not None and _LETTER.match(text) is None
