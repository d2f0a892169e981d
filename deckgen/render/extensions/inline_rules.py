"""Runs an inline rule only on texts that have the characters without which it matches nothing.

Python-Markdown searches each text once for each of its rules, and most texts have no markup. The result is the same.
"""

from markdown import Extension, Markdown
from markdown.inlinepatterns import Pattern
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

# Name of a rule → texts, of which one is in each text that the rule matches. A rule that is not here always runs.
_NEEDED = {
    "autolink": ("<",),
    "automail": ("<",),
    "backtick": ("`",),
    "delimiter": ("*", "_", "~"),
    "entity": ("&",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "highlight": ("==",),
    "html": ("<",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "linebreak": ("  \n",),
    "link": ("[",),
    "reference": ("[",),
    "short_image_ref": ("![",),
    "short_reference": ("[",),
    "subscript": ("~",),
    "superscript": ("^",),
    "wiki": ("[[",),
}


class InlineRules(Extension):
    """Replaces the tree processor that applies the inline rules. Register this after all extensions that add inline rules."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the tree processor in the place of Python-Markdown's."""
        md.treeprocessors.register(_InlineProcessor(md), "inline", 20)


class _InlineProcessor(InlineProcessor):
    def __init__(self, md: Markdown):
        super().__init__(md)
        names = {id(md.inlinePatterns[name]): name for name in _NEEDED if name in md.inlinePatterns}
        self._rules: list[tuple[Pattern, frozenset[str]]] = [
            (rule, frozenset(_NEEDED.get(names.get(id(rule), ""), ()))) for rule in md.inlinePatterns
        ]
        self._marks = sorted({text for _, needed in self._rules for text in needed})

    # Python-Markdown calls the methods of this class by these names. If a later version has others, this method is never
    # called, and all rules run on all texts again; `tests/test_inline_rules.py` shows it.
    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N803
        """Apply the rules from an index on, each until it matches nothing more."""
        if isinstance(data, AtomicString):
            return data
        index, start = patternIndex, 0
        # A rule takes text away and leaves none of these.
        found = {mark for mark in self._marks if mark in data}
        while index < len(self._rules):
            rule, needed = self._rules[index]
            matched = not needed or not needed.isdisjoint(found)
            if matched:
                data, matched, start = self._InlineProcessor__applyPattern(rule, data, index, start)  # type: ignore[attr-defined]
            if not matched:
                index, start = index + 1, 0
        return data
