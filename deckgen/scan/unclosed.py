r"""Decide whether TeX follows a `$` that is never closed, as in `$E_k = \frac12 mv^2 is the kinetic energy`.

Prices (`$5`), variables of a shell or a programming language (`$HOME`, `$1`, `${x}`, `$user_name`), jQuery's `$(…)` and the
`$` at the end of a regular expression are not TeX.
"""

import re

from deckgen.lazy_patterns import lazy_pattern
from deckgen.tex import names

# The text up to the first prose: two letters after a space without a sign of TeX after them, or Chinese.
_STRETCH = lazy_pattern(
    r"(?:\\[A-Za-z]++|\\[^\n()\[\]]|(?<![ \t])[A-Za-z]++|[A-Za-z](?![A-Za-z])|[A-Za-z]++(?=[_^{])|[^\\A-Za-z\n$\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])++"
)
_COMMAND = lazy_pattern(r"\\([A-Za-z]{2,})")
# x_1, mv^2, a_{ij}, )^2: a single letter, a short factor or a closing sign, then one sign or a group.
_SCRIPT = lazy_pattern(
    r"(?:(?<![\w.#>'\"-])(?:[A-Za-z](?=[_^])|(?:\d+|[A-Za-z]{1,3})(?=\^))|[})])[_^](?:[A-Za-z0-9](?!\w)|[{\\])", re.A
)
# A variable and the signs that may follow it, or a call.
_VARIABLE = lazy_pattern(r"[A-Za-z]{2}\w*(?::\w+)?[\\/.]|\(|\{[A-Za-z_]\w*[}:\[]|\s*\Z")


def tex_length(source: str, pos: int) -> int:
    """Return the number of characters from `pos` on that read as TeX, 0 if none. `pos` is after the dollar sign."""
    match = _STRETCH.match(source, pos)
    if match is None:
        return 0
    tex = match[0].rstrip()
    has_command = any(names.is_known_command(command) for command in _COMMAND.findall(tex))
    if _VARIABLE.match(tex) and not (has_command and tex[0] in "({"):
        return 0
    if tex[:1].isspace() and not _COMMAND.match(tex.lstrip()):
        return 0
    return len(tex) if has_command or _SCRIPT.search(tex) else 0
