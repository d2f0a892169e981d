"""Cards on one line: `front :: back`, `front ::: back` for both directions, `front ;; back`, `front : back` behind a card tag."""

import re

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.text_parts import visible

_CLEAR = lazy_pattern(r"(?<![:;])(?P<sign>:{2,3}|;{2,3})(?![:;])")
_COLON = lazy_pattern(r"(?<![ \t])[ \t]++:[ \t]+|：(?=\S)|\*\*:[ \t]+")
_CODE_NAME = lazy_pattern(r"(?:[A-Za-z_]\w*|>)\Z")
_CODE_MEMBER = lazy_pattern(r"~?[A-Za-z_*]")
_BRACES = lazy_pattern(r"\{[^{}\n]*\}")
_LONGEST_NAME = 200  # characters
_BOTH = (":::", ";;;")


class InlineCard(Struct, frozen=True):
    """Where the separator of a line begins and ends. `clear` is one that text does not have: `::`."""

    start: int
    end: int
    reversed: bool
    clear: bool


def split_inline(source: str) -> InlineCard | None:
    """The separator of a card on one line, outside code, comments and formulas. `std::vector` has none."""
    shown = _without_braces(visible(source))
    first = len(shown) - len(shown.lstrip(" \t-*+#>"))
    last = len(shown.rstrip())
    for match in _CLEAR.finditer(shown):
        if first < match.start() and match.end() < last and not _is_code(shown, match):
            return InlineCard(match.start(), match.end(), match["sign"] in _BOTH, True)
    for match in _COLON.finditer(shown):
        start = match.start() + (2 if match[0].startswith("*") else 0)
        if shown[:start].strip() and shown[match.end() :].strip():
            return InlineCard(start, match.end(), False, False)
    return None


def _without_braces(shown: str) -> str:
    """A text with what is between braces blanked out: clozes have colons too."""
    while (bare := _BRACES.sub(lambda match: "\0" * len(match[0]), shown)) != shown:
        shown = bare
    return shown


def _is_code(shown: str, match: re.Match[str]) -> bool:
    """Whether `::` names a member of a class or module: `std::vector`, `Foo::bar()`, `::text`, with no blank around it and code on both sides."""
    before, after = shown[max(match.start() - _LONGEST_NAME, 0) : match.start()], shown[match.end() :][:_LONGEST_NAME]
    if match["sign"] != "::" or before[-1:].isspace() or after[:1].isspace():
        return False
    name = re.search(r"(?<![\w~:<>.])[\w~:<>.]*+\Z", before, re.A)
    member = re.match(r"[\w~*]*(?:::[\w~*]+)*", after, re.A)
    written = (name[0] if name else "") + "::" + (member[0] if member else "")
    return bool(_CODE_NAME.search(before) and _CODE_MEMBER.match(after)) and _reads_as_code(
        written, after[len(member[0]) if member else 0 :]
    )


def _reads_as_code(written: str, behind: str) -> bool:
    """Whether the words around `::` look like names of a program: known roots, several `::`, a call, a template."""
    first, _, last = written.partition("::")
    return (
        "::" in last
        or behind.startswith(("(", "<", "{", "!", ";"))
        or bool(re.search(r"[_<>.~]|[a-z][A-Z]|\d[a-z]", written))
        or first
        in (
            "std",
            "boost",
            "self",
            "super",
            "crate",
            "core",
            "alloc",
            "absl",
            "cv",
            "Eigen",
            "QString",
            "tokio",
            "serde",
        )
    )
