"""The deck, the tags and the state of a file as other tools write them.

Keys of front matter are compared without capitals, spaces, `-` and `_`. The tools that write them:
`cards-deck` flashcards-obsidian; `anki-deck`, `anki-tags` and `deckName` several plugins of Obsidian; `TARGET DECK` and `FILE TAGS`, also as
lines of the text, Obsidian_to_Anki; `name` in TOML between `---` lines hashcards; `tag` and `category` Hexo and Jekyll; `draft` Hugo;
`published` Hexo and Jekyll; `publish` Obsidian Publish.
"""

import re
from collections.abc import Collection, Iterator, Set
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.document import Document
from deckgen.parse.front_matter import is_toml_between_rules, key_line
from deckgen.parse.question import RawNote
from deckgen.parse.tags import tag_words

DECK_KEYS = ("deck", "cardsdeck", "ankideck", "deckname", "targetdeck")
TAG_KEYS = ("tag", "ankitags", "filetags")
_LINE = lazy_pattern(r"(TARGET DECK|FILE TAGS)(?::[ \t]*(?P<value>\S.*?))?[ \t]*$")
_RULE = lazy_pattern(r" {0,3}-[ \t-]*$")
_LINE_HEADS = lazy_pattern(r"DECK INFO[ \t]*$")


class Named(Struct, frozen=True):
    """A value that a file sets: the key as it is written there, and its line."""

    key: str
    value: Any
    line: int


def named_decks(document: Document) -> list[Named]:
    """What names the file's deck besides the key `deck`: keys of front matter first, then the line `TARGET DECK`."""
    found = [each for each in _keys(document, DECK_KEYS) if each.key != "deck"]
    if "name" in document.meta and is_toml_between_rules(document.source, document.scan):
        found.append(_named(document, "name"))
    return [*found, *(each for each in metadata_lines(document) if each.key == "TARGET DECK")]


def named_tags(document: Document) -> list[Named]:
    """What names tags besides the key `tags`."""
    return [
        *_keys(document, TAG_KEYS),
        *(each for each in metadata_lines(document) if each.key == "FILE TAGS"),
    ]


def draft_mark(document: Document) -> Named | None:
    """What marks the file as a draft: `draft: true`, `publish: false`, `published: false` or the tag `draft`."""
    for key, state in (("draft", True), ("publish", False), ("published", False)):
        for each in _keys(document, (key,)):
            if _state(each.value) is state:
                return each
    for each in (*_keys(document, ("tags", *TAG_KEYS)), *named_tags(document)):
        if any(word.lower().removeprefix("#") == "draft" for word in tag_words(each.value)):
            return Named(each.key, "draft", each.line)
    return None


def metadata_lines(document: Document) -> list[Named]:
    """The lines `TARGET DECK` and `FILE TAGS` of Obsidian_to_Anki. The value is behind a colon or on the next line; the first one counts."""
    return document.once(_metadata_lines)


def _metadata_lines(document: Document) -> list[Named]:
    found: dict[str, Named] = {}
    if "TARGET DECK" not in document.source and "FILE TAGS" not in document.source:
        return []
    for i, line in enumerate(document.lines):
        match = _LINE.match(line.text) if line.open else None
        if match is None:
            continue
        below = document.lines[i + 1].text if i + 1 < len(document.lines) else ""
        if value := (match["value"] or ("" if ":" in line.text else below)).strip():
            found.setdefault(match[1], Named(match[1], value, line.number))
    return list(found.values())


def metadata_line_numbers(document: Document, kinds: Collection[str]) -> set[int]:
    """The numbers of the lines that name a deck or tags, for the kinds of metadata that count: they are no part of an answer."""
    numbers: set[int] = set()
    counting = {"decks": "TARGET DECK", "tags": "FILE TAGS"}
    for each in metadata_lines(document):
        if each.key not in {counting[kind] for kind in kinds if kind in counting}:
            continue
        numbers.add(each.line)
        if ":" not in document.lines[each.line - 1].text:
            numbers.add(each.line + 1)
    if numbers:
        numbers |= {line.number for line in document.lines if line.open and _LINE_HEADS.match(line.text)}
    return numbers


def without_lines(raw_note: RawNote, numbers: Set[int]) -> RawNote:
    """The note with empty lines in its answer in place of some lines of the file, and without rules that then end it."""
    answer = raw_note.answer
    if numbers.isdisjoint(answer.lines):
        return raw_note
    lines = ["" if number in numbers else text for number, text in enumerate(answer.source.split("\n"), answer.line)]
    while lines and (not lines[-1].strip() or _RULE.match(lines[-1])):
        lines.pop()
    return replace(raw_note, answer=replace(answer, source="\n".join(lines)))


def _keys(document: Document, wanted: tuple[str, ...]) -> Iterator[Named]:
    """The keys of front matter that have one of the names, in the order of the names. Empty ones say nothing."""
    for name in wanted:
        for key, value in document.meta.items():
            if re.sub(r"[\s_-]", "", str(key)).lower() == name and value not in (None, "", []):
                yield _named(document, key)


def _named(document: Document, key: str) -> Named:
    return Named(str(key), document.meta[key], key_line(document.source, document.scan, (str(key),)))


def _state(value: Any) -> bool | None:
    """Yes or no as YAML, TOML or a quoted text has it; None for anything else."""
    return {"true": True, "yes": True, "false": False, "no": False}.get(str(value).lower())
