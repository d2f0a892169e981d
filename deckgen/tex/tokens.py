"""TeX as tokens: commands, braces, arguments. Each function takes a text and an offset and returns offsets."""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern

COMMAND = lazy_pattern(r"\\(?:([A-Za-z]+)|(.|\Z))", re.S)
_BRACE = lazy_pattern(r"\\.|[{}]", re.S)
# In text: an escaped character, or math between dollar signs or \( and \).
_IN_TEXT = lazy_pattern(r"\$((?:\\.|[^$\\])*)\$|\\\((.*?)\\\)|\\.", re.S)
_SPACE = lazy_pattern(r"\s*")
OPAQUE = "\U00100000"
"""This character and those after it replace what is not TeX and is not checked, such as the marks of a cloze."""
# Commands whose last argument is text, and the number of arguments before it.
TEXT_COMMANDS = dict.fromkeys(
    (
        "text",
        "textrm",
        "textit",
        "textbf",
        "textsf",
        "texttt",
        "textnormal",
        "textup",
        "textllap",
        "textrlap",
        "textclap",
        "mbox",
        "hbox",
        "fbox",
        "framebox",
        "clap",
        "tag",
    ),
    0,
) | {"colorbox": 1, "fcolorbox": 2}


def commands(tex: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and name (without its backslash) of each command."""
    for match in COMMAND.finditer(tex):
        yield match.start(), match.end(), match[1] or match[2]


def group_end(tex: str, pos: int) -> int:
    """Return the offset of the brace that closes the group, or the end of the text. `pos` is after the opening brace."""
    depth = 1
    for match in _BRACE.finditer(tex, pos):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if not depth:
            return match.start()
    return len(tex)


def argument(tex: str, pos: int) -> tuple[int, int, int] | None:
    """Return start and end of the argument at `pos`, without its braces, and the offset after it.

    Return None if there is no argument.
    """
    pos = _skip_space(tex, pos)
    if pos == len(tex) or tex[pos] in "}&" or tex[pos] >= OPAQUE:
        return None
    if tex[pos] == "{":
        end = group_end(tex, pos + 1)
        return pos + 1, end, min(end + 1, len(tex))
    command = COMMAND.match(tex, pos)
    end = command.end() if command else pos + 1
    return pos, end, end


def option_end(tex: str, pos: int) -> int:
    """Return the offset after an argument in square brackets at `pos`, or `pos` if there is none."""
    start = _skip_space(tex, pos)
    end = tex.find("]", start) if tex.startswith("[", start) else -1
    return end + 1 if end >= 0 else pos


def _skip_space(tex: str, pos: int) -> int:
    match = _SPACE.match(tex, pos)
    return match.end() if match else pos


def texts(tex: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each argument that is text, without its braces. A text inside a text is part of it."""
    done = 0
    for start, end, name in commands(tex):
        if start < done or name not in TEXT_COMMANDS:
            continue
        if name == "tag" and tex.startswith("*", end):
            end += 1
        elif name == "framebox":
            end = option_end(tex, option_end(tex, end))
        found = argument(tex, end)
        for _ in range(TEXT_COMMANDS[name]):
            found = argument(tex, found[2]) if found else None
        if found and tex[found[0] - 1 : found[0]] == "{":
            yield found[:2]
            done = found[2]


def text_parts(tex: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the parts of a text argument: start, end, and whether the part is math."""
    pos = start
    for match in _IN_TEXT.finditer(tex, start, end):
        if group := match.lastindex:
            yield pos, match.start(), False
            yield *match.span(group), True
            pos = match.end()
    yield pos, end, False
