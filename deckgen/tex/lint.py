"""Find what Anki would not show as the author meant it. The TeX is checked as Anki gets it and is not changed."""

import re
from collections.abc import Iterator

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.tex import names
from deckgen.tex.finding import FormulaFinding
from deckgen.tex.source_map import SourceMappedText
from deckgen.tex.substitute import math_core_substitute
from deckgen.tex.tokens import COMMAND, TEXT_COMMANDS, argument, commands, option_end, text_parts, texts

_TOKEN = lazy_pattern(r"\\(begin|end)\s*\{([^{}]*)\}|\\(left|right|middle)(?![A-Za-z])|\\(?:[A-Za-z]+|.|\Z)|[{}]", re.S)
_DEFINES = lazy_pattern(
    r"\\(?:(?:re)?newcommand\*?|def|let|DeclareMathOperator\*?|newenvironment)\s*\{?\s*\\([A-Za-z]+)"
)
# Command → number of its arguments. Such a command needs braces if it is an argument.
_ARGUMENT_COUNTS = dict.fromkeys(
    "sqrt hat bar vec dot ddot tilde check acute grave breve widehat widetilde overline underline overbrace underbrace boxed"
    " mathrm mathbf mathit mathsf mathtt mathbb mathcal mathfrak mathscr boldsymbol operatorname phantom mathop".split(),
    1,
) | dict.fromkeys("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel".split(), 2)
_STRAY = lazy_pattern(r"\\(?:[A-Za-z]+|.)|([_^]\s*[_^]|#)", re.S)
# Formulas are not nested so deep in practice. math-core has no limit and would crash the process.
_MAX_DEPTH = 200
_SHOWN_IN_TEXT = "${}\\"
_HASH_SIGN = r"# has no meaning in a formula: write \# for the sign"
_CLEARER_MESSAGES = {
    'Found "&", which may only appear in a table-like environment.': r"& separates columns, but no environment with columns is open",
    "Expected argument but reached end of input.": "the formula ends before the argument comes",
}
_REFERENCE = lazy_pattern(r"\\(?:eq)?ref\s*\{")


class LintResult(Struct, frozen=True):
    """The findings. `unchecked` names the first command whose arguments cannot be checked."""

    findings: tuple[FormulaFinding, ...]
    unchecked: str = ""


def lint(tex: SourceMappedText) -> LintResult:
    """Check names, then nesting, then the grammar. Each check runs only if the checks before it find nothing."""
    findings = [*_texts(tex), *_commands(tex)]
    if not findings:
        findings = list(_nesting(tex.text)) or list(_arguments(tex.text))
    findings = [_at(tex, finding) for finding in findings]
    unchecked = _unchecked(tex.text)
    if not findings and not unchecked:
        findings = list(_grammar(tex))
    inner = [lint(tex[start:end]) for start, end in _math_in_text(tex.text)]
    findings += [finding for found in inner for finding in found.findings]
    return LintResult(tuple(findings), unchecked or next((found.unchecked for found in inner if found.unchecked), ""))


def _at(tex: SourceMappedText, finding: FormulaFinding) -> FormulaFinding:
    return FormulaFinding(tex.origin[finding.offset], True, finding.code, finding.message, finding.hint)


def _error(offset: int, code: str, message: str, hint: str = "") -> FormulaFinding:
    return FormulaFinding(offset, True, code, message, hint)


def _math_in_text(tex: str) -> Iterator[tuple[int, int]]:
    for start, end in texts(tex):
        yield from (part[:2] for part in text_parts(tex, start, end) if part[2])


def _texts(tex: SourceMappedText) -> Iterator[FormulaFinding]:
    r"""Find commands inside `\text`, which Anki shows as they are written, and dollar signs without a partner."""
    for start, end in texts(tex.text):
        for first, last, is_math in text_parts(tex.text, start, end):
            if not is_math:
                yield from _text_commands(tex.text, first, last)


def _text_commands(tex: str, start: int, end: int) -> Iterator[FormulaFinding]:
    pos = start
    while (pos := tex.find("\\", pos, end)) >= 0 and (match := COMMAND.match(tex, pos)):
        if match[0][1:] not in _SHOWN_IN_TEXT and not _REFERENCE.match(tex, pos):
            yield _error(
                pos,
                "tex-text",
                rf"{match[0]} inside \text shows as it is written",
                rf"end the \text before it, or write ${match[0]}$",
            )
        pos = match.end()
    if (dollar := re.search(r"(?<!\\)\$", tex[start:end])) is not None:
        yield _error(
            start + dollar.start(),
            "tex-text",
            r"$ inside \text opens math that is not closed",
            r"write \$ for the sign",
        )


def _commands(tex: SourceMappedText) -> Iterator[FormulaFinding]:
    """Find commands and environments that Anki does not know."""
    hidden = list(texts(tex.text)) + list(_verbatim(tex.text))
    defined = set(_DEFINES.findall(tex.text))
    for start, end, name in commands(tex.text):
        if name in defined or any(first <= start < last for first, last in hidden):
            continue
        if not name:
            yield _error(start, "tex-syntax", "a backslash at the end of the formula")
        elif not (name.isspace() or names.is_known_command(name)):
            instead = names.INSTEAD.get(name)
            yield _error(start, "tex-undefined", rf"Anki does not know \{name}", f"write {instead}" if instead else "")
        elif name == "begin" and (found := argument(tex.text, end)):
            environment = tex.text[found[0] : found[1]]
            if environment not in defined and not names.is_known_environment(environment):
                yield _error(start, "tex-environment", f"Anki does not know the environment {environment}")


def _verbatim(tex: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of arguments that are not math."""
    for _, end, name in commands(tex):
        if (names.anki_only_kind(name) == "verbatim" or name in ("label", "href", "verb")) and (
            found := argument(tex, end)
        ):
            yield found[:2]


def _nesting(tex: str) -> Iterator[FormulaFinding]:
    r"""Find the first brace, environment or `\left … \right` that is not closed in order."""
    stack: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(tex):
        token = match[1] or match[3] or match[0]
        if token in ("{", "left") or token == "begin":
            stack.append((match[2] if token == "begin" else token, match.start()))
            if len(stack) > _MAX_DEPTH:
                yield _error(match.start(), "tex-nesting", f"nested more than {_MAX_DEPTH} deep")
                return
        elif token == "middle":
            if not stack or stack[-1][0] != "left":
                yield _error(match.start(), "tex-nesting", r"\middle is not inside \left … \right")
                return
        elif token in ("}", "right", "end"):
            opener = {"}": "{", "right": "left"}.get(token, match[2])
            if not stack or stack[-1][0] != opener:
                yield _unmatched(match, stack)
                return
            stack.pop()
    if stack:
        name, start = stack[-1]
        yield _error(start, _code(name), f"{_shown(name)} is never closed")


def _unmatched(match: re.Match[str], stack: list[tuple[str, int]]) -> FormulaFinding:
    r"""Report a closing mark without an opening one. If a brace before `\right` or `\end` is open, report the brace."""
    if stack and stack[-1][0] == "{" and match[0] != "}" and any(name != "{" for name, _ in stack):
        return _error(stack[-1][1], "tex-brace", "{ is never closed")
    return _error(match.start(), "tex-brace" if match[0] == "}" else "tex-nesting", f"{match[0]} closes nothing")


def _code(name: str) -> str:
    return "tex-brace" if name == "{" else "tex-nesting"


def _shown(name: str) -> str:
    return {"{": "{", "left": r"\left"}.get(name, rf"\begin{{{name}}}")


def _arguments(tex: str) -> Iterator[FormulaFinding]:
    """Find commands that are an argument without braces and need arguments of their own. Anki does not read those."""
    for _, end, name in commands(tex):
        end += name == "operatorname" and tex.startswith("*", end)
        end = option_end(tex, end) if name == "sqrt" else end
        for _ in range(_ARGUMENT_COUNTS.get(name, 0)):
            if (found := argument(tex, end)) is None:
                break
            inner = tex[found[0] + 1 : found[1]]
            if (name, inner) == ("sqrt", "frac"):
                break
            if (
                tex[found[0] : found[0] + 1] == "\\"
                and found[1] == found[2]
                and (inner in _ARGUMENT_COUNTS or inner in TEXT_COMMANDS)
            ):
                yield _error(
                    found[0],
                    "tex-syntax",
                    rf"\{inner} needs braces around it and its arguments, as an argument of \{name}",
                )
                return
            end = found[2]


def _unchecked(tex: str) -> str:
    for _, end, name in commands(tex):
        if names.anki_only_kind(name) == "unchecked" or name in ("newcommand", "renewcommand", "def", "let"):
            return rf"\{name}"
        if name == "begin" and (found := argument(tex, end)) and names.is_unchecked(tex[found[0] : found[1]]):
            return tex[found[0] : found[1]]
    return ""


def _grammar(tex: SourceMappedText) -> Iterator[FormulaFinding]:
    """Find the first thing that math-core cannot read."""
    substitute = math_core_substitute(tex)
    if stray := next((m for m in _STRAY.finditer(substitute.text) if m[1]), None):
        message = _HASH_SIGN if stray[1] == "#" else f"{stray[1]} has nothing between its two signs"
        yield _error(substitute.origin[stray.start()], "tex-syntax", message)
    elif error := names.first_core_error(substitute.text):
        offset, message = error
        message = _CLEARER_MESSAGES.get(message, message.rstrip("."))
        yield _error(substitute.origin[_error_offset(substitute.text, offset)], "tex-syntax", message)


def _error_offset(tex: str, offset: int) -> int:
    """Return the offset of the error. If the formula ends too early, it is that of the last command or `_`, `^`, `&`."""
    if offset < len(tex):
        return offset
    return max((match.start() for match in re.finditer(r"\\(?:[A-Za-z]+|.)|[_^&]", tex)), default=0)
