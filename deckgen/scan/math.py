"""Find formulas. Each rule is a function `(page, pos) -> Span | None`.

Delimiters: `$..$`, `$$..$$`, `\\(..\\)`, `\\[..\\]`, `` $`..`$ ``, and environments such as `\\begin{align}` that open a line.
Prices, shell variables and prose between two dollar signs are not formulas.
"""

import re

from deckgen.cjk import CJK
from deckgen.lazy_patterns import lazy_pattern
from deckgen.scan import unclosed
from deckgen.scan.page import NEW_BLOCK, Page
from deckgen.scan.spans import Span, SpanKind

_ENVIRONMENTS = (
    "equation|align|gather|multline|eqnarray|alignat|flalign|aligned|gathered|alignedat|split|cases|array"
    "|[pbBvV]?matrix|smallmatrix"
)
_BARE_ENVIRONMENT = lazy_pattern(r"\\begin\{(?:%s)\*?\}" % _ENVIRONMENTS)
# A dollar sign inside \text{…} opens math inside the text. It does not end the formula.
_TEXT = r"\\(?:text[a-z]*+|[mhf]box)\s*+\{(?:[^\\{}$]++|\\.|\$(?:[^\\$]++|\\.)*+\$|\{[^{}$]*+\})*+\}"
_BODY = lazy_pattern(rf"(?:[^\\$]++|{_TEXT}|\\.)++", re.S)
# In a formula of several lines a comment may hold a dollar sign.
_DISPLAY_BODY = lazy_pattern(rf"(?:[^\\$%]++|%(?:[^$\n]|\$(?!\$)){{0,300}}+(?=\n)|%|{_TEXT}|\\.)++", re.S)
_GITLAB = lazy_pattern(r"\$`([^`\n]+)`\$")
_CLOSING = {"(": re.compile(r"(?<!\\)(?:\\\\)*(\\\))"), "[": re.compile(r"(?<!\\)(?:\\\\)*(\\\])")}
_LATER_LINE = lazy_pattern(r"\n[ \t>]*\n(.*)", re.S)
_CJK = lazy_pattern(f"[{CJK}]")
_CJK_STOPS = "，。；：、！？（"
_PROSE = lazy_pattern(rf"\n[ \t>]*(?:[-*+][ \t]+)?\*\*|{_CJK.pattern}|(?:\b[A-Za-z]{{2,}}[ ,]+){{3}}")
_TEX_SIGN = lazy_pattern(r"[\\^_{}]")
_OPERATOR = lazy_pattern(r"[\\^_{}=<>+*/|-]")
# Of PostgreSQL, which quotes the bodies of functions with `$$`.
_SQL = lazy_pattern(r"\s*(?:BEGIN|DECLARE|SELECT|INSERT|UPDATE|DELETE|RETURN|WITH)\b")
_WORD = lazy_pattern(r"[A-Za-z]{2,}")
# The text between two variables of a shell: `HOME `, `{HOME}/`, `MY_VAR and `.
_VARIABLE = lazy_pattern(r"(?:\{[A-Za-z_]\w*\}|[A-Z_][A-Z0-9_]+)\W*|[A-Z0-9]+_[A-Z0-9_]+\b[^\\^{}]*", re.A)


def environment(page: Page, pos: int) -> Span | None:
    """Return the span of a bare environment at the start of a line, or None."""
    match = _BARE_ENVIRONMENT.match(page.src, pos)
    if match is None:
        return None
    closer = page.environment_end(pos)
    block = page.next(NEW_BLOCK, pos)
    if closer is None or (block and block.start() < closer[0]):
        page.add_unclosed(pos, "math-unclosed", f"{match[0]} is never closed")
        return None
    return _formula(page, pos, closer[1], pos, closer[1], display=True)


def backslash(page: Page, pos: int) -> Span | None:
    """Return the span of `\\(…\\)` or `\\[…\\]`, or None."""
    mark = page.src[pos + 1 : pos + 2]
    if mark not in _CLOSING:
        return None
    match = page.next(_CLOSING[mark], pos + 2)
    if match is None or match.start(1) > page.paragraph_end(pos):
        if length := unclosed.tex_length(page.src, pos + 2):
            page.add_unclosed(
                pos,
                "math-unclosed",
                rf"\{mark} is never closed",
                end=pos + 2 + length,
                hint=f"write {mark} for the sign",
            )
        return None
    start, end = pos + 2, match.start(1)
    display = mark == "["
    # `\[1\]` in running text is an escaped bracket of Markdown, not a formula.
    plain = display and not _OPERATOR.search(page.src, start, end) and not _alone(page, pos, end + 2)
    if plain or not page.src[start:end].strip():
        return None
    return _formula(page, pos, end + 2, start, end, display=display)


def double_dollar(page: Page, pos: int) -> Span:
    """Return the span of `$$…$$`. If it is never closed, return the two signs alone, so that they open nothing else."""
    match = _DISPLAY_BODY.match(page.src, pos + 2)
    if match and page.src.startswith("$$", match.end()) and _may_hold(page, pos, match.end()):
        return _formula(page, pos, match.end() + 2, pos + 2, match.end(), display=True)
    if page.starts_line(pos):
        page.add_unclosed(pos, "math-unclosed", "$$ is never closed")
    return Span(SpanKind.VERBATIM, pos, pos + 2)


def dollar(page: Page, pos: int) -> Span | None:
    """Return the span of `$…$` or `` $`…`$ ``, or None."""
    if match := _GITLAB.match(page.src, pos):
        return _formula(page, pos, match.end(), *match.span(1), display=False)
    match = _BODY.match(page.src, pos + 1, page.paragraph_end(pos))
    end = match.end() if match else pos + 1
    before, after = page.src[max(pos - 1, 0) : pos], page.src[end + 1 : end + 2]
    if match and page.src.startswith("$", end) and _is_formula(before, match[0], after):
        return _formula(page, pos, end + 1, pos + 1, end, display=False)
    if length := unclosed.tex_length(page.src, pos + 1):
        page.add_unclosed(
            pos, "math-unclosed", "$ is never closed", end=pos + 1 + length, hint=r"write \$ for the sign"
        )
    return None


def _formula(page: Page, start: int, end: int, tex_start: int, tex_end: int, *, display: bool) -> Span:
    return Span(SpanKind.FORMULA, start, end, tex_start, tex_end, page.quotes(start), display)


def _alone(page: Page, start: int, end: int) -> bool:
    """Whether a formula is alone on its lines."""
    return page.starts_line(start) and page.ends_line(end)


def _may_hold(page: Page, start: int, end: int) -> bool:
    """Whether the text between two `$$` is a formula, and not the text between two unrelated marks.

    A `#` or `+++` inside is TeX only if both marks are alone on their lines. After a blank line the text must read as TeX.
    """
    body = page.src[start + 2 : end]
    if not body.strip() or _SQL.match(body):
        return False
    if later := _LATER_LINE.search(body.rstrip("\n\t >")):
        braces = re.sub(r"\{[^{}]*\}", "", "\n" + later[1])
        return page.starts_line(start) and not NEW_BLOCK.search(body) and not _PROSE.search(braces)
    return not NEW_BLOCK.search(body) or (_opens_line(body) and page.ends_line(end + 2))


def _opens_line(body: str) -> bool:
    """Whether a body begins and ends with a line break."""
    return not body.partition("\n")[0].strip() and not body.rpartition("\n")[2].strip(" \t>")


def _is_formula(before: str, tex: str, after: str) -> bool:
    """Whether the text between two dollar signs is TeX, and not prices, shell variables or prose.

    `before` and `after` are the characters around the two signs.
    """
    body = tex.strip()
    if not body or NEW_BLOCK.search(tex) or tex.count("`") % 2:
        return False
    opens_next = after.isascii() and (after.isalnum() or after in ("_", "{"))
    if (opens_next and (tex[-1].isspace() or tex[-1] in _CJK_STOPS)) or (
        _VARIABLE.fullmatch(body) and (after.isupper() or after in ("_", "{"))
    ):
        return False
    if tex[0].isspace() != tex[-1].isspace() and (before.isdigit() or after in ("(", "\\", "`")):
        return False
    if _TEX_SIGN.search(body):
        return True
    if after.isdigit() or (opens_next and not (body[-1].isalnum() or body[-1] in ")'|!")):
        return False
    if _CJK.search(body):
        return bool(_OPERATOR.search(body)) and not body[0].isdigit()
    words = len(_WORD.findall(body))
    if body[0].isdigit() and words and not body.isalnum():
        return False
    return not (tex[-1].isspace() and words > 1)
