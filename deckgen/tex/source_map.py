"""Text that was edited and keeps the original offset of each character."""

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

Edit = tuple[int, int, "str | SourceMappedText"]
"""Start, end, and the new text. A `str` gets the original offset of the first replaced character."""


class SourceMappedText(Struct, frozen=True):
    """`origin[i]` is the original offset of `text[i]`. Its last item is the original offset of the end."""

    text: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "SourceMappedText":
        """Return a text that was not edited yet."""
        return cls(text, tuple(range(len(text) + 1)))

    def __getitem__(self, part: slice) -> "SourceMappedText":
        start, stop, _ = part.indices(len(self.text))
        return SourceMappedText(self.text[start:stop], self.origin[start : stop + 1])

    def edit(self, edits: Iterable[Edit]) -> "SourceMappedText":
        """Return the text with all edits made. They must be in order and not overlap. An empty range inserts."""
        texts: list[str] = []
        origin: list[int] = []
        pos = 0
        for start, end, new in edits:
            texts.append(self.text[pos:start])
            origin += self.origin[pos:start]
            if isinstance(new, SourceMappedText):
                texts.append(new.text)
                origin += new.origin[:-1]
            else:
                texts.append(new)
                origin += [self.origin[start]] * len(new)
            pos = end
        if not texts:
            return self
        return SourceMappedText("".join([*texts, self.text[pos:]]), (*origin, *self.origin[pos:]))

    def sub(self, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> "SourceMappedText":
        """Return the text as `re.sub` does. A match that is replaced by itself keeps its offsets."""
        found = ((m, new(m) if callable(new) else new) for m in pattern.finditer(self.text))
        return self.edit((m.start(), m.end(), text) for m, text in found if text != m[0])
