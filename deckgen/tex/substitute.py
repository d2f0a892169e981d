"""Replace what only Anki knows by something of the same kind that math-core knows.

The result is used for checking only.
"""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.tex.names import anki_only_kind, is_table
from deckgen.tex.source_map import Edit, SourceMappedText
from deckgen.tex.tokens import argument, commands, option_end, texts

# Anki shows a single dollar sign as it is, in math too.
_SIGNS = lazy_pattern(r"\\\\\*|\\.|[^\x00-\x7f⟨⟩⌈⌉⌊⌋‖]|\$", re.S)
_PRIME = lazy_pattern(r"'\s+(?=['^_])")
# The only commands that may have a star.
_STARRED = frozenset("operatorname hspace vspace tag newcommand renewcommand DeclareMathOperator".split())
_SIZES = frozenset("tiny scriptsize small normalsize large Large LARGE huge Huge".split())
_DROPPED = frozenset("label nonumber notag".split())
_FENCE = lazy_pattern(r"\s*([<>.])")
_FENCES = frozenset(
    "left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm".split()
)
_ENVIRONMENT = lazy_pattern(r"\s*\{([A-Za-z]+\*?)\}")


def math_core_substitute(tex: SourceMappedText) -> SourceMappedText:
    """Return the TeX for math-core. `tex` must have no command of the kind `unchecked`."""
    tex = tex.sub(_SIGNS, _sign).sub(_PRIME, "'")
    tex = tex.edit(_texts(tex.text))
    return tex.edit(_without_overlap(_edits(tex.text)))


def _sign(match: re.Match[str]) -> str:
    if match[0][0] != "\\":
        # A digit does not lengthen the name of a command before it.
        return "1"
    return r"\ " if match[0][1].isspace() else match[0][:2]


def _without_overlap(edits: Iterator[Edit]) -> Iterator[Edit]:
    done = 0
    for edit in edits:
        if edit[0] >= done:
            yield edit
            done = edit[1]


def _texts(tex: str) -> Iterator[Edit]:
    for start, end in texts(tex):
        yield start, end, "x"


def _edits(tex: str) -> Iterator[Edit]:
    for start, end, name in commands(tex):
        found = anki_only_kind(name)
        if found == "signs":
            yield start, end, r"\alpha "
        elif found == "operators":
            yield start, end, r"\lim "
        elif found == "switches" or name in _SIZES or name == "not":
            yield start, end, " "
        elif found == "one_argument":
            yield start, option_end(tex, end), r"\hat "
        elif found == "two_arguments":
            yield start, end, r"\frac "
        elif found == "text":
            yield from _text_box(tex, start, end, name)
        elif found == "verbatim" or name == "eqref":
            yield start, _after_argument(tex, end), "x"
        elif name in _DROPPED or name == "tag":
            yield start, _after_argument(tex, end + tex.startswith("*", end)) if name in ("label", "tag") else end, " "
        elif name in ("color", "textcolor"):
            yield from _color_name(tex, end)
        elif name in ("limits", "nolimits") and tex[:start].rstrip().endswith("}"):
            yield start, end, " "
        elif name == "operatorname":
            yield start, end + tex.startswith("*", end), r"\mathrm "
        elif name in _FENCES and (fence := _FENCE.match(tex, end)):
            if fence[1] != "." or name not in ("left", "right", "middle"):
                yield fence.start(1), fence.end(), "|"
        elif tex.startswith("*", end) and name.isalpha() and name not in _STARRED:
            yield end, end, " "
        elif name in ("begin", "end"):
            yield from _environment(tex, name, end)


def _text_box(tex: str, start: int, end: int, name: str) -> Iterator[Edit]:
    """Replace a box of text by its last argument."""
    for _ in range(2):
        end = option_end(tex, end)
    for _ in range({"colorbox": 1, "fcolorbox": 2}.get(name, 0)):
        end = _after_argument(tex, end)
    yield start, end, r"\text "


def _after_argument(tex: str, pos: int) -> int:
    found = argument(tex, pos)
    return found[2] if found else pos


def _color_name(tex: str, pos: int) -> Iterator[Edit]:
    """Replace a colour. Anki accepts every name, and colours by their components."""
    if found := argument(tex, option_end(tex, pos)):
        yield pos, found[2], "{red}"


def _environment(tex: str, command: str, pos: int) -> Iterator[Edit]:
    match = _ENVIRONMENT.match(tex, pos)
    if match is None:
        return
    name, after = match[1], match.end()
    if name == "array":
        if command == "begin" and (found := argument(tex, option_end(tex, after))):
            yield after, found[2], "{cccccccccccccccccccc}"
    elif is_table(name):
        if command == "begin":
            after = option_end(tex, after)
            if re.fullmatch(r"x*alignat\*?|alignedat|(?:sub)?numcases", name):
                after = _after_argument(tex, after)
        yield pos, after, "{matrix}"
