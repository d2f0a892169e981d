"""Text that was edited and still knows where each of its characters comes from."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Edit = tuple[int, int, "str | SourceMappedText"]
"""Start, end, and what stands there instead; a `str` is taken to come from the place of the first character replaced."""


@dataclass(frozen=True, slots=True)
class SourceMappedText:
    """`origin[i]` is the offset in the original of `text[i]`; one more entry tells where the text ends."""

    text: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "SourceMappedText":
        return cls(text, tuple(range(len(text) + 1)))

    def __getitem__(self, part: slice) -> "SourceMappedText":
        start, stop, _ = part.indices(len(self.text))
        return SourceMappedText(self.text[start:stop], self.origin[start : stop + 1])

    def edit(self, edits: Iterable[Edit]) -> "SourceMappedText":
        """The text with all edits made. They are in order and do not overlap; an empty one inserts."""
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
        """As `re.sub`. A match that is replaced by itself keeps its places."""
        found = ((m, new(m) if callable(new) else new) for m in pattern.finditer(self.text))
        return self.edit((m.start(), m.end(), text) for m, text in found if text != m[0])
