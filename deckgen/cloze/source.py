"""Find clozes in Markdown and TeX, `{{c1::text::hint}}`, also nested ones.

Anki ends a cloze at the first `}}` and begins a hint at the first `::`. Authors count the braces of formulas:
`{{c1::\\frac{a}{b}}}` ends at the last two. So this module finds the marks that the author meant. It escapes all other
braces and colons, so that Anki does not read them as marks.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from deckgen.cloze.grammar import OPENING
from deckgen.lazy_patterns import lazy_pattern

_BEFORE_MASK = lazy_pattern("[}:](?=[\U000f0000-\U000ffffd])")
_OPENING = lazy_pattern(OPENING)
_MARK = lazy_pattern(rf"{OPENING}|\}}\}}|::|\\.|[{{}}]", re.S)


class Mark(Enum):
    """The meaning of a mark: `{{c1::`, `::` or `}}`."""

    OPEN = auto()
    HINT = auto()
    CLOSE = auto()


def find_cloze_openings(text: str) -> Iterator[int]:
    """Yield the offset of each mark that opens a cloze, closed or not."""
    return (match.start() for match in _OPENING.finditer(text))


def find_cloze_marks(text: str) -> Iterator[tuple[int, int, Mark]]:
    """Yield start, end and meaning of each mark of a cloze that is closed."""
    found, unclosed = _parse_marks(text)
    lost = False
    for i, mark in enumerate(found):
        lost = lost or i in unclosed
        if not (i in unclosed or (lost and mark[2] is Mark.HINT)):
            yield mark


def find_unclosed_clozes(text: str) -> Iterator[int]:
    """Yield the offset of each mark that opens a cloze which is never closed."""
    found, opened = _parse_marks(text)
    return (found[i][0] for i in sorted(opened))


def _parse_marks(text: str) -> tuple[list[tuple[int, int, Mark]], set[int]]:
    """Return all marks, and the indices of the opening marks that are never closed."""
    found: list[tuple[int, int, Mark]] = []
    # Index into `found`, depth of plain braces, whether a hint has begun.
    stack: list[tuple[int, int, bool]] = []
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
                # Skip one brace only: the second brace may be the first of a closing mark.
                pos = match.start() + 1
                depth = max(depth - 1, stack[-1][1] if stack else 0)
        elif token == "::" and stack and not stack[-1][2] and depth == stack[-1][1]:
            opener, level, _ = stack[-1]
            stack[-1] = (opener, level, True)
            found.append((match.start(), pos, Mark.HINT))
    return found, {opener for opener, _, _ in stack}


def hidden_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the parts of `text` that an answer does not show: the marks of clozes, and the hints.

    A hint ends at the end of its cloze or at a cloze inside it, which is shown.
    """
    hint = None
    for start, end, mark in find_cloze_marks(text):
        if mark is Mark.HINT:
            hint = start
        else:
            yield start if hint is None else hint, end
            hint = None


def escape_cloze_marks(html: str) -> str:
    """Return the HTML with entities for the braces and colons that Anki would read as marks of a cloze.

    A single brace or colon before a masked character is escaped too. The masked character may hide a mark, and Anki would
    read `}` and `}}` as three braces.
    """
    html = _BEFORE_MASK.sub(lambda m: f"&#{ord(m[0])};", html)
    return html.replace("{{", "&#123;&#123;").replace("}}", "&#125;&#125;").replace("::", "&#58;&#58;")


def escape_cloze_marks_in_tex(tex: str) -> str:
    """Return TeX (escaped for HTML) in which only the marks of its clozes are marks to Anki.

    Other `}}` get a space, which changes nothing in math. Other `::` become entities.
    """
    parts, pos = [], 0
    for start, end, mark in find_cloze_marks(tex):
        plain = _break_marks(tex[pos:start])
        parts += [plain + " " if mark is Mark.CLOSE and plain.endswith("}") else plain, tex[start:end]]
        pos = end
    return "".join([*parts, _break_marks(tex[pos:])])


def _break_marks(tex: str) -> str:
    return re.sub(r"\}(?=\})", "} ", tex).replace("::", "&#58;&#58;")
