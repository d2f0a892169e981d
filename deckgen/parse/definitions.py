"""Definitions that stand anywhere in a file and serve all of it: link targets, footnotes, abbreviations.

A note is rendered by itself, so it is handed those that it refers to, and those behind the last answer are no part of it.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.document import Document, Line

_DEFINITION = lazy_pattern(r" {0,3}(\[\^[^\]\n]+\]|\*?\[[^\]\n^][^\]\n]*\]):[ \t]*\S")
# What Markdown reads as a link target: behind the address is a title or nothing. Other lines would be shown as text.
_LINK_TARGET = lazy_pattern(
    r""" {0,3}\[[^\[\]^][^\[\]]*\]:[ \t]*\S+[ \t]*(?:(["']).*\1|\(.*\))?[ \t]*(?:(?:<!--.*-->|%%.*%%)[ \t]*)?"""
)
_CONTINUED = lazy_pattern(r"(?: {4}|\t)[ \t]*\S")
# A wrapped line of a footnote: it begins with a word, code or a formula, and is no item of a list and no label such as `Source:`.
_WRAPPED = lazy_pattern(r" {0,3}(?!\d+[.)]|\w+[:：]|```|\$\$)[\w(\[`$]")
_BETWEEN = "\n\n"


class Definition(Struct, frozen=True):
    """The lines (1-based, both included) of a definition, what it defines, and what refers to it: a text, matched without case.

    Of several definitions with one `name`, Markdown takes the last.
    """

    first: int
    last: int
    name: str
    label: str
    text: str

    @property
    def is_link_target(self) -> bool:
        """Whether it is no footnote and no abbreviation, and Markdown reads it."""
        return _LINK_TARGET.fullmatch(self.text) is not None


class Definitions:
    """The definitions of a file, in order."""

    def __init__(self, found: Iterable[Definition]):
        self._found = tuple(found)
        self._starts = [each.first for each in self._found]
        self._by_label: dict[str, dict[str, Definition]] = {}
        for each in self._found:
            self._by_label.setdefault(each.label, {})[each.name] = each
        self._labels = _Labels(self._by_label.keys())
        self.lines = lines_of(self._found)
        """The numbers of their lines."""

    def without_those_at_the_end(self, text: Text) -> Text:
        """Return a text without the definitions at its end."""
        lines = text.source.split("\n")
        count = len(lines)
        while lines and (not lines[-1].strip() or text.line + len(lines) - 1 in self.lines):
            lines.pop()
        return text if len(lines) == count else replace(text, source="\n".join(lines))

    def for_note(self, answer: Text, own: Text) -> str:
        """Return the source of the definitions that an answer refers to and does not contain, and of those that these refer to.

        `own` is the answer with the definitions at its end. A definition in it is taken before those of the same name elsewhere in the file.
        """
        if not self._found:
            return ""
        inside = _line_range(answer)
        in_note = {each.name: each for each in self._inside(own)}
        wanted: set[Definition] = set()
        sources = [answer.source]
        while sources:
            for each in self._referred(sources.pop()):
                taken = in_note.get(each.name, each)
                if taken not in wanted and taken.first not in inside:
                    wanted.add(taken)
                    sources.append(taken.text)
        return _BETWEEN.join(each.text for each in sorted(wanted, key=lambda each: each.first))

    def link_targets(self, sources: Iterable[str], own: Text) -> str:
        """Return the source of the link targets that texts of a note refer to. `own` is as in `for_note`."""
        if not self._found:
            return ""
        in_note = {each.name: each for each in self._inside(own)}
        referred = {in_note.get(each.name, each) for source in sources for each in self._referred(source)}
        targets = (each for each in referred if each.is_link_target)
        return _BETWEEN.join(each.text for each in sorted(targets, key=lambda each: each.first))

    def unused(self, texts: Iterable[Text], handed: Iterable[str]) -> list[Definition]:
        """Return the definitions that no card uses.

        `texts` are those of the notes, and `handed` are the results of `for_note` and `link_targets`.
        """
        used = {text for each in handed for text in each.split(_BETWEEN)}
        shown = {each for text in texts for each in self._used_inside(text)}
        return [each for each in self._found if each.text.partition(_BETWEEN)[0] not in used and each not in shown]

    def _referred(self, source: str) -> Iterator[Definition]:
        """The last definition of each name that a source refers to."""
        for label in self._labels.counts(source.lower()):
            yield from self._by_label[label].values()

    def _used_inside(self, text: Text) -> Iterator[Definition]:
        """The definitions in a text that the rest of the text refers to."""
        inside = self._inside(text)
        if not inside:
            return
        counts = self._labels.counts(text.source.lower())
        for each in inside:
            counts.subtract(self._labels.counts(each.text.lower()))
        last = {each.name: each for each in inside}
        yield from (each for each in last.values() if counts[each.label] > 0)

    def _inside(self, text: Text) -> tuple[Definition, ...]:
        lines = _line_range(text)
        return self._found[bisect_left(self._starts, lines.start) : bisect_right(self._starts, lines.stop - 1)]


class _Labels:
    """Finds labels in a text. The time hardly depends on the number of labels."""

    def __init__(self, labels: Set[str]):
        self._labels = frozenset(labels)
        self._lengths: dict[str, list[int]] = {}
        for sign, length in sorted({(label[0], len(label)) for label in labels}):
            self._lengths.setdefault(sign, []).append(length)

    def counts(self, text: str) -> Counter[str]:
        """Return how many times each label is in a text. Labels that are not in it are left out."""
        found: Counter[str] = Counter()
        for start, sign in enumerate(text):
            for length in self._lengths.get(sign, ()):
                if start + length <= len(text) and (label := text[start : start + length]) in self._labels:
                    found[label] += 1
        return found


def definitions(document: Document) -> Definitions:
    """All definitions of a file, in order."""
    return Definitions(_definitions(document))


def lines_of(found: Iterable[Definition]) -> frozenset[int]:
    """Return the numbers of the lines of definitions."""
    return frozenset(number for each in found for number in range(each.first, each.last + 1))


def _definitions(document: Document) -> Iterator[Definition]:
    if "]:" not in document.source:
        return
    lines = document.lines
    for i, line in enumerate(lines):
        match = _DEFINITION.match(line.text) if line.open else None
        if match is None:
            continue
        last = _last_of_footnote(lines, i) if match[1].startswith("[^") else i
        # Markdown matches link targets without case, and the others with it.
        name = match[1].lower() if match[1][0] == "[" and match[1][1] != "^" else match[1]
        label = match[1][2:-1] if match[1][0] == "*" else match[1]
        yield Definition(i + 1, last + 1, name, label.lower(), "\n".join(each.text for each in lines[i : last + 1]))


def _last_of_footnote(lines: Sequence[Line], first: int) -> int:
    """The index of the last line of a footnote: of its wrapped lines, and of the indented lines below them, as Markdown reads it."""
    last = first
    for i in range(first + 1, len(lines)):
        text = lines[i].text
        wrapped = last == i - 1 and lines[i].open and _WRAPPED.match(text) and not _DEFINITION.match(text)
        if wrapped or _CONTINUED.match(text):
            last = i
        elif text.strip():
            break
    return last


def _line_range(text: Text) -> range:
    return range(text.line, text.line + text.source.count("\n") + 1)
