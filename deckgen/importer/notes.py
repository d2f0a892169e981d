"""A note of a package as Markdown: a heading with its type, tags, and the text of each field below its label."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from deckgen.importer.types import PlannedType
from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import NoteType
from deckgen.package.contents import PackedNote
from deckgen.parse.imported import about_lines, label
from deckgen.render.html import plain_text
from deckgen.to_markdown import Converted, Form, Render, markdown_of
from deckgen.to_markdown.escape import plain

_CLOZE, _CLOZE_END = re.compile(r"\{\{c[\d,]+::"), re.compile(r"(?:::[^{}]*)?\}\}")
_DELIMITER = lazy_pattern(r"\\[()\[\]]")
_TITLE = 60  # characters of the name of a note whose first field is no heading
_HEADING = 200  # characters of a first field that is a heading
_BLOCK = lazy_pattern(r"<(?:div|p|ul|ol|table|pre|h[1-6]|blockquote|hr|center|details|dl)\b", re.I)
# Anki sets these for a learner; a package for others has none.
OWN_TAGS = frozenset(("marked", "leech"))


class WrittenNote(Struct, frozen=True):
    """A note and the Markdown of its fields, by their names. `id` is its id in the file, "" if it needs none.

    The first field is the heading if `heading` is set.
    """

    packed: PackedNote
    type: PlannedType
    fields: Mapping[str, Converted]
    heading: bool
    id: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags without those that Anki sets itself."""
        return tuple(sorted(tag for tag in self.packed.tags if tag.lower() not in OWN_TAGS))

    @property
    def deck(self) -> str:
        """The full name of the deck of its first card."""
        return self.packed.decks[0] if self.packed.decks else ""

    @property
    def shown(self) -> tuple[str, str]:
        """The question and the answer, by which notes are compared."""
        texts = [each.markdown for each in self.fields.values()]
        return texts[0], "\n".join(texts[1:2])

    @property
    def kept(self) -> dict[str, tuple[str, ...]]:
        """Name of a field → the tags in it that stay as HTML."""
        return {name: each.kept for name, each in self.fields.items() if each.kept}

    def text(self, deck: str, tags: Sequence[str]) -> str:
        """The lines of the note in a file whose notes have this deck and these tags. The last line is empty."""
        first = self.packed.notetype.field_names[0]
        title = self.fields[first].markdown if self.heading else _title(self.packed)
        attributes = " ".join(([f"#{self.id}"] if self.id else []) + [f".{self.type.kind}"])
        own = [tag for tag in self.tags if tag not in tags]
        values = {"Tags": " ".join(own), "Deck": self.deck if self.deck != deck else ""}
        about = [f"{line}\n" for line in about_lines(values, self.packed.notetype.field_names)]
        shown = {name: each.markdown for name, each in self.fields.items() if not (self.heading and name == first)}
        parts = ["".join(about)] if about else []
        parts += [_labelled(name, text) for name, text in shown.items() if text or (name == first and not self.heading)]
        return f"## {title} {{{attributes}}}\n" + "".join(f"\n{part}" for part in parts)


def _labelled(name: str, markdown: str) -> str:
    space = "" if not markdown or markdown.startswith("\n") else " "
    return f"{label(name)}{space}{markdown}\n"


def write_note(
    packed: PackedNote,
    planned: PlannedType,
    notetype: NoteType,
    names: Mapping[str, str],
    renders: Mapping[str, Render],
) -> WrittenNote:
    """Write the fields of a note as Markdown. `names` maps media to their references.

    `renders` has a function that renders a field, by its name. A field without one is written in the usual signs, and is not compared.
    """
    fields: dict[str, Converted] = {}
    for name, html in packed.named().items():
        fields[name] = markdown_of(
            html,
            Form.FIELD,
            clozes=notetype.cloze,
            names=names,
            render=renders.get(name),
            exact=planned.exact,
        )
        if planned.is_occlusion(name):
            fields[name] = replace(fields[name], markdown=fields[name].markdown.replace("\n", ""))
        if any(opening in fields[name].markdown for opening in map(label, packed.notetype.field_names)):
            fields[name] = _without_labels(fields[name], packed.notetype.field_names)
    first = notetype.field_names[0]
    heading = notetype.fields[0].role == "question" and _is_heading(fields[first].markdown, packed.fields[0])
    return WrittenNote(packed, planned, fields, heading)


def with_ids(notes: Sequence[WrittenNote]) -> list[WrittenNote]:
    """The notes, with an id for each whose question and answer another note of its type has. Other notes are known by their text."""
    count: dict[tuple[str, tuple[str, str]], int] = {}
    for note in notes:
        count[note.type.kind, note.shown] = count.get((note.type.kind, note.shown), 0) + 1
    return [
        replace(note, id=f"note-{n}") if count[note.type.kind, note.shown] > 1 else note
        for n, note in enumerate(notes, 1)
    ]


def _without_labels(field: Converted, names: Sequence[str]) -> Converted:
    """A field in which bold text at the beginning of a line is not read as a label."""
    text = field.markdown
    for name in names:
        text = re.sub(rf"(?m)^\*\*{re.escape(name)}:\*\*", lambda match: f"<b>{match[0][2:-2]}</b>", text)
    return replace(field, markdown=text)


def _is_heading(markdown: str, html: str) -> bool:
    """Whether a field can be a heading: one line of text that shows something."""
    one_line = bool(markdown) and "\n" not in markdown and len(markdown) <= _HEADING
    return one_line and not _BLOCK.search(markdown) and bool(plain_text(html).strip())


def _title(packed: PackedNote) -> str:
    """The name of a note: the text of its first field that shows some."""
    for html in packed.fields:
        text = _CLOZE_END.sub("", _CLOZE.sub("", plain_text(html[:2000].replace("<", " <"))))
        text = " ".join(_DELIMITER.sub("", text).replace("$", "").split())
        if text and not text.startswith(("image-occlusion:", "{{c1::image-occlusion")):
            short = text if len(text) <= _TITLE else text[: _TITLE - 1].rstrip() + "…"
            return plain(short.replace("[sound:", "[")).strip() or "Note"
    return "Note"
