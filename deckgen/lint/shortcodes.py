"""Tags of website generators, which a card shows as text."""

from collections.abc import Iterator, Sequence

from deckgen.lazy_patterns import lazy_pattern
from deckgen.lint.row import Lint
from deckgen.model import RenderedNote, Text
from deckgen.problems import Problem, Severity
from deckgen.scan import CODE_KINDS, SpanKind, scan

# `{{< figure … >}}` and `{{% notice %}}` of Hugo, `{% asset_img … %}` of Hexo and Jekyll. The group is the name.
_TAG = lazy_pattern(r"\{\{[<%]-?\s*(/?[\w./-]+)|\{%-?\s*(\w+)")
_HIDDEN = CODE_KINDS | {SpanKind.FORMULA}


def shortcodes(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each tag of a website generator in a note, except tags that end another one."""
    for item in notes:
        for text in (item.note.question, *item.note.body):
            for offset, name in tags(text):
                yield Problem(
                    item.note.file,
                    *text.place(offset),
                    Severity.WARNING,
                    "shortcode",
                    f"the tag {name} of a website generator is shown as text",
                    "write it in Markdown: ![words](picture.png), a block of code, a link",
                )


def tags(text: Text) -> Iterator[tuple[int, str]]:
    """Yield the offset and the name of each tag, outside of code and formulas."""
    if "{%" not in text.source and "{{<" not in text.source:
        return
    found = scan(text.source)
    for match in _TAG.finditer(text.source):
        name, span = match[1] or match[2], found.covering(match.start())
        if not name.startswith(("/", "end")) and not (span and span.kind in _HIDDEN):
            yield match.start(), name


SHORTCODE = Lint("shortcode", shortcodes, usual=True)
