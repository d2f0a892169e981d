"""HTML of fields → Markdown that renders as the same HTML."""

from pathlib import Path

import pytest
from anki_html import NAMES, AnkiHtml, render_as
from msgspec.structs import replace

from deckgen.figures import Figures
from deckgen.figures.diagrams import Diagrams
from deckgen.model import Text
from deckgen.pictures import diagram_placeholder, diagrams_folder, figure_placeholder
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.reading import read_notes
from deckgen.problems import Severity
from deckgen.render import Renderer
from deckgen.render.markdown import FieldRenderer
from deckgen.render.references import Found, Missing
from deckgen.sources import files_of, read_lock, read_project
from deckgen.to_markdown import Form, markdown_of, normal_html, same_html

NOTES = Path(__file__).parents[1] / "notes"
# HTML of a field, its form, and its Markdown.
EXAMPLES = [
    ("dog <b>x</b> a*b <i>y </i>[z]", Form.INLINE, "dog **x** a\\*b *y* [z]"),
    ("foo<div>bar</div><div><br></div>baz", Form.INLINE, "foo<br>\nbar<br>\n<br>\nbaz"),
    ("1. a &lt;b&gt; &amp;lt;", Form.INLINE, "1. a &lt;b> &amp;lt;"),
    ("\\(a_1 &lt; b\\) costs $5 or $6", Form.INLINE, "$a_1 < b$ costs \\$5 or \\$6"),
    ("<anki-mathjax>x^2</anki-mathjax>", Form.INLINE, "$x^2$"),
    (
        '<img src="a b.png" alt="x" width="30"> [sound:a.mp3]',
        Form.INLINE,
        "![x](<media/a b.png>){: width=30} [sound:media/a.mp3]",
    ),
    ('<span style="color: red;">a*b</span>', Form.INLINE, '<span style="color: red;">a\\*b</span>'),
    ("<p>foo</p><div>bar</div>baz", Form.BLOCKS, "foo\n\nbar\n\nbaz"),
    ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", Form.BLOCKS, "- a\n    - b\n- c"),
    ('<ol start="3"><li>a</li><li>b</li></ol>', Form.BLOCKS, "3. a\n4. b"),
    ("<p>\\[x=1\\]</p>", Form.BLOCKS, "$$\nx=1\n$$"),
    ("<blockquote><p>a</p><p>b</p></blockquote>", Form.BLOCKS, "> a\n>\n> b"),
    (
        '<div class="highlight"><pre><span></span><code><span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>\n</code></pre></div>',
        Form.BLOCKS,
        "```python\nx = 1\n```",
    ),
    (
        '<table><thead><tr><th>a</th><th style="text-align: right;">b</th></tr></thead><tbody><tr><td>1|2</td>'
        '<td style="text-align:right">3</td></tr></tbody></table>',
        Form.BLOCKS,
        "| a | b |\n| --- | --: |\n| 1\\|2 | 3 |",
    ),
    ('<div class="admonition tip"><p class="admonition-title">Tip</p><p>a</p></div>', Form.BLOCKS, "!!! tip\n    a"),
    ('<details class="note"><summary>T</summary><p>a</p></details>', Form.BLOCKS, '??? note "T"\n    a'),
    ("<table><tr><td>a</td></tr></table>", Form.BLOCKS, "<table><tr><td>a</td></tr></table>"),
]


@pytest.mark.parametrize("html, form, markdown", EXAMPLES)
def test_an_example(html, form, markdown):
    converted = markdown_of(html, form, names=NAMES, render=render_as(form))
    assert converted.markdown == markdown
    assert converted.same


def test_clozes_keep_their_marks():
    html = "{{c1::a<b>b</b>::hint}} {{c2::\\( \\frac{a}{b}+1 \\)}}"
    converted = markdown_of(html, Form.BLOCKS, clozes=True, render=render_as(Form.BLOCKS, clozes=True))
    assert converted.markdown == "{{c1::a**b**::hint}} {{c2::$\\frac{a}{b}+1$}}"
    assert converted.same


def test_what_stays_as_html_is_told():
    converted = markdown_of('a <span class="c">b</span><h1>c</h1>', Form.BLOCKS, render=render_as(Form.BLOCKS))
    assert converted.kept == ('<span class="c">', "<h1>")


def test_deep_html_is_kept_as_it_is():
    html = "<div>" * 5000 + "x"
    converted = markdown_of(html, Form.INLINE, render=lambda markdown: "")
    assert (converted.markdown, converted.same) == (html, False)


@pytest.mark.parametrize(
    "one, other",
    [
        ("a<br>b", "a<div>b</div>"),
        ("<div>a</div><div>b</div>", "a<br>b"),
        ("a<div><br></div>b", "a<br><br>b"),
        ("<b>a </b>b", "<strong>a</strong> b"),
        ("<i>a</i>&nbsp;", "<em>a</em>\u00a0"),
        ("a<!-- c --><br>", "a"),
        ("<sub>a<br> </sub> b", "<sub>a<br></sub>b"),
        ('<p class="b  a">x</p>', '<p class="b a"> x\n</p>'),
        ('<img src="a" alt="b">', "<img alt='b' src=a />"),
    ],
)
def test_the_same_look_has_one_normal_form(one, other):
    assert normal_html(one) == normal_html(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("a b", "ab"),
        ("a<br>b", "a b"),
        ("<p>a</p>", "a"),
        ("a\u00a0b", "a b"),
        ("<br>a", "a"),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
    ],
)
def test_another_look_has_another_normal_form(one, other):
    assert not same_html(one, other)


def test_text_between_blocks_is_a_paragraph_in_the_form_for_blocks():
    assert normal_html("a<div>b</div><p></p>", blocks=True) == "<p>a</p><p>b</p>"


@pytest.mark.parametrize("count", [60, pytest.param(200, marks=pytest.mark.proof)])
@pytest.mark.parametrize("form, clozes", [(Form.INLINE, False), (Form.BLOCKS, False), (Form.BLOCKS, True)])
def test_random_fields_render_as_the_same_html(form, clozes, count):
    render, fields = render_as(form, clozes=clozes), AnkiHtml(20)
    wrong = []
    for _ in range(count):
        html = fields.cloze() if clozes else fields.field(inline=form is Form.INLINE)
        markdown = markdown_of(html, form, clozes=clozes, names=NAMES, render=render).markdown
        if not same_html(render(markdown), html, blocks=form is Form.BLOCKS):
            wrong.append((html, markdown))
    assert not wrong


@pytest.mark.parametrize("deck", [NOTES, NOTES / "en"], ids=["notes", "en"])
def test_the_fields_of_a_deck_render_as_the_same_html(deck):
    project, lock = read_project(deck), read_lock(deck)[1]
    files = files_of(project, lock)
    renderer = Renderer(
        project.root,
        figure_placeholder(Figures(project.figures_code)),
        files[0].options,
        files[0].settings.notetypes,
        diagram_placeholder(Diagrams(diagrams_folder(project.root))),
    )
    fields = FieldRenderer()
    count = equal = 0
    kept = []
    with Caches() as caches:
        notes = read_notes(files, lambda what, done, total: None, caches).notes
    for note in notes[::6]:
        value = renderer.input(note)
        known = dict(value.references)
        names = {found.media.name: name for name, found in value.references if isinstance(found, Found)}
        for role, form in (("question", Form.INLINE), ("answer", Form.BLOCKS), ("source", Form.INLINE)):

            def render(markdown, role=role, value=value, known=known):
                changed = replace(value.note, **{role: Text(markdown, 1)})
                missing = Missing(Severity.INFO, "media-missing", "")
                return fields.render_with(
                    changed, value.notetype, value.page, value.options, lambda name: known.get(name, missing)
                )[0].shown(role)

            source = getattr(note, role)
            if not source or (role == "question" and note.statement):
                continue
            html = fields.render(value)[0].shown(role)
            clozes = value.notetype.asks_clozes and role == "answer"
            converted = markdown_of(html, form, clozes=clozes, names=names, render=render)
            assert converted.same, (note.file, note.line, converted.markdown)
            count += 1
            equal += converted.markdown == source.source
            kept += [(note.kind, tag) for tag in converted.kept]
    # The caption of a picture with masks is a paragraph with a class.
    assert set(kept) <= {("occlusion", '<p class="note-caption">')}
    assert equal > 0.85 * count


def test_code_of_another_highlighter_is_not_rendered_in_each_language():
    """Pygments compiles a lexer when it is first used: more than a second for all of them."""
    html = '<pre><code class="hljs"><span class="hljs-keyword">return</span> x\n</code></pre>'
    tried = []

    def render(markdown):
        tried.append(markdown)
        return render_as(Form.BLOCKS)(markdown)

    assert markdown_of(html, Form.BLOCKS, render=render).markdown.endswith("</pre>")
    assert 0 < len(tried) < 10
