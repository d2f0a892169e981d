"""Prepare TeX for Anki: remove what is not TeX, expand macros, rewrite, check."""

import re
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.tex.cleanup import clean_tex
from deckgen.tex.finding import FormulaFinding
from deckgen.tex.lint import lint
from deckgen.tex.macros import expand
from deckgen.tex.rewrite import for_anki, for_math_core, rewrite
from deckgen.tex.source_map import SourceMappedText
from deckgen.tex.tokens import OPAQUE

__all__ = ["FormulaFinding", "Prepared", "Preparer", "for_math_core"]

Ranges = tuple[tuple[int, int], ...]
_LAST_COMMENT = lazy_pattern(r"\\.|(%)[^\n]*\Z", re.S)
_OPAQUE_SIGN = lazy_pattern(f"[{OPAQUE}-\U0010fffd]")


class Prepared(Struct, frozen=True):
    """A formula as Anki gets it, and the findings about it.

    `unchecked` names a command or environment whose arguments cannot be checked. It is empty if all was checked.
    """

    tex: str
    findings: tuple[FormulaFinding, ...]
    unchecked: str = ""


class Preparer:
    """Prepare formulas with the macros of one deck. Each formula is prepared once."""

    def __init__(self, macros: Mapping[str, str]):
        self._macros = macros
        self.prepare = lru_cache(maxsize=None)(self._prepare)

    def _prepare(self, raw: str, quotes: int = 0, opaque: Ranges = ()) -> Prepared:
        """Return `raw`, the text between two delimiters, prepared for Anki.

        `quotes` is the number of blockquote markers before each line after the first. The ranges `opaque` (offsets in
        `raw`) stay as they are and are not checked. Offsets of findings are offsets in `raw`.
        """
        mapped = SourceMappedText.of(raw).edit(
            (start, end, chr(ord(OPAQUE) + i)) for i, (start, end) in enumerate(opaque)
        )
        comment = next((m.start() for m in _LAST_COMMENT.finditer(raw) if m[1]), None)
        mapped, macro_findings = expand(clean_tex(mapped, quotes), self._macros)
        mapped, rewritten = rewrite(mapped)
        mapped = for_anki(mapped)
        found = lint(mapped.sub(_OPAQUE_SIGN, "") if opaque else mapped)
        tex = mapped.text
        for i, (start, end) in enumerate(opaque):
            tex = tex.replace(chr(ord(OPAQUE) + i), raw[start:end])
        if comment is not None:
            macro_findings.append(
                FormulaFinding(
                    comment, True, "tex-comment", "% hides the rest of the formula", r"write \% for the sign"
                )
            )
        # A macro without its arguments stays in the text. It must not be reported as undefined too.
        known = {finding.offset for finding in macro_findings}
        findings = [finding for finding in found.findings if finding.offset not in known]
        return Prepared(tex, (*macro_findings, *rewritten, *findings), found.unchecked)
