"""The source of a text after an edit of its HTML."""

from collections.abc import Mapping
from dataclasses import dataclass

from deckgen.merge import merge_touching, words
from deckgen.pull.equal import nfc, same_html
from deckgen.to_markdown import Form, Render, markdown_of
from deckgen.to_markdown import same_html as same_look


@dataclass(frozen=True, slots=True)
class Context:
    """How the HTML of a text becomes Markdown: see `to_markdown.markdown_of`."""

    form: Form
    clozes: bool
    names: Mapping[str, str]
    render: Render


def source_after(source: str, before: str, after: str, context: Context) -> str | None:
    """Return the source with what differs between the HTML `before`, which it renders as, and `after`. None if no Markdown gives `after`."""
    if same_html(before, after):
        return source
    after = nfc(after)
    blocks = context.form is Form.BLOCKS

    def converted(html: str) -> str:
        return markdown_of(
            html, context.form, clozes=context.clozes, names=context.names, render=context.render
        ).markdown

    old, new = converted(before), converted(after)
    for cut in (words, lambda text: text.splitlines(keepends=True)):
        found = merge_touching(cut(old), cut(source), cut(new))
        if not found.has_conflict and same_look(context.render(found.ours), after, blocks=blocks):
            return found.ours
    return new if same_look(context.render(new), after, blocks=blocks) else None
