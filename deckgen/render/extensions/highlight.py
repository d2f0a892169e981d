"""`==highlight==`: marked text."""

from markdown import Extension, Markdown
from markdown.inlinepatterns import SimpleTagInlineProcessor

from deckgen.cloze.highlight import HIGHLIGHT


class Highlight(Extension):
    """Renders `==text==` as `<mark>`."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the rule after those for code, escapes and links, and before emphasis."""
        md.ESCAPED_CHARS.append("=")
        md.inlinePatterns.register(SimpleTagInlineProcessor(HIGHLIGHT, "mark"), "highlight", 67)
