"""The extensions of Markdown that notes may use.

`EXTENSIONS` has those of Python-Markdown and pymdown-extensions with their options, in the order in which they are
registered. `OWN` has deckgen's, one module each. They have narrower rules than those of pymdown-extensions, so that
`a==b and c==d`, `3~5个，6~8个` and `x^2+y^2` stay as they are.
"""

from collections.abc import Sequence
from typing import Any

from markdown import Extension
from markdown.blockprocessors import OListProcessor

from deckgen.render.extensions.callouts import Callouts
from deckgen.render.extensions.code import Code
from deckgen.render.extensions.common import CommonRules
from deckgen.render.extensions.headings import Headings
from deckgen.render.extensions.highlight import Highlight
from deckgen.render.extensions.inline_rules import InlineRules
from deckgen.render.extensions.link_texts import LinkTexts
from deckgen.render.extensions.lists import CommonMarkLists
from deckgen.render.extensions.scripts import Scripts
from deckgen.render.extensions.wiki_links import WikiLinks
from deckgen.render.python_markdown import Markdown

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
    "pymdownx.superfences": {"disable_indented_code_blocks": False},
    "pymdownx.tasklist": {},
    "pymdownx.tilde": {"subscript": False},
}
# InlineRules is the last one, because it reads the table of all inline rules.
OWN = (Callouts, Code, CommonMarkLists, Headings, Highlight, LinkTexts, Scripts, WikiLinks, InlineRules)

COMMON = ("pymdownx.betterem", "pymdownx.superfences")
OWN_COMMON = (Code, CommonMarkLists, Headings, CommonRules, InlineRules)


def new_markdown() -> Markdown:
    """Markdown as notes are rendered with. An instance is for one thread at a time."""
    return _new_markdown(tuple(EXTENSIONS), OWN)


def new_common_markdown() -> Markdown:
    """Markdown for texts of common blocks. For other texts it raises OtherRulesNeededError."""
    return _new_markdown(COMMON, OWN_COMMON)


def _new_markdown(names: Sequence[str], own: Sequence[type[Extension]]) -> Markdown:
    extensions: list[str | Extension] = [*names, *(extension() for extension in own)]
    configs = {name: EXTENSIONS[name] for name in names}
    markdown = Markdown(extensions=extensions, extension_configs=configs, output_format="html")
    markdown.ESCAPED_CHARS.append("$")
    # A list that the author began at 2 begins at 2.
    ordered = markdown.parser.blockprocessors["olist"]
    assert isinstance(ordered, OListProcessor)
    ordered.LAZY_OL = False  # type: ignore[misc]  # the stubs call it a class variable
    return markdown
