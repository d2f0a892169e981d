"""The extensions of Markdown that notes may use, in the order in which they are registered, with their options."""

from typing import Any

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
