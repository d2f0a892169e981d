"""TeX source on its way from a note to a field: what is not TeX is taken off, what Anki misreads is rewritten."""

import re
from html import escape

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&nbsp;": " "}
_ENTITY = re.compile("|".join(_ENTITIES))
_TEXT_COMMAND = re.compile(r"\\(?:text(?:rm|bf|it|sf|tt|normal|md|up)?|mbox|hbox)\s*\{")
_TEXT_ESCAPE = re.compile(r"\\([_%&#])")


def plain_tex(body: str, prefix: str) -> str:
    """The TeX between two delimiters, without what belongs to the containers around it.

    `prefix` is what stands before the opening delimiter on its line: blockquote markers and indentation, which are
    taken from every later line too. Blank lines and TeX comments go as well, since a field is not read line by line.
    """
    quotes = prefix.count(">")
    lines = [re.sub(rf"^(?:[ \t]*>){{1,{quotes}}}", "", line) if quotes else line for line in body.split("\n")]
    lines = [lines[0], *(line.lstrip() for line in lines[1:])]
    lines = [_COMMENT.sub(r"\1", line) if "%" in line else line for line in lines]
    tex = "\n".join(line.rstrip() for line in lines if line.strip())
    tex = _ENTITY.sub(lambda m: _ENTITIES[m[0]], tex) if "&" in tex else tex
    # A backslash before the closing delimiter is a control space: it needs the space.
    stripped = tex.strip()
    return stripped + " " if re.search(r"(?<!\\)(?:\\\\)*\\$", stripped) else stripped


def anki_tex(tex: str) -> str:
    """TeX that Anki's MathJax and editor read as the author meant it; not yet escaped for HTML."""
    tex = _unescape_text(tex) if "\\text" in tex or "box" in tex else tex
    # Anki's editor would take these for delimiters of formulas; `\\*` breaks the line just as `\\` does.
    tex = re.sub(r"\\\\(\s*\[)", r"\\\\*\1", tex) if "\\\\" in tex else tex
    return re.sub(r"\\\\([()\]])", r"\\\\ \1", tex) if "\\\\" in tex else tex


def field_math(tex: str, display: bool) -> str:
    """A formula as a field holds it: Anki's MathJax delimiters around escaped TeX."""
    body = escape(anki_tex(tex), quote=False)
    return f"\\[{body}\\]" if display else f"\\({body}\\)"


def _unescape_text(tex: str) -> str:
    """Take the backslash from `\\_ \\% \\& \\#` inside `\\text`-like arguments, where Anki would show it."""
    parts, pos = [], 0
    while match := _TEXT_COMMAND.search(tex, pos):
        end = _group_end(tex, match.end())
        parts += [tex[pos : match.end()], _TEXT_ESCAPE.sub(r"\1", tex[match.end() : end])]
        pos = end
    return "".join([*parts, tex[pos:]])


def _group_end(tex: str, pos: int) -> int:
    """The offset of the brace that closes the group opened just before `pos`, or the end."""
    depth = 1
    for match in re.compile(r"\\.|[{}]", re.S).finditer(tex, pos):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if not depth:
            return match.start()
    return len(tex)
