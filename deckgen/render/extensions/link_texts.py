"""Finds the end of the text of a link in a time that grows with the length of the paragraph.

For each `[`, Python-Markdown reads up to the matching `]`, or up to the end if there is none, once for each of six rules.
3000 `![[` that are never closed took it half a minute.
"""

from markdown import Extension, Markdown
from markdown.inlinepatterns import LinkInlineProcessor

from deckgen.lazy_patterns import lazy_pattern

_BRACKET = lazy_pattern(r"[\[\]]")
# The text of a link has few brackets. So they are counted first, because each link that is found makes a new paragraph.
_FEW = 20


class LinkTexts(Extension):
    """Gives all rules for links and images the same search for the end of their text."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Replace the method of the registered rules. Register this after extensions that add rules for links."""
        ends = _Ends()
        for pattern in md.inlinePatterns:
            if isinstance(pattern, LinkInlineProcessor):
                pattern.getText = ends.text  # type: ignore[method-assign]


class _Ends:
    """The matching brackets of the last paragraph."""

    def __init__(self) -> None:
        self._data = ""
        self._ends: dict[int, int] = {}

    def text(self, data: str, index: int) -> tuple[str, int, bool]:
        """Return the text from `index`, which is behind a `[`, the offset behind its `]`, and whether there is one."""
        end = _near_end(data, index)
        if end is None:
            if self._data != data:
                self._data, self._ends = data, _all_ends(data)
            end = self._ends.get(index, -1)
        return (data[index:end], end + 1, True) if end >= 0 else ("", len(data), False)


def _near_end(data: str, index: int) -> int | None:
    """Return the offset of the `]` that closes the `[` before `index`. None if it is not one of the next brackets."""
    depth = 1
    for count, bracket in enumerate(_BRACKET.finditer(data, index)):
        depth += 1 if bracket[0] == "[" else -1
        if depth == 0:
            return bracket.start()
        if count == _FEW:
            break
    return None


def _all_ends(data: str) -> dict[int, int]:
    """Return the offset of each `]` that closes a `[`, by the offset behind that `[`."""
    ends: dict[int, int] = {}
    open_: list[int] = []
    for bracket in _BRACKET.finditer(data):
        if bracket[0] == "[":
            open_.append(bracket.end())
        elif open_:
            ends[open_.pop()] = bracket.start()
    return ends
