"""Random HTML as Anki's editor and other programs write it into fields, and Markdown rendered as the text of one field."""

import random
from pathlib import Path

from deckgen.model import Media, Note, Text
from deckgen.notetypes import built_in
from deckgen.render.markdown import FieldRenderer
from deckgen.render.options import RenderOptions
from deckgen.render.references import Found
from deckgen.to_markdown import Form, Render

NAMES = {"a.png": "media/a.png", "a b.png": "media/a b.png", "a.mp3": "media/a.mp3"}
_TEXTS = (
    r"dog|perro|a*b|a_b_c|__x__|*s*|#tag|# h|1. one|2) two|- item|+ p|> q|`c`|[x](y)|[[w]]|[^1]|![i](j)|$5|$x$|x^2^|H~2~O|~~d~~|==m=="
    r"|&amp;|&lt;b&gt;|&amp;lt;|\|\*|a\b|\(x^2\)|\[y_1\]|\(a &lt; b\)|{#id}|{: .c}|{.c}|!!! note|??? x|===|---|: def|汉字，|“引”|&nbsp;"
    "|http://a.b/c_d|a@b.c|[ ] t|[sound:a.mp3]|\u200b|é|#12|**|$$|Q: x|```|~|^|=|<!-- c -->|*[a]: b|[a]: b|    four|\t|Term\n|::"
    "|{%x%}|[TOC]|::: x|%%c%%|^id"
).split("|")
_BARS = ("|a|b|", "| a | b |\n|---|---|")
_INLINE = (
    "b i u strong em s del mark sub sup code kbd small ruby".split(),
    [
        'span style="color: red;"',
        'font color="#f00"',
        'a href="http://x.y/z(1)"',
        'a href="http://a.b" title="t"',
        'span class="c"',
    ],
)
_SINGLE = ("<br>", "<br/>", '<img src="a.png">', '<img src="a b.png" alt="al *t*" width="30">', '<img src="other.png">')
_BLOCKS = (
    "div",
    "div",
    "p",
    "ul",
    "ol",
    "table",
    "blockquote",
    "pre",
    "h1",
    "h3",
    "hr",
    'div class="x"',
    "center",
    "dl",
    "details",
)
_CODE = ("x = 1", "a\n\n  b\n# c", "<code>y &lt; z</code>", "$x$ \\(y\\)", "a<br>b", "## x\n**Back:** y\n```")


class AnkiHtml:
    """Makes fields. The same seed gives the same fields."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def field(self, *, inline: bool = False) -> str:
        """A field: runs of text and blocks, or with `inline` mostly text."""
        if inline:
            return self._inlines(2) if self._random.random() < 0.7 else self._inlines(1) + self._block(1)
        count = self._random.randint(1, 4)
        return "".join(self._block(1) if self._random.random() < 0.5 else self._inlines(2) for _ in range(count))

    def cloze(self) -> str:
        """A field with clozes."""
        text = self.field().replace("::", "")
        return f"{{{{c1::{self._inlines(1).replace('::', '')}::hint}}}} {text} {{{{c2::dog}}}}"

    def _text(self) -> str:
        words = [self._random.choice((*_TEXTS, *_BARS)) for _ in range(self._random.randint(1, 4))]
        return self._random.choice((" ", "", " ")).join(words)

    def _inline(self, depth: int) -> str:
        chance = self._random.random()
        if chance < 0.5 or depth <= 0:
            return self._text()
        if chance < 0.6:
            return self._random.choice(_SINGLE)
        tag = self._random.choice([name for names in _INLINE for name in names])
        # deckgen plays no sound that is in code.
        inner = self._inlines(depth - 1)
        return f"<{tag}>{inner.replace('[sound', '') if tag == 'code' else inner}</{tag.split()[0]}>"

    def _inlines(self, depth: int) -> str:
        return self._random.choice((" ", "", " ")).join(self._inline(depth) for _ in range(self._random.randint(1, 3)))

    def _block(self, depth: int) -> str:
        tag = self._random.choice(_BLOCKS)
        name = tag.split()[0]
        nested = depth > 0 and self._random.random() < 0.4
        match name:
            case "hr":
                return "<hr>"
            case "ul" | "ol":
                items = [
                    f"<li>{self._inlines(1)}{self._block(depth - 1) if nested else ''}</li>"
                    for _ in range(self._random.randint(1, 3))
                ]
                return f"<{name}>{''.join(items)}</{name}>"
            case "table":
                return self._table()
            case "pre":
                return f"<pre>{self._random.choice(_CODE)}</pre>"
            case "dl":
                return f"<dl><dt>{self._inline(1)}</dt><dd>{self._inline(1)}</dd></dl>"
            case "details":
                return f"<details><summary>{self._text()}</summary>{self._inlines(1)}</details>"
        if name in ("blockquote", "div") and nested:
            return f"<{tag}>{self._block(depth - 1)}{self._block(depth - 1)}</{name}>"
        return f"<{tag}>{self._inlines(2)}</{name}>"

    def _table(self) -> str:
        def row(tag: str) -> str:
            return f"<tr>{''.join(f'<{tag}>{self._inlines(1)}</{tag}>' for _ in range(2))}</tr>"

        head = f"<thead>{row('th')}</thead>" if self._random.random() < 0.5 else ""
        return f"<table>{head}<tbody>{row('td')}{row('td')}</tbody></table>"


def render_as(form: Form, *, clozes: bool = False) -> Render:
    """A function that renders Markdown as the question or the answer of a note, with the media of `NAMES`."""
    renderer, types = FieldRenderer(), built_in()
    media = {reference: name for name, reference in NAMES.items()}

    def render(markdown: str) -> str:
        texts = (Text(markdown, 1), Text("A", 2)) if form is Form.INLINE else (Text("Q", 1), Text(markdown, 2))
        note = Note("f", "f", "cloze" if clozes else "basic", "heading", *texts)
        rendered, _ = renderer.render_with(
            note,
            types[note.kind],
            "",
            RenderOptions(unsafe=True),
            lambda name: Found(Media(media.get(name, name), Path())),
        )
        return rendered.shown("question" if form is Form.INLINE else "answer")

    return render
