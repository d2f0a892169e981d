r"""Math that an author wrote as plain text, or that a converter left in pieces: `O(n2)`, `*d**ff*`, `x^2`, `\alpha`.

It is shown as it is written. What it would be as TeX is said, and nothing is changed.
"""

import re
from collections.abc import Iterator

from deckgen.cjk import CJK
from deckgen.lazy_patterns import lazy_pattern

_COMPLEXITY = lazy_pattern(r"(?<![A-Za-z\\])[OΘΩ]\(((?:[^()\n\0，。；]|\([^()\n\0]*\)){2,40})\)")
_MARKED = lazy_pattern(r"[\^*²³_⋅·×√∣]|[A-Za-z]\d|log|sqrt")
# `n^2^` is a superscript, which cards show.
_SUPERSCRIPT = lazy_pattern(r"\^\w+\^")
_CJK = lazy_pattern(f"[{CJK}]")
_SUBSCRIPT = lazy_pattern(r"(?<![*\w])\*([A-Za-z])\*\*([A-Za-z0-9]{1,12})\*(?![*\w])")
_POWER = lazy_pattern(
    r"(?<![\w\\^\[./$])(\d+(?:\.\d+)?|[A-Za-z]|[A-Za-z]+_[A-Za-z]+)\^(\{[^{}\n]*\}|-?[A-Za-z0-9]+)(?![\w^])"
)
_COMMAND = lazy_pattern(
    r"(?<![\w\\:])\\(?:frac|sqrt|sum|prod|int|alpha|beta|gamma|theta|lambda|sigma|mu|pi|epsilon|mathbb|mathbf|mathcal|mathrm|text"
    r"|operatorname|times|cdot|leq?|geq?|infty|log|exp|max|min|partial|nabla)(?![A-Za-z])(?:[_^]?\{[^{}\n]*\})*"
)
_TIMES = dict.fromkeys("·⋅*", r" \cdot ")
_GLYPHS = {"²": "^2", "³": "^3", "∣": "|", "√": r"\sqrt ", "×": r" \times "} | _TIMES


def pseudo_math(visible: str) -> Iterator[tuple[int, str, str]]:
    """Offset, what is written, and the TeX to write instead. `visible` is text with code, formulas and links made NUL."""
    done = 0
    found = [*_complexities(visible)]
    # Most texts have none of these signs.
    found += [
        *(_subscripts(visible) if "*" in visible else ()),
        *(_powers(visible) if "^" in visible else ()),
        *(_commands(visible) if "\\" in visible else ()),
    ]
    for start, written, tex in sorted(found):
        if start >= done:
            yield start, written, tex
            done = start + len(written)


def _complexities(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _COMPLEXITY.finditer(text):
        inner = match[1].strip()
        if not _MARKED.search(_SUPERSCRIPT.sub("", inner)) or _CJK.search(inner):
            continue
        name = {"Θ": r"\Theta", "Ω": r"\Omega"}.get(match[0][0], "O")
        yield match.start(), match[0], f"${name}({_tex(inner)})$"


def _tex(plain: str) -> str:
    """`n2 * d` as `n^2 \\cdot d`."""
    tex = re.sub(r"(?<![A-Za-z\\])([A-Za-z])(\d+)(?![\w.])", r"\1^\2", plain)
    tex = re.sub(r"\^(\w+)\^?", lambda m: "^" + _group(m[1]), tex)
    tex = re.sub(r"(?<![A-Za-z\\])sqrt\(([^()]*)\)", r"\\sqrt{\1}", tex)
    tex = re.sub(r"(?<!\\)log ?(?=[A-Za-z])", r"\\log ", tex)
    tex = re.sub(r"(?<!\\)log(?![A-Za-z ])", r"\\log", tex)
    return re.sub(r"(?:(?<!\s)\s++)?([²³∣√·⋅*×])\s*+", lambda m: _GLYPHS[m[1]], tex).strip()


def _subscripts(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _SUBSCRIPT.finditer(text):
        name, mark = match[1], match[2]
        sign = "^" if (mark.isdecimal() and name in "nNxyd") or mark.isupper() else "_"
        yield match.start(), match[0], f"${name}{sign}{_group(mark)}$"


def _powers(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _POWER.finditer(text):
        base, _, low = match[1].partition("_")
        base = rf"{base}_{_group(low)}" if low else base
        yield match.start(), match[0], f"${base}^{_group(match[2].strip('{}'))}$"


def _commands(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _COMMAND.finditer(text):
        yield match.start(), match[0], f"${match[0]}$"


def _group(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"
