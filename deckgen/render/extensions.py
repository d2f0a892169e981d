"""The extensions of Markdown that notes may use, in the order in which they are registered, with their options."""

from typing import Any

from markdown import Markdown
from markdown.blockprocessors import OListProcessor

EXTENSIONS: dict[str, dict[str, Any]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {},
    "pymdownx.betterem": {},
    "pymdownx.details": {},
    "pymdownx.highlight": {"css_class": "highlight", "guess_lang": False, "anchor_linenums": False},
    "pymdownx.superfences": {"disable_indented_code_blocks": False},
    "pymdownx.tasklist": {},
    "pymdownx.tilde": {"subscript": False},
}


def new_markdown() -> Markdown:
    """Markdown as notes are rendered with. An instance is for one thread at a time."""
    markdown = Markdown(extensions=list(EXTENSIONS), extension_configs=EXTENSIONS, output_format="html")
    markdown.ESCAPED_CHARS.append("$")
    # A list that the author began at 2 begins at 2.
    ordered = markdown.parser.blockprocessors["olist"]
    assert isinstance(ordered, OListProcessor)
    ordered.LAZY_OL = False  # type: ignore[misc]  # the stubs call it a class variable
    return markdown
