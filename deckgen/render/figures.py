"""Figures in notes: a ```` ```figure NAME ```` block becomes an image, and what every computed picture must have."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, Text
from deckgen.problems import Problem, Severity
from deckgen.render.references import Found, Lookup, MediaProblem, Missing
from deckgen.scan import SpanKind, scan
from deckgen.scan.syntax import FENCE_MARK

_FENCE = lazy_pattern(FENCE_MARK + r"[ \t]*(?P<info>figure)(?![\w.-])[ \t]*(?P<name>[^\n]*)(?:\n|$)(?P<body>.*)", re.S)
_SETTING = lazy_pattern(r"(?:(?P<word>alt|caption)[ \t]*:|(?P<name>\w+)[ \t]*=)[ \t]*(?P<value>.*?)[ \t]*$")
_PREFIX = lazy_pattern(r"[ \t>]*")
# What Markdown, a formula or a cloze would take for syntax.
_SYNTAX = lazy_pattern(r"[^\w \t,.;:?，。；：？、（）()+/%=-]|_")
_FIGURE = "figure"
BUDGET = 40 * 1024


class Block(Struct, frozen=True):
    """A figure block: its name and settings, each by the offset at which it stands in the text."""

    name: str
    name_at: int
    values: Mapping[str, str]
    places: Mapping[str, int]
    words: Mapping[str, str]

    @property
    def ref(self) -> str:
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.values.items())
        return f"figure:{quote(self.name, safe='')}" + (f"?{query}" if query else "")

    @property
    def image(self) -> str:
        caption = f' "{_with_formulas(self.words["caption"])}"' if "caption" in self.words else ""
        return f"![{_literal(self.words.get('alt', ''))}]({self.ref}{caption})"


class _BlockError(Exception):
    """What is wrong with a block, at an offset of the text."""

    def __init__(self, offset: int, message: str, hint: str):
        super().__init__(message)
        self.offset, self.hint = offset, hint


def with_images(note: Note, lookup: Lookup) -> tuple[Note, list[Problem]]:
    """The note with an image for each figure block of what is given and of its answer, and every other line where it was.

    A block that gives no picture is shown as it was written, with a problem at the line that is wrong.
    """
    if not any(_FIGURE in text.source for text in (*note.given, note.answer)):
        return note, []
    problems: list[Problem] = []
    given = tuple(_with_images(note, text, lookup, problems) for text in note.given)
    return replace(note, given=given, answer=_with_images(note, note.answer, lookup, problems)), problems


def _with_images(note: Note, text: Text, lookup: Lookup, problems: list[Problem]) -> Text:
    source = text.source
    parts, pos = [], 0
    for fence in _fences(text):
        try:
            block = _read(fence)
        except _BlockError as error:
            problems.append(_problem(note, text, error.offset, "figure-block", str(error), error.hint))
        else:
            found = lookup(block.ref)
            if isinstance(found, Missing):
                offset = block.places.get(found.parameter, block.name_at)
                problems.append(_problem(note, text, offset, found.code, found.message, found.hint))
                parts += [source[pos : fence.start("info")], "text"]
                pos = fence.end("name")
                continue
            start = source.rfind("\n", 0, fence.start()) + 1
            parts += [source[pos:start], _in_place(block.image, source, start, fence)]
            pos = fence.end()
            continue
        parts += [source[pos : fence.start("info")], "text"]
        pos = fence.end("name")
    return replace(text, source="".join([*parts, source[pos:]]))


def block_references(text: Text) -> Iterator[str]:
    """The references that the figure blocks of a text stand for."""
    for fence in _fences(text):
        try:
            yield _read(fence).ref
        except _BlockError:  # told when the note is rendered
            continue


def figure_problems(alt: str, found: Found) -> Iterator[MediaProblem]:
    """What is wrong with a computed picture that stands in a note under these words."""
    if not alt.strip():
        message, hint = "the figure has no alt text", "![what the picture shows](figure:…)"
        yield MediaProblem(Severity.ERROR, "figure-alt", message, hint)
    if found.size > BUDGET:
        message = f"the picture takes {found.size / 1024:.0f} KiB, more than the {BUDGET // 1024} that a figure should"
        yield MediaProblem(Severity.INFO, "figure-heavy", message, "draw fewer points, or less noise")


def _fences(text: Text) -> Iterator[re.Match[str]]:
    if _FIGURE not in text.source:
        return
    for span in scan(text.source).spans:
        if span.kind is SpanKind.FENCE and (match := _FENCE.match(text.source, span.start, span.end)):
            yield match


def _read(fence: re.Match[str]) -> Block:
    """The block of a fence. Raises _BlockError if the name is missing or a line is no setting."""
    name = fence["name"].strip()
    values: dict[str, str] = {}
    places: dict[str, int] = {}
    words: dict[str, str] = {}
    if not re.fullmatch(r"\w+", name):
        raise _BlockError(fence.start("name"), "a figure block names one figure", "```figure NAME")
    offset = fence.start("body")
    for line in fence["body"].split("\n")[:-1]:
        prefix = _PREFIX.match(line)
        assert prefix is not None, "the pattern matches an empty prefix too"
        at = offset + prefix.end()
        offset += len(line) + 1
        if at + 1 == offset:
            continue
        setting = _SETTING.match(fence.string, at, offset - 1)
        if setting is None:
            raise _BlockError(
                at,
                f"{fence.string[at : offset - 1]!r} is not a parameter",
                "param = value, alt: words, or caption: words",
            )
        key, kept = (setting["word"], words) if setting["word"] else (setting["name"], values)
        if key in kept:
            raise _BlockError(at, f"{key} is given twice", "")
        kept[key] = setting["value"]
        places |= {} if setting["word"] else {key: at}
    return Block(name, fence.start("name"), values, places, words)


def _in_place(image: str, source: str, start: int, fence: re.Match[str]) -> str:
    """The image as a paragraph in the room of the lines of a fence, behind what stands before it on each line."""
    prefix = source[start : fence.start()]
    count = fence[0].count("\n") + 1
    # Between two lines of text a block of three lines or more leaves blank ones around it.
    follows_text = bool(source[:start].rpartition("\n\n")[2].strip(" \t>\n")) if start else False
    at = 1 if count > 2 or follows_text else 0
    lines = [prefix.rstrip()] * count
    lines[min(at, count - 1)] = prefix + image
    return "\n".join(lines)


def _with_formulas(text: str) -> str:
    """Text of which Markdown takes nothing for syntax but the formulas."""
    parts, pos = [], 0
    for span in scan(text).spans:
        if span.kind is SpanKind.FORMULA:
            parts += [_literal(text[pos : span.start]), text[span.start : span.end]]
            pos = span.end
    return "".join([*parts, _literal(text[pos:])])


def _literal(text: str) -> str:
    return _SYNTAX.sub(lambda match: f"&#{ord(match[0])};", text)


def _problem(note: Note, text: Text, offset: int, code: str, message: str, hint: str) -> Problem:
    return Problem(note.file, *text.place(offset), Severity.ERROR, code, message, hint)
