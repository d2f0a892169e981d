"""One note → the HTML of its fields, with the media that they use."""

from deckgen.render.deck import Renderer, may_refer
from deckgen.render.html import plain_text
from deckgen.render.input import RenderInput
from deckgen.render.left_out import parts_left_out
from deckgen.render.markdown import FieldRenderer
from deckgen.render.media import figure_references
from deckgen.render.options import RenderOptions
from deckgen.render.plain import plain_question
from deckgen.render.stored import Rendering

__all__ = [
    "FieldRenderer",
    "RenderInput",
    "RenderOptions",
    "Renderer",
    "Rendering",
    "figure_references",
    "may_refer",
    "parts_left_out",
    "plain_question",
    "plain_text",
]
