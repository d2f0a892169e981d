r"""Macros of deck.toml: `norm = '\lVert #1 \rVert'` makes `\norm{x}` shorthand, expanded while building.

Anki never sees a macro, so cards need no definitions.
"""

import re
from collections.abc import Iterator, Mapping

from deckgen.lazy_patterns import lazy_pattern
from deckgen.tex.finding import FormulaFinding
from deckgen.tex.source_map import Edit, SourceMappedText
from deckgen.tex.tokens import COMMAND, argument, commands

NAME = lazy_pattern(r"[A-Za-z]+")
_LONGEST = 20_000
_PARAMETER = lazy_pattern(r"\\.|#(.?)", re.S)


def arity(body: str) -> int:
    """Return the number of arguments of a macro: its highest parameter."""
    return max((int(m[1]) for m in _PARAMETER.finditer(body) if m[1]), default=0)


def macro_errors(macros: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each macro that cannot be expanded, and the reason."""
    for name, body in macros.items():
        if not NAME.fullmatch(name):
            yield name, "the name of a macro is made of the letters A to Z and a to z, without a backslash"
        elif any((m[1] is not None and m[1] not in "123456789") or m[0] == "#" for m in _PARAMETER.finditer(body)):
            yield name, r"# is followed by a digit from 1 to 9; write \# for the sign itself"
        elif name in (path := _used_macros(name, macros)):
            yield name, f"the macro uses itself ({', '.join(sorted(path))})"


def expand(tex: SourceMappedText, macros: Mapping[str, str]) -> tuple[SourceMappedText, list[FormulaFinding]]:
    """Return the TeX with its macros expanded, and a finding for each macro without its arguments (it stays).

    `macros` must have no `macro_errors`.
    """
    findings: list[FormulaFinding] = []
    while edits := list(_expansions(tex, macros, findings)):
        tex = tex.edit(edits)
        if len(tex.text) > _LONGEST:
            message = f"with its macros expanded the formula has over {_LONGEST} characters"
            return tex[:0], [FormulaFinding(0, True, "tex-macro", message)]
    return tex, findings


def _used_macros(name: str, macros: Mapping[str, str]) -> set[str]:
    """Return the macros that a macro uses, directly or through others."""
    found: set[str] = set()
    left = [name]
    while left:
        used = {used for _, _, used in commands(macros[left.pop()]) if used in macros} - found
        found |= used
        left += used
    return found


def _expansions(tex: SourceMappedText, macros: Mapping[str, str], findings: list[FormulaFinding]) -> Iterator[Edit]:
    """Yield the edits for the outermost macros. Macros in their arguments are expanded in the next round."""
    done = 0
    for start, end, name in commands(tex.text):
        if start < done or name not in macros:
            continue
        arguments, after = _arguments(tex, end, arity(macros[name]))
        if arguments is None:
            finding = FormulaFinding(
                tex.origin[start], True, "tex-macro", _missing_arguments_message(name, macros[name])
            )
            findings += [finding] if finding not in findings else []
            continue
        new = _fill_parameters(
            SourceMappedText(macros[name], (tex.origin[start],) * (len(macros[name]) + 1)), arguments
        )
        yield start, after, _with_separator(new, tex.text[after : after + 1])
        done = after


def _missing_arguments_message(name: str, body: str) -> str:
    count = arity(body)
    return rf"\{name} takes {count} argument{'s' if count > 1 else ''}"


def _arguments(tex: SourceMappedText, pos: int, count: int) -> tuple[list[SourceMappedText] | None, int]:
    found = []
    for _ in range(count):
        if (place := argument(tex.text, pos)) is None:
            return None, pos
        found.append(tex[place[0] : place[1]])
        pos = place[2]
    return found, pos


def _fill_parameters(body: SourceMappedText, arguments: list[SourceMappedText]) -> SourceMappedText:
    """Return a macro's body with its parameters replaced. A command is kept apart from a letter that follows it."""
    edits: list[Edit] = []
    for match in _PARAMETER.finditer(body.text):
        if match[1]:
            argument = _with_separator(arguments[int(match[1]) - 1], body.text[match.end() : match.end() + 1])
            before = _with_separator(body[: match.start()], argument.text[:1])
            glue = before.text[match.start() :]
            edits += [(match.start(), match.start(), glue)] if glue else []
            edits.append((match.start(), match.end(), argument))
    return body.edit(edits)


def _with_separator(tex: SourceMappedText, after: str) -> SourceMappedText:
    """Return the text, with a space at its end if `after` would lengthen the name of its last command."""
    if not (after.isascii() and after.isalpha()):
        return tex
    *_, last = [None, *COMMAND.finditer(tex.text)]
    if last and last[1] and last.end() == len(tex.text):
        return tex.edit([(len(tex.text), len(tex.text), " ")])
    return tex
