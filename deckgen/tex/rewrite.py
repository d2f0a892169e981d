"""Rewrite TeX that Anki does not know or misreads, if its meaning is clear."""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.tex.finding import FormulaFinding
from deckgen.tex.source_map import Edit, SourceMappedText
from deckgen.tex.tokens import argument, commands, text_parts, texts

_SYNONYMS = {"bm": r"\boldsymbol", "argmax": r"\operatorname*{arg\,max}", "argmin": r"\operatorname*{arg\,min}"}
_TEXT_ESCAPE = lazy_pattern(r"\\([_%&# ])")
# math-core would show a star or a distance after the end of a row as text.
_ROW = lazy_pattern(r"(\\\\)(?:\*?\s*\[-?[\d.]+\s*[a-z]{2}\]|\*)|\\.", re.S)
_BARE_IN_TEXT = lazy_pattern(r"(?<!\\)[_%&#^~]")
# Anki's MathJax numbers no rows.
_NUMBERED = lazy_pattern(r"(\\(?:begin|end)\{(?:align|equation|gather|multline))\}")
# After the second backslash of a row's end, these look like delimiters of formulas to Anki's editor. `\\*` ends a row as
# `\\` does.
_BRACKETS = set("()[]")
_PAIR = lazy_pattern(r"\\.", re.S)


def rewrite(tex: SourceMappedText) -> tuple[SourceMappedText, list[FormulaFinding]]:
    """Return the TeX with commands of other systems replaced by those of Anki, and a finding for each."""
    edits = list(_synonyms(tex.text))
    findings = [
        FormulaFinding(tex.origin[start], False, "tex-rewritten", f"{tex.text[start:end]} is written {new} for Anki")
        for start, end, new in edits
    ]
    return tex.edit(edits), findings


def for_anki(tex: SourceMappedText) -> SourceMappedText:
    """Return TeX that Anki's MathJax and editor read as the author meant it. It is not escaped for HTML."""
    if "\\" not in tex.text:
        return tex
    tex = tex.edit(
        (m.start(), m.end(), m[1]) for part in _text_parts(tex.text) for m in _TEXT_ESCAPE.finditer(tex.text, *part)
    )
    if r"\\" not in tex.text:
        return tex
    ends = [m.end() for m in _PAIR.finditer(tex.text) if m[0] == r"\\"]
    return tex.edit(
        (end, end, "*" if tex.text[end] == "[" else " ") for end in ends if tex.text[end : end + 1] in _BRACKETS
    )


def for_math_core(tex: str) -> str:
    """Return TeX for math-core from TeX for Anki: special characters in text escaped, rows without numbers and distances."""
    tex = _NUMBERED.sub(r"\1*}", tex)
    mapped = SourceMappedText.of(_ROW.sub(lambda m: m[1] or m[0], tex))
    bare = (m for part in _text_parts(mapped.text) for m in _BARE_IN_TEXT.finditer(mapped.text, *part))
    return mapped.edit((m.start(), m.end(), "\\" + m[0]) for m in bare).text


def _text_parts(tex: str) -> list[tuple[int, int]]:
    """Return start and end of each stretch of text, without the math inside it."""
    return [part[:2] for found in texts(tex) for part in text_parts(tex, *found) if not part[2]]


def _synonyms(tex: str) -> Iterator[Edit]:
    if "\\" not in tex:
        return
    inside = list(texts(tex)) if r"\textcircled" in tex else []
    for start, end, name in commands(tex):
        if name in _SYNONYMS:
            yield start, end, _SYNONYMS[name]
        elif name == "textcircled" and (found := argument(tex, end)) and (sign := _circled(tex[found[0] : found[1]])):
            in_text = any(first <= start < last for first, last in inside)
            yield start, found[2], sign if in_text else rf"\text{{{sign}}}"


def _circled(label: str) -> str:
    """Return the character for a circled number (0 to 20) or letter, or an empty text."""
    label = label.strip()
    if label.isdecimal() and label.isascii() and int(label) <= 20:
        return chr(0x245F + int(label)) if int(label) else "⓪"
    if len(label) == 1 and label.isascii() and label.isalpha():
        return chr((0x24B6 - ord("A") if label.isupper() else 0x24D0 - ord("a")) + ord(label))
    return ""
