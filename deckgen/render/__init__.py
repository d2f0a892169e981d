"""One note → the HTML of its fields, with the media that they use."""

from deckgen.render.markdown import Renderer, plain_text
from deckgen.render.media import figure_references
from deckgen.render.options import RenderOptions

__all__ = ["RenderOptions", "Renderer", "figure_references", "plain_text"]
