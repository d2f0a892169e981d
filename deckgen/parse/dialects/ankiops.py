"""Decks of AnkiOps: fields with labels, `Q:`, `A:`, `T:`, `C1:`, …; a rule between notes; `<!-- note_key: … -->` above them."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_fields import joined, statement, with_extra
from deckgen.parse.dialect import Detection, Dialect, Found, counted, line_start
from deckgen.parse.document import Document
from deckgen.parse.note_ids import id_line, with_id
from deckgen.parse.question import Markup, RawNote
from deckgen.parse.text_parts import part, split_front
from deckgen.parse.texts import cut_lines, rewritten
from deckgen.problems import Severity

_LABEL = lazy_pattern(r"(?P<name>Q|A|T|THA|F|B|D|I|E|M|AI|C[1-8]|IO_[A-Z]+\d?)[:：](?:[ \t]+|$)")
_COMMENT = lazy_pattern(r"[ \t]*<!--[ \t]*(?P<key>note_key|note_type|tags)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*-->[ \t]*$")
_FOLLOWING = {"Q": ("A", "I"), "T": (), "THA": (), "F": ("B",)}
_EXTRA = ("E", "M", "AI", "D")
_TYPICAL = ("T", "THA", "F", "I", "E", "M", "C1", "IO_ID", "IO_IM")
_NEEDED = (("T",), ("THA",), ("F", "B"), ("Q", "I"), ("Q", "A"))


class _Block(Struct, frozen=True):
    """The lines between two rules: the index of the line with each label, in their order, and of the last line."""

    labels: Mapping[str, int]
    comments: tuple[int, ...]
    last: int

    @property
    def complete(self) -> bool:
        """Whether its labels are those of a note type."""
        return any(all(name in self.labels for name in names) for names in _NEEDED)


def detect(document: Document) -> Detection:
    """The lines with labels of the tool's note types, and its comments. `Q:` and `A:` alone are usual elsewhere."""
    blocks = [block for block in _blocks(document) if block.complete]
    if not any(block.comments or set(block.labels) & set(_TYPICAL) for block in blocks):
        return Detection()
    lines = sum(len(block.labels) + len(block.comments) for block in blocks)
    reason = counted(len(blocks), "note with labels of AnkiOps", "notes with labels of AnkiOps")
    return Detection(lines + len(blocks), reason)


def read_notes(document: Document) -> Iterator[Found]:
    for block in _blocks(document):
        first = min(block.labels.values())
        bare = {i for i in block.labels.values() if _LABEL.fullmatch(document.lines[i].text.rstrip())}
        rule = {block.last + 1} if block.last + 1 < len(document.lines) else set()
        yield Markup(frozenset(i + 1 for i in (*block.comments, *bare, *rule)))
        if not block.complete:
            yield _unread(document, block, first)
        else:
            note = _note(document, block)
            lines = [document.lines[i].text for i in block.comments]
            yield replace(note, attributes=with_id(note.attributes, map(id_line, lines)), tags=_tags(lines))


def _blocks(document: Document) -> Iterator[_Block]:
    """The stretches between rules that hold a label. A rule right below a line of text is a rule too, as the tool has it."""
    begin = 0
    rules = [i for i, line in enumerate(document.lines) if line.open and re.fullmatch(r"-{3,}[ \t]*", line.text)]
    for end in (*rules, len(document.lines)):
        labels: dict[str, int] = {}
        comments = []
        for i in range(begin, end):
            line = document.lines[i]
            match = _LABEL.match(line.text) if line.open else None
            if match and match["name"] not in labels and _may_follow(match["name"], next(iter(labels), None)):
                labels[match["name"]] = i
            elif not labels and _COMMENT.match(line.text):
                comments.append(i)
        if labels:
            yield _Block(labels, tuple(comments), end - 1)
        begin = end + 1


def _may_follow(name: str, first: str | None) -> bool:
    """Whether a label belongs to the note type that the `first` label of the note opens; None where it is the first itself."""
    if first is None:
        return name in _FOLLOWING or name.startswith("IO_")
    if first.startswith("IO_"):
        return name.startswith("IO_")
    return name in _FOLLOWING[first] or name in _EXTRA or (first == "Q" and name.startswith("C"))


def _note(document: Document, block: _Block) -> RawNote:
    texts = _texts(document, block)
    first = min(block.labels.values())
    extra = [texts[name] for name in _EXTRA if name in texts and texts[name].source]
    if cloze := texts.get("T") or texts.get("THA"):
        return replace(statement(document, first, cloze), source=joined(extra))
    front, back = (
        (texts["F"], texts["B"]) if "F" in texts and "B" in texts else (texts["Q"], texts.get("A") or texts["I"])
    )
    question, attributes, given = split_front(front)
    options = _options(document, block)
    answer, source = with_extra([back], extra)
    classes = ["reversed"] if "F" in texts else ["typed"] if "I" in texts else []
    return RawNote(
        question,
        with_id(attributes, (), classes),
        answer,
        document.section(first),
        given=(*given, *((options,) if options else ())),
        source=source,
    )


def _texts(document: Document, block: _Block) -> dict[str, Text]:
    """The text of each field."""
    found = {}
    order = sorted(block.labels.items(), key=lambda pair: pair[1])
    ends = [*(i - 1 for _, i in order[1:]), block.last]
    for (name, i), last in zip(order, ends, strict=True):
        match = _LABEL.match(document.lines[i].text)
        assert match is not None, "a label is on its line"
        text = cut_lines(document, i, last, column=match.end())
        found[name] = part(text, 0, len(text.source))
    return found


def _options(document: Document, block: _Block) -> Text | None:
    """The options of a multiple-choice note as a numbered list, as its answer counts them."""
    order = sorted(block.labels.items(), key=lambda pair: pair[1])
    ends = [*(i - 1 for _, i in order[1:]), block.last]
    options = []
    for (name, i), last in zip(order, ends, strict=True):
        if name.startswith("C"):
            text = cut_lines(document, i, last)
            options.append(rewritten(text, [(0, len(name) + 1, f"{name[1:]}.")]))
    return joined(options)


def _tags(comments: list[str]) -> tuple[str, ...]:
    """The tags that comments above a note name."""
    found = (match["value"] for line in comments if (match := _COMMENT.match(line)) and match["key"] == "tags")
    return tuple(word for value in found for word in re.findall(r"[^\s,，]+", value))


def _unread(document: Document, block: _Block, first: int) -> Found:
    labels = ", ".join(f"{name}:" for name in block.labels)
    code, message = "answer-missing", f"the note has only {labels}"
    if any(name.startswith("IO_") for name in block.labels):
        code, message = "text-outside", "a note of image occlusion is not read"
    return document.problem(first + 1, message, code=code, severity=Severity.WARNING)


ANKIOPS = Dialect(
    "ankiops",
    "Q:, A:, T:, C1: … at the beginning of lines, --- between notes",
    detect,
    read_notes,
    sign=line_start(r"(?:[TFIEM]|THA|C1|IO_[A-Z]+\d?)[:：]|[ \t]*<!--"),
)
