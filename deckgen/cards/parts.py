"""Parses a template into its parts: text, replacements, sections. The grammar is Anki's (rslib, template.rs)."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern

# Packages come from anywhere, and functions over the parts call themselves once for each level.
_MAX_DEPTH = 100
_TAG = lazy_pattern(r"<!--.*?-->|\{\{(.*?)\}\}", re.S)


class TemplateError(Exception):
    """A template for which Anki shows an error instead of a card. `offset` is the place in the template, in characters."""

    def __init__(self, message: str, offset: int = 0):
        super().__init__(message)
        self.offset = offset


class Replacement(Struct, frozen=True):
    """`{{filter:Name}}`. The filters are in the order of the template, from left to right."""

    filters: tuple[str, ...]
    name: str
    offset: int


class Section(Struct, frozen=True):
    """`{{#Name}}…{{/Name}}`, or `{{^Name}}…` if `negated`."""

    name: str
    negated: bool
    children: tuple["Part", ...]
    offset: int


Part = str | Replacement | Section


@lru_cache(maxsize=256)
def parse_template(template: str) -> tuple[Part, ...]:
    """Return the parts of a template.

    Raises TemplateError for a section that is not closed, an end without a section, and sections nested too deep.
    """
    levels: list[tuple[re.Match[str] | None, str, list[Part]]] = [(None, "", [])]
    end = 0
    for match in _TAG.finditer(template):
        levels[-1][2].append(template[end : match.start()])
        end = match.end()
        if match[1] is None:
            levels[-1][2].append(match[0])
            continue
        tag = match[1].lstrip("{").strip()
        if tag.startswith(("#", "^")):
            levels.append((match, tag, []))
            if len(levels) > _MAX_DEPTH:
                raise TemplateError(f"sections are nested more than {_MAX_DEPTH} deep", match.start())
        elif tag.startswith("/"):
            opened, opening, children = levels.pop()
            name = opening[1:].strip()
            if opened is None or name != tag[1:].strip():
                raise TemplateError(f"{{{{{tag}}}}} closes nothing", match.start())
            levels[-1][2].append(Section(name, opening[0] == "^", tuple(children), opened.start()))
        else:
            *filters, name = (part.strip() for part in tag.split(":"))
            levels[-1][2].append(Replacement(tuple(filters), name, match.start()))
    opened, opening, _ = levels[-1]
    if opened is not None:
        raise TemplateError(f"{{{{#{opening[1:].strip()}}}}} is never closed", opened.start())
    return (*levels[0][2], template[end:])


def has_card(parts: Collection[Part], filled: Collection[str]) -> bool:
    """Whether Anki makes a card of a front. It does if a shown replacement names one of the fields in `filled`."""
    return any(_shows_field(part, filled) for part in parts)


def replacements(parts: Collection[Part]) -> Iterator[Replacement]:
    """Yield all replacements, also those inside sections."""
    for part in parts:
        if isinstance(part, Replacement):
            yield part
        elif isinstance(part, Section):
            yield from replacements(part.children)


def sections(parts: Collection[Part]) -> Iterator[Section]:
    """Yield all sections, each before the sections inside it."""
    for part in parts:
        if isinstance(part, Section):
            yield part
            yield from sections(part.children)


def _shows_field(part: Part, filled: Collection[str]) -> bool:
    if isinstance(part, Replacement):
        return part.name in filled
    return isinstance(part, Section) and (part.name in filled) != part.negated and has_card(part.children, filled)
