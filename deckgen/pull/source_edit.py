"""The source of a text after an edit of its HTML."""

from collections.abc import Mapping

from msgspec import Struct

from deckgen.pull.equal import nfc, same_html
from deckgen.to_markdown import Form, Render
from deckgen.to_markdown.edited import edited_source


class Context(Struct, frozen=True):
    """How the HTML of a text becomes Markdown: the arguments of `to_markdown.markdown_of`."""

    form: Form
    clozes: bool
    names: Mapping[str, str]
    render: Render


def source_after(source: str, before: str, after: str, context: Context) -> str | None:
    """Return the source with what differs between the HTML `before`, which it renders as, and `after`. None if no Markdown gives `after`."""
    if same_html(before, after):
        return source
    found = edited_source(
        source,
        nfc(before),
        nfc(after),
        context.form,
        render=context.render,
        clozes=context.clozes,
        names=context.names,
    )
    return found.markdown if found.same else None
