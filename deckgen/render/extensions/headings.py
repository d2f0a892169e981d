"""Headings: `#tag` and `#12` at the beginning of a line are text, as CommonMark, GitHub and Obsidian read them."""

import re

from markdown import Extension, Markdown
from markdown.blockprocessors import HashHeaderProcessor

# The same signs as in deckgen.parse.document: `##Heading` without a space is a heading in a note file, too.
_LEVEL = r"(?P<level>#{1,6})(?=[ \t\n]|\Z|(?<=##)[^#\s])"


class Headings(Extension):
    """Reads a line that begins with one `#` as a heading only if a space, a tab or the end of the line follows."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the rule in the place of Python-Markdown's."""
        md.parser.blockprocessors.register(_HeadingProcessor(md.parser), "hashheader", 70)


class _HeadingProcessor(HashHeaderProcessor):
    RE = re.compile(rf"(?:^|\n){_LEVEL}(?P<header>(?:\\.|[^\\#]|#+(?=[^#\n]))*?)#*(?:\n|$)")
