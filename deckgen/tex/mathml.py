"""TeX set as MathML, by math-core."""

import re
from functools import cache

from math_core import LatexError, LatexToMathML

from deckgen.tex.rewrite import for_math_core

# Browsers set the combining arrow of \vec beside its letter.
_COMBINING_ARROW, _ARROW = '<mo stretchy="false">\u20d7</mo>', '<mo stretchy="false">→</mo>'
# math-core reads what is nested by recursion, without a bound: some thousands deep it takes the whole process with it.
_OPENING, _MOST = re.compile(r"[{\\]"), 2000
_CORE = LatexToMathML(annotation=True, fancy_error=False)


@cache
def mathml(tex: str, display: bool) -> tuple[str, str]:
    """The MathML of a formula as Anki gets it, with the TeX as an annotation; or why there is none."""
    if len(_OPENING.findall(tex)) > _MOST:
        return "", f"it has more than {_MOST} commands and braces"
    try:
        html = _CORE.convert_with_local_state(for_math_core(tex), displaystyle=display)
    except LatexError as error:
        return "", "math-core: " + str(error).partition(": ")[2].rstrip(".")
    return html.replace(_COMBINING_ARROW, _ARROW), ""
