"""One scan of Markdown source that knows fences, code, comments, tags, front matter and math.

Formulas are found in the raw source, before Markdown sees it, because no Markdown extension finds them well: the same
scan tells the parser which lines open nothing, and the renderer what to mask. Every rule is a function
`(src, pos) -> Span | None`, and a span's offsets are into the text as given.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from deckgen.tex import plain_tex


class SpanKind(Enum):
    FRONT_MATTER = auto()
    FENCE = auto()
    INDENTED = auto()
    CODE = auto()
    COMMENT = auto()
    VERBATIM = auto()  # tags with their attributes, autolinks, link destinations
    FORMULA = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `[start, end)` of the source that is not plain Markdown text.

    A formula also holds its TeX, freed of delimiters, container prefixes and comments, and whether it is displayed.
    """

    kind: SpanKind
    start: int
    end: int
    tex: str = ""
    display: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was opened and never closed, at an offset."""

    offset: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Scan:
    spans: tuple[Span, ...]
    faults: tuple[Fault, ...]

    def covering(self, offset: int) -> Span | None:
        """The span that holds the character at `offset`."""
        i = bisect_right(self.spans, offset, key=lambda span: span.start) - 1
        return self.spans[i] if i >= 0 and offset < self.spans[i].end else None


_PREFIX = re.compile(r"(?:[ \t]*>)*[ \t]*")
_FENCE = re.compile(r"(`{3,})([^`\n]*)$|(~{3,})([^\n]*)$", re.M)
_CONTAINER = re.compile(r"(?:[*+-]|\d+[.)])[ \t]|!!!|\?\?\?|===[!+]? |\[\^[^\]]+\]:|:[ \t]")
_BLANK_LINE = re.compile(r"\n[ \t>]*(?=\n|\Z)")
_ENVIRONMENTS = "equation|align|gather|multline|eqnarray|alignat|flalign|aligned|gathered|alignedat|split|cases|array|[pbBvV]?matrix|smallmatrix"
_BARE_ENVIRONMENT = re.compile(r"\\begin\{((?:%s)\*?)\}" % _ENVIRONMENTS)
_NEXT = re.compile(r"\n|\\|`+|<|\$|\]\(")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_RAW_CODE = re.compile(r"<(pre|code|script|style|textarea|svg)\b[^>]*>.*?</\1\s*>", re.S | re.I)
_ATTRIBUTE = r"""\s+[a-zA-Z_:@][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_TAG = re.compile(rf"</?[a-zA-Z][\w:-]*(?:{_ATTRIBUTE})*\s*/?>|<[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>]*>", re.A)
_DESTINATION = re.compile(r"\]\((?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)")
_INLINE_BODY = re.compile(r"(?:[^\\$]++|\\.)++", re.S)
_DOUBLE_BODY = re.compile(r"(?:[^\\$]++|\\.|\$(?!\$))++", re.S)
_GITLAB = re.compile(r"\$`([^`\n]+)`\$")
_NEW_BLOCK = re.compile(r"\n[ \t>]*(?:#{1,6}[ \t]|`{3}|~{3}|\+{3}|</?[a-zA-Z])")
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_TEX_SIGN = re.compile(r"[\\^_{}]")
_OPERATOR = re.compile(r"[\\^_{}=<>+*/|-]")
_WORD = re.compile(r"[A-Za-z]{2,}")


def scan(src: str) -> Scan:
    """All spans of a note file or of a part of one, in order; they do not overlap."""
    return _Scanner(src).run()


class _Scanner:
    """The position, and what the lines before it say about indented code: the nesting of lists, and blank lines."""

    def __init__(self, src: str):
        self.src = src
        self.depth = 0
        self.after_blank = True
        self.faults: list[Fault] = []
        self._paragraph_end = -1

    def run(self) -> Scan:
        return Scan(tuple(self._spans()), tuple(self.faults))

    def _spans(self) -> Iterator[Span]:
        pos = 0
        if front := _front_matter(self.src):
            yield front
            pos = front.end
        at_line_start = True
        while pos < len(self.src):
            span = self._block(pos) if at_line_start else None
            at_line_start = False
            if span is None:
                match = _NEXT.search(self.src, pos)
                if match is None:
                    return
                pos = match.start()
                span = self._inline(pos)
            if span is not None:
                yield span
                pos = span.end
                continue
            pos = match.end()
            at_line_start = match[0] == "\n"
            if match[0] == "\\":
                # An escaped line break must still start a line.
                pos += not self.src.startswith("\n", pos)

    def _block(self, pos: int) -> Span | None:
        """A span that only the start of a line can open."""
        src = self.src
        text_start = _PREFIX.match(src, pos).end()
        if text_start == len(src) or src[text_start] == "\n":
            self.after_blank = True
            return None
        prefix = src[pos:text_start]
        level = len(prefix[prefix.rfind(">") + 1 :].expandtabs(4)) // 4
        if self.after_blank:
            if level > self.depth and not self._closes_paragraph(pos):
                return self._indented(pos)
            self.depth = min(self.depth, level)
        if _CONTAINER.match(src, text_start):
            self.depth = level + 1
        self.after_blank = False
        if fence := self._fence(text_start, prefix):
            return fence
        return self._environment(text_start, prefix)

    def _closes_paragraph(self, pos: int) -> bool:
        return pos == 0 and not self.src.startswith(("    ", "\t"))

    def _indented(self, pos: int) -> Span:
        end = self.src.find("\n", pos)
        return Span(SpanKind.INDENTED, pos, len(self.src) if end < 0 else end)

    def _fence(self, pos: int, prefix: str) -> Span | None:
        match = _FENCE.match(self.src, pos)
        if match is None:
            return None
        mark, info = (match[1], match[2]) if match[1] else (match[3], match[4])
        closing = re.compile(rf"^[ \t>]*{mark[0]}{{{len(mark)},}}[ \t]*$", re.M)
        closer = closing.search(self.src, match.end())
        end = closer.end() if closer else len(self.src)
        if closer is None:
            self.faults.append(Fault(pos, "fence-unclosed", f"the code fence {mark} is never closed"))
        body = self.src[match.end() : closer.start() if closer else end]
        if info.strip() == "math":
            return Span(SpanKind.FORMULA, pos, end, plain_tex(body, prefix), display=True)
        return Span(SpanKind.FENCE, pos, end)

    def _environment(self, pos: int, prefix: str) -> Span | None:
        match = _BARE_ENVIRONMENT.match(self.src, pos)
        if match is None:
            return None
        closer = f"\\end{{{match[1]}}}"
        end = self.src.find(closer, match.end())
        if end < 0 or _NEW_BLOCK.search(self.src, pos, end):
            self.faults.append(Fault(pos, "math-unclosed", f"{match[0]} is never closed"))
            return None
        end += len(closer)
        return Span(SpanKind.FORMULA, pos, end, plain_tex(self.src[pos:end], prefix), display=True)

    def _inline(self, pos: int) -> Span | None:
        match self.src[pos]:
            case "`":
                return self._code(pos)
            case "<":
                return self._angle(pos)
            case "$":
                return self._double(pos) if self.src.startswith("$$", pos) else self._single(pos)
            case "\\":
                return self._backslash(pos)
            case "]":
                match = _DESTINATION.match(self.src, pos)
                return Span(SpanKind.VERBATIM, pos + 1, match.end()) if match else None
        return None

    def _code(self, pos: int) -> Span | None:
        ticks = re.compile(r"`+").match(self.src, pos)[0]
        closing = re.compile(rf"(?<!`){ticks}(?!`)")
        closer = closing.search(self.src, pos + len(ticks), self._end_of_paragraph(pos))
        return Span(SpanKind.CODE, pos, closer.end()) if closer else None

    def _angle(self, pos: int) -> Span | None:
        if self.src.startswith("<!--", pos):
            match = _COMMENT.match(self.src, pos)
            if match is None:
                self.faults.append(Fault(pos, "comment-unclosed", "the comment <!-- is never closed"))
                return None
            return Span(SpanKind.COMMENT, pos, match.end())
        if match := _RAW_CODE.match(self.src, pos):
            return Span(SpanKind.CODE, pos, match.end())
        match = _TAG.match(self.src, pos)
        return Span(SpanKind.VERBATIM, pos, match.end()) if match else None

    def _backslash(self, pos: int) -> Span | None:
        for opener, closer, display in ((r"\(", r"\)", False), (r"\[", r"\]", True)):
            if self.src.startswith(opener, pos):
                end = self._closing(closer, pos + 2)
                body = self.src[pos + 2 : end]
                # `\[1\]` in running text is an escaped bracket of Markdown, not a formula.
                if end < 0 or not body.strip() or (display and not (self._starts_line(pos) or _OPERATOR.search(body))):
                    return None
                return Span(SpanKind.FORMULA, pos, end + 2, plain_tex(body, self._prefix(pos)), display)
        return None

    def _closing(self, closer: str, pos: int) -> int:
        """The offset of the next `\\)` or `\\]` of the paragraph whose backslash is not itself escaped, or -1."""
        body = re.compile(rf"(?:[^\\]|\\(?!{re.escape(closer[1])}).)*", re.S).match(
            self.src, pos, self._end_of_paragraph(pos)
        )
        return body.end() if self.src.startswith(closer, body.end()) else -1

    def _double(self, pos: int) -> Span | None:
        body = _DOUBLE_BODY.match(self.src, pos + 2)
        end = body.end() if body else pos + 2
        if body and self.src.startswith("$$", end) and self._may_hold(pos, body[0]):
            return Span(SpanKind.FORMULA, pos, end + 2, plain_tex(body[0], self._prefix(pos)), display=True)
        if self._starts_line(pos):
            self.faults.append(Fault(pos, "math-unclosed", "$$ is never closed"))
        return Span(SpanKind.VERBATIM, pos, pos + 2)

    def _may_hold(self, pos: int, body: str) -> bool:
        """Whether display math may hold the text: blank lines only in a block of its own, and no other block."""
        if not body.strip():
            return False
        if not _BLANK_LINE.search(body.strip()):
            return True
        return self._starts_line(pos) and not _NEW_BLOCK.search(body) and not re.search(r"(?<!\\)\$", body)

    def _single(self, pos: int) -> Span | None:
        if match := _GITLAB.match(self.src, pos):
            return Span(SpanKind.FORMULA, pos, match.end(), plain_tex(match[1], ""))
        end = pos
        limit = self._end_of_paragraph(pos)
        while True:
            body = _INLINE_BODY.match(self.src, end + 1, limit)
            if body is None or not self.src.startswith("$", body.end()):
                return None
            end = body.end()
            tex = self.src[pos + 1 : end]
            if not _inside_text(tex):
                break
        after = self.src[end + 1 : end + 2]
        if not _is_formula(tex, after):
            return None
        return Span(SpanKind.FORMULA, pos, end + 1, plain_tex(tex, self._prefix(pos)))

    def _end_of_paragraph(self, pos: int) -> int:
        if self._paragraph_end < pos:
            match = _BLANK_LINE.search(self.src, pos)
            self._paragraph_end = match.start() if match else len(self.src)
        return self._paragraph_end

    def _prefix(self, pos: int) -> str:
        start = self.src.rfind("\n", 0, pos) + 1
        return _PREFIX.match(self.src, start, pos)[0]

    def _starts_line(self, pos: int) -> bool:
        start = self.src.rfind("\n", 0, pos) + 1
        return start + len(self._prefix(pos)) == pos


def _front_matter(src: str) -> Span | None:
    """A first block between two `---` (YAML) or `+++` (TOML) lines."""
    match = re.match(r"(---|\+\+\+)[ \t]*\n(?:.*?\n)??(?:\1|\.\.\.)[ \t]*(?=\n|\Z)", src, re.S)
    if match is None or (match[1] == "+++" and not re.match(r"\+\+\+[ \t]*\n\s*(?:#|\[|[\w\"-]+\s*=)", src)):
        return None
    return Span(SpanKind.FRONT_MATTER, 0, match.end())


def _inside_text(tex: str) -> bool:
    """Whether the TeX ends inside an open `\\text{`, where a dollar sign opens math again."""
    opened = max((m.end() for m in re.finditer(r"\\(?:text\w*|mbox)\s*\{", tex)), default=-1)
    if opened < 0:
        return False
    rest = re.sub(r"\\.", "", tex[opened:])
    return rest.count("{") >= rest.count("}")


def _is_formula(tex: str, after: str) -> bool:
    """Whether what stands between two dollar signs is TeX: not prices, shell variables or prose.

    `after` is the character behind the second dollar sign.
    """
    body = tex.strip()
    if not body or _NEW_BLOCK.search(tex):
        return False
    if _TEX_SIGN.search(body):
        return not (tex[-1].isspace() and _CJK.search(body) and after.isalnum() and after.isascii())
    if after.isdigit():
        return False
    if after.isascii() and (after.isalpha() or after in "_{") and not (body[-1].isalnum() and tex[-1] == body[-1]):
        return False
    if re.fullmatch(r"[A-Z_][A-Z0-9_]+\W*", body) and after.isascii() and after.isupper():
        return False
    if _CJK.search(body):
        return bool(_OPERATOR.search(body)) and not body[0].isdigit()
    if body[0].isdigit() and _WORD.search(body):
        return False
    return not (tex[-1].isspace() and not tex[0].isspace() and len(_WORD.findall(body)) > 1)
