"""Clozes as Anki shows them: the asked ones hidden or marked, the others as text. The grammar is Anki's (rslib, cloze.rs)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from deckgen.notetypes.cards import CLOZE_DEPTH

_TOKEN = re.compile(r"\{\{c(?=,*[0-9])([0-9,]+)::|\}\}")


@dataclass(slots=True)
class _Cloze:
    """A cloze being read: its numbers, its text as written, and what stands inside it."""

    numbers: frozenset[int]
    parts: list["str | _Cloze"] = field(default_factory=list)


def reveal(html: str, number: int, *, question: bool) -> str:
    """The field on card `number` (1-based), with the cloze of that number asked, or shown in the answer.

    Empty where no cloze has that number: the engine then shows no such card.
    """
    parts = _parse(html)
    if not any(_asks(part, number) for part in parts):
        return ""
    return "".join(_show(part, number, question) for part in parts)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a cloze asks for: its numbers, its text as the answer shows it, its hint (None: it has none)."""

    numbers: frozenset[int]
    text: str
    hint: str | None


def asked(html: str) -> Iterator[Asked]:
    """The clozes of a field in the order in which they open, nested ones too."""
    yield from _asked(_parse(html))


def _asked(parts: Iterable["str | _Cloze"]) -> Iterator[Asked]:
    for part in parts:
        if isinstance(part, _Cloze):
            inside, hint = _hint(part)
            yield Asked(part.numbers, "".join(_show(item, 0, question=False) for item in inside), hint)
            yield from _asked(part.parts)


def _parse(html: str) -> list[str | _Cloze]:
    """Text and clozes in turn. As in the engine, a cloze that is never closed is lost with all that stands in it."""
    stack = [_Cloze(frozenset())]
    end = 0
    for match in _TOKEN.finditer(html):
        stack[-1].parts.append(html[end : match.start()])
        end = match.end()
        if match[0] != "}}" and len(stack) > CLOZE_DEPTH:
            continue
        if match[0] != "}}":
            numbers = frozenset(int(n) for n in match[1].split(",") if n)
            stack.append(_Cloze(numbers))
        elif len(stack) > 1:
            closed = stack.pop()
            stack[-1].parts.append(closed)
        else:
            stack[-1].parts.append("}}")
    stack[-1].parts.append(html[end:])
    return stack[0].parts


def _asks(part: "str | _Cloze", number: int) -> bool:
    return isinstance(part, _Cloze) and (number in part.numbers or any(_asks(inner, number) for inner in part.parts))


def _show(part: "str | _Cloze", number: int, question: bool) -> str:
    if isinstance(part, str):
        return part
    text, hint = _hint(part)
    ordinal = ",".join(map(str, sorted(part.numbers)))
    if number in part.numbers and question:
        return f'<span class="cloze" data-ordinal="{ordinal}">[{"..." if hint is None else hint}]</span>'
    inner = "".join(_show(item, number, question) for item in text)
    name = "cloze" if number in part.numbers else "cloze-inactive"
    return f'<span class="{name}" data-ordinal="{ordinal}">{inner}</span>'


def _hint(cloze: _Cloze) -> tuple[list["str | _Cloze"], str | None]:
    """What stands inside a cloze, and its hint, if any: what follows the first `::` of a stretch of its text, of the last one."""
    inside: list[str | _Cloze] = []
    hint = None
    for part in cloze.parts:
        if isinstance(part, str) and "::" in part:
            part, _, hint = part.partition("::")
        inside.append(part)
    return inside, hint
