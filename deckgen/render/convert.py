"""Converts Markdown to HTML, with few rules if a text needs no others."""

from contextlib import suppress
from functools import cached_property

from deckgen.render.extensions import new_common_markdown, new_markdown
from deckgen.render.extensions.common import OtherRulesNeededError, may_be_common
from deckgen.render.python_markdown import Markdown


class Converter:
    """Converts the texts of notes. For one thread at a time."""

    def convert(self, text: str) -> str:
        """Return the HTML of a text. After a RecursionError, use a new converter: this one stays in the middle of the text."""
        if may_be_common(text):
            with suppress(OtherRulesNeededError):
                return self._common_rules.reset().convert(text)
        return self._all_rules.reset().convert(text)

    # To make one takes 15 ms, and a build after an edit may need only one.
    @cached_property
    def _all_rules(self) -> Markdown:
        return new_markdown()

    @cached_property
    def _common_rules(self) -> Markdown:
        return new_common_markdown()
