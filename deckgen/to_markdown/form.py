"""Where a field stands in a note, and the Markdown that is made of it."""

from collections.abc import Callable
from enum import Enum

from msgspec import Struct

Render = Callable[[str], str]
"""Renders Markdown as the text of the field, and returns the HTML of the field."""


class Form(Enum):
    """Where the Markdown of a field stands in a note.

    - `INLINE`: in a heading, or behind the label of a paragraph. It is rendered without a paragraph around it, and has one line if possible.
    - `BLOCKS`: as the answer of a note. Text without a block around it becomes a paragraph.
    - `FIELD`: as a field of an imported note type. Text up to the first empty line is rendered without a paragraph; blocks follow. If the
      field begins with a block, the Markdown begins with a line break.
    """

    INLINE = "inline"
    BLOCKS = "blocks"
    FIELD = "field"


class Converted(Struct, frozen=True):
    """The Markdown of a field. `kept` are the opening tags of the elements that stay as HTML.

    `same` says whether the Markdown renders as the field, None if it was not rendered.
    """

    markdown: str
    kept: tuple[str, ...]
    same: bool | None = None
