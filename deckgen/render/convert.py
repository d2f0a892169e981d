"""Converts Markdown to HTML, with few rules if a text needs no others."""

from contextlib import suppress

from deckgen.render.extensions import new_common_markdown, new_markdown
from deckgen.render.extensions.common import OtherRulesNeededError, may_be_common


class Converter:
    """Converts the texts of notes. For one thread at a time."""

    def __init__(self) -> None:
        self._all_rules = new_markdown()
        self._common_rules = new_common_markdown()

    def convert(self, text: str) -> str:
        """Return the HTML of a text. After a RecursionError, use a new converter: this one stays in the middle of the text."""
        if may_be_common(text):
            with suppress(OtherRulesNeededError):
                return self._common_rules.reset().convert(text)
        return self._all_rules.reset().convert(text)
