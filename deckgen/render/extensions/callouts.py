"""Callouts as Obsidian and GitHub write them: a quote that begins with `[!tip] Title`. `[!tip]-` is folded."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.quotes import QuotesProcessor, QuotesTreeprocessor

# Obsidian's other names of a kind. card.css has colours for the names on the right; a kind without one has that of a note.
_KINDS: Mapping[str, str] = {
    "summary": "abstract",
    "tldr": "abstract",
    "check": "success",
    "done": "success",
    "help": "question",
    "faq": "question",
    "fail": "failure",
    # The look of `missing` is that of a picture without a file.
    "missing": "failure",
    "cite": "quote",
}
_TAG = "callout"


class Callouts(Extension):
    """Renders callouts as the blocks of `!!!`, and foldable ones as those of `???`. Other quotes stay as they are."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the rule before that of quotes, and what makes blocks of callouts."""
        md.parser.blockprocessors.register(_CalloutProcessor(md.parser, {"callouts": True}), "callout", 21)
        # Both before the inline rules, so that a title may have markup.
        md.treeprocessors.register(_Kinds(md), "callout-kinds", 21)
        md.treeprocessors.register(QuotesTreeprocessor(md), "callouts", 20.5)


class _CalloutProcessor(QuotesProcessor):  # type: ignore[misc]
    """The rule of pymdown-extensions, for quotes whose first line is that of a callout."""

    def test(self, parent: Element, block: str) -> bool:
        """Whether the first quote of a block is a callout."""
        first = self.RE.search(block)
        line = block[first.start() :].lstrip("\n") if first else ""
        return self.RE_CALLOUT.match(line) is not None and super().test(parent, block)

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the element. Python-Markdown would add the next quote to it if it had the tag of a quote."""
        super().run(parent, blocks)
        parent[-1].tag = _TAG


class _Kinds(Treeprocessor):
    """Gives each callout the one name of its kind, and the tag that pymdown-extensions looks for."""

    def run(self, root: Element) -> None:
        """Change the elements in the tree."""
        for callout in list(root.iter(_TAG)):
            callout.tag = "blockquote"
            kind = callout.get("data-alert", "").split()[0]
            callout.set("data-alert", _KINDS.get(kind, kind))
