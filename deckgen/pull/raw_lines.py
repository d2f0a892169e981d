"""The lines of a note file with their line ends, so that a file keeps every byte that no edit touches."""

from collections.abc import Iterable

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern

_BOM = "\ufeff"
_LINE = lazy_pattern(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


class Splice(Struct, frozen=True, order=True):
    """A change of one line (1-based). The characters from `start` to `end` (0-based, not included) become `text`.

    The lines `below` are new lines under it. With `removed` the line is removed.
    """

    line: int
    start: int = 0
    end: int = 0
    text: str = ""
    below: tuple[str, ...] = ()
    removed: bool = False


class RawLines(Struct, frozen=True):
    """A file as pairs of a line and its line end. Joined, they are the text of the file without a byte order mark."""

    lines: tuple[tuple[str, str], ...]
    mark: str = ""

    @classmethod
    def of(cls, data: bytes) -> "RawLines":
        """The lines of a file. Raises UnicodeDecodeError if the file is not UTF-8."""
        text = data.decode()
        mark, text = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
        found = [(match[1], match[2]) for match in _LINE.finditer(text)]
        # The expression also matches the empty text at the end of the last line.
        return cls(tuple(found if found[-1][0] or len(found) == 1 or found[-2][1] else found[:-1]), mark)

    def line(self, number: int) -> str:
        """A line (1-based) without its line end."""
        return self.lines[number - 1][0]

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return (self.mark + "".join(text + end for text, end in self.lines)).encode()

    def with_splices(self, splices: Iterable[Splice]) -> "RawLines":
        """The file with these changes. Their places are those of this file; they do not overlap."""
        lines = [*self.lines]
        for splice in sorted(splices, reverse=True, key=lambda each: (each.line, bool(each.below), each.start)):
            at = splice.line - 1
            text, end = lines[at]
            if splice.removed:
                del lines[at]
            elif splice.below:
                ends = end or self._usual_end()
                lines[at : at + 1] = [(text, ends), *((new, ends) for new in splice.below)]
                lines[at + len(splice.below)] = (splice.below[-1], end)
            else:
                lines[at] = (text[: splice.start] + splice.text + text[splice.end :], end)
        return RawLines(tuple(lines), self.mark)

    def _usual_end(self) -> str:
        return next((end for _, end in self.lines if end), "\n")
