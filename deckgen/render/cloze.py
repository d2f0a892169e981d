"""Clozes, written as Anki writes them: `{{c1::text::hint}}`, nested too.

Anki ends a cloze at the first `}}` and begins a hint at the first `::`, wherever they stand. So the marks that the
author meant are told from all others here, and the others are written so that Anki does not see them.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

_BEFORE_MASK = re.compile("[}:](?=[\U000F0000-\U000FFFFD])")
_MARK = re.compile(r"\{\{c\d+(?:,\d+)*::|\}\}|::|\\.|[{}]", re.S)


class Mark(Enum):
    OPEN = auto()
    HINT = auto()
    CLOSE = auto()


def marks(text: str) -> Iterator[tuple[int, int, Mark]]:
    """Start, end and meaning of each mark of a cloze in `text`. What opens and never closes is no mark."""
    found: list[tuple[int, int, Mark]] = []
    stack: list[tuple[int, int, bool]] = []  # index into found, depth of plain braces, whether a hint has begun
    depth = pos = 0
    while match := _MARK.search(text, pos):
        pos = match.end()
        token = match[0]
        if token.startswith("{{c"):
            stack.append((len(found), depth, False))
            found.append((match.start(), pos, Mark.OPEN))
        elif token == "{":
            depth += 1
        elif token in ("}", "}}"):
            if token == "}}" and stack and depth == stack[-1][1]:
                stack.pop()
                found.append((match.start(), pos, Mark.CLOSE))
            else:
                # One brace at a time: the second of the two may be the first of a closing pair.
                pos = match.start() + 1
                depth = max(depth - 1, stack[-1][1] if stack else 0)
        elif token == "::" and stack and not stack[-1][2] and depth == stack[-1][1]:
            opener, level, _ = stack[-1]
            stack[-1] = (opener, level, True)
            found.append((match.start(), pos, Mark.HINT))
    unclosed = {opener for opener, _, _ in stack}
    lost = False
    for i, mark in enumerate(found):
        lost = lost or i in unclosed
        if not (i in unclosed or (lost and mark[2] is Mark.HINT)):
            yield mark


def hidden(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what Anki takes out of `text` when it shows an answer: the marks, and hints with them."""
    hint = None
    for start, end, mark in marks(text):
        if hint is None and mark is Mark.HINT:
            hint = start
        elif mark is Mark.CLOSE:
            yield start if hint is None else hint, end
            hint = None
        elif hint is None:
            yield start, end


def inert(html: str) -> str:
    """HTML whose braces and colons Anki does not take for marks of a cloze, nor with a masked mark right after them."""
    html = _BEFORE_MASK.sub(lambda m: f"&#{ord(m[0])};", html)
    return html.replace("{{", "&#123;&#123;").replace("}}", "&#125;&#125;").replace("::", "&#58;&#58;")


def inert_tex(tex: str) -> str:
    """TeX (escaped for HTML) inside a cloze note: its own clozes kept, every other `}}` and `::` broken up.

    A space between two closing braces changes nothing in math; a colon is written as an entity.
    """
    parts, pos = [], 0
    for start, end, mark in marks(tex):
        plain = _break(tex[pos:start])
        parts += [plain + " " if mark is Mark.CLOSE and plain.endswith("}") else plain, tex[start:end]]
        pos = end
    return "".join([*parts, _break(tex[pos:])])


def _break(tex: str) -> str:
    return re.sub(r"\}(?=\})", "} ", tex).replace("::", "&#58;&#58;")
