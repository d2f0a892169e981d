"""What a dialect finds: a question with its attributes, and the lines of its answer."""

import re
from dataclasses import dataclass

from deckgen.model import Text

_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*((?:[#.][^\s{}]+)(?:[ \t]+[#.][^\s{}]+)*)[ \t]*\}[ \t]*$")
_LABEL = re.compile(
    r"(?:[Qq]\s*\d+(?:\s*[.、：:．)）]|(?=\s))|第\s*\d+\s*[题问]\s*[：:、.]|\d+\s*[、：．)）]|\d+[.:](?!\d)"
    r"|[（(]\d+[)）]|[一二三四五六七八九十]+[、．])\s*"
)


@dataclass(frozen=True, slots=True)
class Attributes:
    """`{#id .class}` behind a question."""

    id: str | None = None
    classes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    question: Text
    attributes: Attributes
    answer: Text
    section: tuple[str, ...]


def split_attributes(text: str) -> tuple[str, Attributes]:
    """The text before a trailing `{#id .class}`, and what that says. Two ids: the last one counts, as in attr_list."""
    match = _ATTRIBUTES.search(text)
    if match is None:
        return text, Attributes()
    words = match[1].split()
    ids = [word[1:] for word in words if word[0] == "#"]
    classes = frozenset(word[1:] for word in words if word[0] == ".")
    return text[: match.start()], Attributes(ids[-1] if ids else None, classes)


def without_label(text: str) -> str:
    """A question without its number: `Q01：`, `3.`, `（2）`, `一、` label it, they are not part of it."""
    match = _LABEL.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def question_text(text: str, line: int, column: int) -> tuple[Text, Attributes]:
    """The question that stands at a place, freed of label and attributes."""
    bare, attributes = split_attributes(text)
    question = without_label(bare)
    return Text(question.strip(), line, column + len(bare) - len(question)), attributes


def asks(text: str) -> bool:
    """Whether a heading reads as a question: a question mark at its end, a `Q` number, or an id of its own."""
    bare, attributes = split_attributes(text)
    return bool(attributes.id or re.search(r"[?？][”」』\"')）]?\s*$", bare) or re.match(r"[Qq]\s*\d+\s*[.、：:．)）]", bare))
