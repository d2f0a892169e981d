"""What deck.toml and a file's front matter say of its notes: deck, tags, dialect."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from deckgen.notetypes import NoteTypes, built_in
from deckgen.parse.dialects import BY_NAME
from deckgen.parse.document import Document
from deckgen.parse.front_matter import key_line
from deckgen.problems import Problem
from deckgen.project import HIGHLIGHTS, deck_name

_RESERVED = {"marked", "leech"}
_KEYS = {"dialect", "highlight", "level", "skip"}


@dataclass(frozen=True, slots=True)
class Settings:
    """`sections` is `tags`, `decks` or `none`: what becomes of the headings above a question.

    `highlight` is `mark` or `cloze`: what `==text==` is. `dialect` is what the author named, `remembered` what the file was found to be written in at the last build.
    """

    deck: str = ""
    tags: tuple[str, ...] = ()
    sections: str = "tags"
    dialect: str | None = None
    remembered: str | None = None
    level: int | None = None
    skip: bool = False
    notetypes: NoteTypes = field(default_factory=built_in)
    highlight: str = HIGHLIGHTS[0]

    def deck_of(self, section: Sequence[str]) -> str:
        parts = [self.deck, *map(_plain, section)] if self.sections == "decks" else [self.deck]
        return "::".join(part for part in parts if part)

    def tags_of(self, section: Sequence[str]) -> tuple[str, ...]:
        own = ("::".join(tag(_plain(part)) for part in section),) if self.sections == "tags" else ()
        return tuple(sorted({t for t in (*self.tags, *own) if t}))


def file_settings(document: Document, defaults: Settings) -> tuple[Settings, list[Problem]]:
    """The deck's settings with what the front matter changes, and what is wrong with that."""
    problems: list[Problem] = []

    def wrong(key: str, message: str, hint: str = "", *, below: tuple[str, ...] = ()) -> None:
        line = key_line(document.source, document.scan, (*below, key))
        problems.append(document.problem(line, message, code="front-matter", hint=hint))

    tags = {*defaults.tags, *_categories(document.meta.get("categories")), *_tags(document.meta.get("tags"))} - {""}
    if isinstance(document.meta.get("tags"), dict):
        wrong("tags", "tags is a mapping", "write a list: tags: [a, b]")
    for name in sorted(tags):
        if name.lower() in _RESERVED:
            wrong("tags", f"the tag {name} is Anki's own", "use another word")
    deck = document.meta.get("deck") or defaults.deck
    if not isinstance(deck, str):
        wrong("deck", "deck is not a text")
        deck = defaults.deck
    own = document.meta.get("deckgen") or {}
    if not isinstance(own, dict):
        wrong("deckgen", "deckgen is not a mapping", "write deckgen: {dialect: heading}")
        own = {}
    for key in sorted(map(str, own.keys() - _KEYS)):
        wrong(key, f"unknown key {key} under deckgen", "known: " + ", ".join(sorted(_KEYS)), below=("deckgen",))
    dialect, level = own.get("dialect", defaults.dialect), own.get("level", defaults.level)
    if fault := dialect_fault(dialect):
        wrong("dialect", fault, below=("deckgen",))
        dialect = None
    if fault := level_fault(level):
        wrong("level", fault, below=("deckgen",))
        level = None
    highlight = own.get("highlight", defaults.highlight)
    if highlight not in HIGHLIGHTS:
        wrong("highlight", f"highlight is {highlight!r}, not one of {', '.join(HIGHLIGHTS)}", below=("deckgen",))
        highlight = defaults.highlight
    settings = replace(
        defaults,
        deck=deck_name(deck),
        tags=tuple(sorted(tags)),
        dialect=dialect,
        level=level,
        skip=own.get("skip") is True,
        highlight=highlight,
    )
    return settings, problems


def dialect_fault(value: Any) -> str | None:
    """What is wrong with the name of a dialect, if anything."""
    known = value is None or (isinstance(value, str) and value in BY_NAME)
    return None if known else f"unknown dialect {value!r}; known: {', '.join(BY_NAME)}"


def level_fault(value: Any) -> str | None:
    """What is wrong with a heading level, if anything."""
    right = value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 6)
    return None if right else f"level is {value!r}, not a number from 1 to 6"


def tag(text: str) -> str:
    """A text as an Anki tag: no spaces, no quotes."""
    return re.sub(r"[\s\"]+", "_", text.strip())


def _plain(text: str) -> str:
    """A heading's text as part of a name: no markup, no quotes, and no `::`, which would part it."""
    return re.sub(r"[*`$\"]", "", unicodedata.normalize("NFC", text)).replace("::", ":").strip()


def _tags(value: Any) -> Iterator[str]:
    """Tags as a list, or as one text with commas or spaces between them."""
    words = (
        value
        if isinstance(value, list)
        else re.split(r"[,，\s]+", str(value))
        if isinstance(value, str | int | float)
        else []
    )
    return (tag(str(word)) for word in words if word is not None and tag(str(word)))


def _categories(value: Any) -> Iterator[str]:
    """Hexo's categories: a list is one path, a list of lists several."""
    if isinstance(value, str):
        yield tag(value)
    elif isinstance(value, list) and value:
        paths = value if all(isinstance(path, list) for path in value) else [value]
        for path in paths:
            yield "::".join(tag(str(part)) for part in path if part is not None)
