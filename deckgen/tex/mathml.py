"""Convert TeX to MathML with math-core."""

import re
from functools import cache

from math_core import LatexError, LatexToMathML

from deckgen.tex.rewrite import for_math_core

# Browsers show the combining arrow of \vec next to its letter, not above it.
_COMBINING_ARROW, _ARROW = '<mo stretchy="false">\u20d7</mo>', '<mo stretchy="false">→</mo>'
# math-core reads nested groups by recursion without a limit: some thousands of levels crash the process.
_OPENING, _MOST = re.compile(r"[{\\]"), 2000
_CORE = LatexToMathML(annotation=True, fancy_error=False)


@cache
def mathml(tex: str, display: bool) -> tuple[str, str]:
    """Return the MathML of a formula, with its TeX as an annotation, and an empty reason.

    If the formula cannot be converted, return an empty text and the reason.
    """
    if len(_OPENING.findall(tex)) > _MOST:
        return "", f"it has more than {_MOST} commands and braces"
    try:
        html = _CORE.convert_with_local_state(for_math_core(tex), displaystyle=display)
    except LatexError as error:
        return "", "math-core: " + str(error).partition(": ")[2].rstrip(".")
    return html.replace(_COMBINING_ARROW, _ARROW), ""
