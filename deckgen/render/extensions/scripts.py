"""`H~2~O` and `x^2^`: subscripts and superscripts, as Pandoc writes them."""

from markdown import Extension, Markdown
from markdown.inlinepatterns import SimpleTagInlineProcessor

# A letter before it, so that ranges (3~5个，6~8个) and paths (~/a, ~/b) are none. \x03 ends what an earlier rule has found.
_SUBSCRIPT = r"(?<=[A-Za-z\u0370-\u03ff)\]^\x03])(~)([A-Za-z0-9\u0370-\u03ff]{1,12}[+\-−]?|[+\-−]?\d{1,4})~(?!~)"
# No letter or digit behind it, so that x^2+y^2 and a^b^c are none.
_SUPERSCRIPT = (
    r"(?<=[\w)\]}。”’\"'\x03])(\^)([+\-−]?[A-Za-z0-9\u0370-\u03ff]{1,12}[+\-−]?|[+\-−]|\[\d{1,3}\])\^(?![A-Za-z0-9^{(])"
)


class Scripts(Extension):
    """Renders `~text~` as `<sub>` and `^text^` as `<sup>`, where a word or a bracket is right before them."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register both rules before `~~deleted~~`."""
        md.ESCAPED_CHARS.append("^")
        md.inlinePatterns.register(SimpleTagInlineProcessor(_SUBSCRIPT, "sub"), "subscript", 66)
        md.inlinePatterns.register(SimpleTagInlineProcessor(_SUPERSCRIPT, "sup"), "superscript", 65)
