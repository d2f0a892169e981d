"""The rules for what most notes have: paragraphs, headings, lists, code and emphasis.

Python-Markdown asks each of its rules about each block, and walks through the tree for each extension. So a text takes less time
with few rules. The HTML is the same if the text has no sign of the other rules.
"""

import re

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.util import STX

from deckgen.lazy_patterns import lazy_pattern

# Links, footnotes, tables, HTML, attributes, `~`, `^`, `==`, admonitions and definition lists, which may be in quotes and in lists.
_SIGN = lazy_pattern(r"[\[|<&~^{]|==|!!!|\?\?\?|^[ \t>*+\-\d.)]*:", re.M)
_FENCE = lazy_pattern(r"^(`{3,})[^`\n]*\n.*?^\1", re.M | re.S)


class OtherRulesNeededError(Exception):
    """A text has a sign of a rule that is not registered."""


class CommonRules(Extension):
    """Removes the rule for HTML, and stops at a text with signs of other rules. Register this after the other extensions."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the check after the rule for code fences, which replaces each fence by one line."""
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(_Check(md), "common-rules", 24)
        # All extensions let these be escaped.
        md.ESCAPED_CHARS += ["^", "=", "~", "|"]


class _Check(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        """Return the lines. Raises OtherRulesNeededError if they need another rule."""
        text = "\n".join(lines)
        if _SIGN.search(text) or _may_restore_fences(text):
            raise OtherRulesNeededError
        return lines


def _may_restore_fences(text: str) -> bool:
    """Whether a block has indented code and a replaced code fence. The rule for indented code puts the source of the fence back."""
    return STX in text and any(STX in block and " " * 4 in block for block in text.split("\n\n"))


def may_be_common(text: str) -> bool:
    """Whether a text probably needs no other rule. Only Markdown knows what is code."""
    return _SIGN.search(_FENCE.sub("", text) if "```" in text else text) is None
