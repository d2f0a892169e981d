"""HTML of the fields of notes → Markdown that renders as the same HTML: the inverse of `render`."""

from deckgen.to_markdown.convert import markdown_of
from deckgen.to_markdown.edited import edited_source
from deckgen.to_markdown.form import Converted, Form, Render
from deckgen.to_markdown.normal import normal_html, same_html

__all__ = ["Converted", "Form", "Render", "edited_source", "markdown_of", "normal_html", "same_html"]
