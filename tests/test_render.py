"""Field HTML: Markdown as MkDocs renders it, and what Anki needs of it."""

import re
from pathlib import Path

import pytest
from decks import PIXEL, write_deck
from deckgen.model import Media
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.problems import FigureError, Problem
from deckgen.render import Renderer


def figure(ref: str) -> Media:
    if ref != "figure:known?n=1&m=2":
        raise FigureError(f"no figure {ref}", code="figure-unknown", hint="known: known")
    return Media("fig-known.webp", Path("fig-known.webp"), "declared")


@pytest.fixture
def render(tmp_path):
    def run(answer: str, question: str = "Why?", base_url: str = "") -> tuple[dict, tuple[Media, ...], list[Problem]]:
        write_deck(tmp_path, {"sub/a.md": f"---\ndeckgen: {{dialect: heading, level: 1}}\n---\n# {question}\n\n{answer}\n"})
        (note,) = parse_file(tmp_path / "sub" / "a.md", "sub/a.md", "sub/a.md", Settings()).notes
        rendered, problems = Renderer(tmp_path, figure, base_url).render(note)
        return dict(rendered.fields), rendered.media, problems

    return run


def back(result: tuple) -> str:
    assert [problem for problem in result[2] if problem.code != "math-pseudo"] == []
    return re.sub(r"\s*\n\s*", "", result[0]["Back"])


@pytest.mark.parametrize("markdown, html", [
    ("a <u>b</u> < c & d << e", "<p>a <u>b</u> &lt; c &amp; d &lt;&lt; e</p>"),
    ("1. one\n\ntext\n\n2. two", "<ol><li>one</li></ol><p>text</p><ol start=\"2\"><li>two</li></ol>"),
    ("*d**ff* and O(n^2 * d), O(n * d)", "<p><em>d**ff</em> and O(n^2 * d), O(n * d)</p>"),
    ("“**强调**”的词，h\\*d_v 与 snake_case_name", "<p>“<strong>强调</strong>”的词，h*d_v 与 snake_case_name</p>"),
    ("*$QK^T$*的", "<p><em>\\(QK^T\\)</em>的</p>"),
    ("~~old~~ a~b H~2~O", "<p><del>old</del> a~b H~2~O</p>"),
    ("before <!-- private --> after", "<p>before  after</p>"),
    ("a [latex]x[/latex] [$] y [anki:tts lang=en]", "<p>a &#91;latex]x&#91;/latex] &#91;$] y &#91;anki:tts lang=en]</p>"),
    ("icons \U000f0001 stay, $x$ too", "<p>icons \U000f0001 stay, \\(x\\) too</p>"),
    ("`code {{c1::y}}`", "<p><code>code {{c1::y}}</code></p>"),
])
def test_markdown(render, markdown, html):
    assert back(render(markdown)) == html


def test_code_has_classes_and_no_colours(render):
    html = back(render("```python\nif a < b:\n    pass  # $x$ and [sound:no]\n```"))
    assert html.startswith('<div class="highlight"><pre><span></span><code><span class="k">if</span>')
    assert "&lt;" in html and "style=" not in html and "$x$ and &#91;sound:no]" in html


def test_an_unclosed_fence_is_code_to_the_end(render):
    assert "<h2>" not in back(render("text\n\n```python\nx = 1\n## y")) 


def test_tables(render):
    html = back(render("| a | b |\n|---|:-:|\n| $P(A|B)$ | `x|y`\\| |"))
    assert html.count("<td") == 2 and "\\(P(A|B)\\)" in html


def test_the_address_of_a_link_stays_byte_for_byte(render):
    address = "https://example.org/a/1#:~:text=%E4%B8%BA,%EF%BC%89&text=a_b*c_d,-x"
    html = back(render(f"> [see]({address})"))
    assert html == f'<blockquote><p><a href="{address.replace("&", "&amp;")}">see</a></p></blockquote>'


def test_relative_links_lead_nowhere_without_a_base(render):
    fields, _, (problem,) = render("text\n\nsee [there](../b.md#c)")
    assert fields["Back"].endswith('<p>see <a title="../b.md#c">there</a></p>')
    assert (problem.line, problem.column, problem.severity, problem.code) == (8, 13, "info", "link-relative")
    assert 'href="https://example.org/notes/b.md#c"' in back(render("see [there](../b.md#c)", base_url="https://example.org/notes/"))


def test_links_are_told_at_their_own_places(render):
    problems = render("`u.md`\n\n[a](u.md)\n\n[b](u.md) ![é](é&amp;.png)")[2]
    assert [(p.line, p.column) for p in problems] == [(10, 16), (8, 5), (10, 5)]


def test_local_images_become_media_under_hashed_names(render, tmp_path):
    write_deck(tmp_path, {"sub/img/图 1.PNG": PIXEL, "sub/a/asset.png": PIXEL + b"1", "root.png": PIXEL + b"2", "up.png": PIXEL + b"3"})
    fields, media, problems = render("![x](img/图%201.PNG) ![y](asset.png) ![z](/root.png)\n\n<img src='../up.png' width=3> ![x](img/图%201.PNG)")
    assert problems == [] and len(media) == 4
    for item in media:
        assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{16}\.png", item.name)
        assert f'src="{item.name}"' in fields["Back"]
        assert item.path.read_bytes().startswith(PIXEL)
    assert 'width="3"' in fields["Back"]


def test_the_name_follows_the_bytes(render, tmp_path):
    write_deck(tmp_path, {"sub/a.png": PIXEL})
    first = render("![x](a.png)")[1]
    write_deck(tmp_path, {"sub/a.png": PIXEL + b"new"})
    assert render("![x](a.png)")[1][0].name != first[0].name


def test_missing_and_remote_images_are_told_at_their_lines(render):
    fields, media, problems = render("`![x](no.png)`\n\n![one](no.png) ![two](https://example.org/a.png)\n\n![three](no.png)")
    assert media == ()
    assert [(p.line, p.column, p.severity, p.code) for p in problems] == [
        (8, 8, "warning", "media-missing"), (8, 23, "warning", "media-remote"), (10, 10, "warning", "media-missing")]
    assert all(problem.hint for problem in problems)
    assert 'src="no.png"' not in fields["Back"] and 'src="https://example.org/a.png"' in fields["Back"]
    assert '<img alt="one" class="missing" title="no.png"/>' in fields["Back"]


def test_sounds_are_media(render, tmp_path):
    write_deck(tmp_path, {"sub/say.mp3": b"mp3"})
    fields, media, problems = render("[sound:say.mp3] and [sound:none.mp3]")
    assert f"[sound:{media[0].name}]" in fields["Back"] and "&#91;sound:none.mp3]" in fields["Back"]
    assert [p.code for p in problems] == ["media-missing"]


def test_figures_have_captions_and_problems_at_their_place(render):
    fields, media, problems = render('![heat map](figure:known?n=1&m=2 "每行一个 $x$")\n\n![none](figure:unknown)')
    assert fields["Back"].startswith('<figure><img alt="heat map" class="computed" src="fig-known.webp"/><figcaption>每行一个 \\(x\\)</figcaption></figure>')
    assert [m.name for m in media] == ["fig-known.webp"]
    assert 'alt="declared"' in render("![](figure:known?n=1&m=2)")[0]["Back"]
    assert [(p.line, p.column, p.severity, p.code, p.hint) for p in problems] == [(8, 9, "error", "figure-unknown", "known: known")]


@pytest.mark.parametrize("question, html", [
    ("Explain C#", "Explain C#"), ("What is {a}?", "What is {a}?"), ("What does f return: {1, 2}", "What does f return: {1, 2}"),
    ("1. not a list *x*", "not a list <em>x</em>"), ("[a]: b", "[a]: b"),
    ("Is `a_b` < $x_1$ & **c**?", "Is <code>a_b</code> &lt; \\(x_1\\) &amp; <strong>c</strong>?"),
    ("- not a list?", "- not a list?"), ("> no quote?", "&gt; no quote?"), ("`#` no heading #x?", "<code>#</code> no heading #x?"),
])
def test_questions_are_one_line(render, question, html):
    assert render("a", question)[0]["Front"] == html


def test_a_source_line_goes_into_its_field(render):
    fields, _, problems = render("Answer.\n\n来源：[Vaswani 等 2017，§3.2](https://arxiv.org/abs/1706.03762)")
    assert problems == [] and fields["Back"] == "<p>Answer.</p>"
    assert fields["Source"] == '<a href="https://arxiv.org/abs/1706.03762">Vaswani 等 2017，§3.2</a>'


def test_clozes_survive_what_anki_would_misread(render):
    fields, _, problems = render("{{c1::$\\frac{a}{b^{c}}$}} and {{c2::`{{x}}` std::sort::a hint}} {{c3::a {{c4::b}}}} `a::b`")
    assert problems == []
    assert fields["Text"] == ("<p>{{c1::\\(\\frac{a}{b^{c} }\\)}} and {{c2::<code>&#123;&#123;x&#125;&#125;</code> std::sort&#58;&#58;a hint}} "
                              "{{c3::a {{c4::b}}}} <code>a&#58;&#58;b</code></p>")


@pytest.mark.parametrize("answer, codes", [
    ("x {{c1::a} and {{c2::b}}", ["cloze-unclosed"]), ("{{c1::a", ["cloze-unclosed", "cloze-number"]), ("{{c0::a}}", ["cloze-number"]),
    ("<!-- nothing -->", ["answer-missing"]), ("<div></div>", ["answer-missing"]), ("![](no.png)", ["media-missing"]),
])
def test_notes_that_lack_something(render, answer, codes):
    assert [problem.code for problem in render(answer)[2]] == codes


def test_only_media_goes_into_a_package(render, tmp_path):
    write_deck(tmp_path, {"sub/secret.txt": "s", "sub/plain": "p"})
    _, media, problems = render("![a](secret.txt) ![b](plain) ![c](/secret.txt) ![d](" + "x" * 300 + ".png)")
    assert media == () and [problem.code for problem in problems] == ["media-kind", "media-kind", "media-missing", "media-missing"]


def test_tags_in_capitals_and_sets_of_sources(render, tmp_path):
    write_deck(tmp_path, {"sub/a.png": PIXEL})
    fields, media, problems = render('<IMG SRC="a.png" srcset="b.png 2x">')
    assert problems == [] and fields["Back"] == f'<p><img src="{media[0].name}"/></p>'


def test_the_breadcrumb_shows_markup_and_plays_nothing(tmp_path):
    write_deck(tmp_path, {"a.md": "# [sound:a.mp3] **D**\n\n## $x^2$ {#s}\n\n### Why?\n\nSo.\n\n### How?\n\nThus.\n"})
    note = parse_file(tmp_path / "a.md", "a.md", "a.md", Settings()).notes[0]
    fields = Renderer(tmp_path, figure).render(note)[0].fields
    assert fields["Section"] == "&#91;sound:a.mp3] <strong>D</strong> › \\(x^2\\)"
    assert note.tags == ("[sound:a.mp3]_D::x^2",)


def test_definitions_anywhere_in_the_file_serve_all_notes(tmp_path):
    write_deck(tmp_path, {"a.png": PIXEL, "a.md": "# D\n\n## A?\n\nSee [docs][1], ![pic][img] and HTML.[^n]\n\n## B?\n\nNothing.\n\nSource: b\n\n"
                          "[1]: https://example.org/\n[img]: a.png\n[^n]: A footnote\n    of two lines.\n*[HTML]: Hypertext\n"})
    notes = parse_file(tmp_path / "a.md", "a.md", "a.md", Settings()).notes
    (one, problems), (two, _) = map(Renderer(tmp_path, figure).render, notes)
    assert problems == [] and len(one.media) == 1
    for part in ('<a href="https://example.org/">docs</a>', f'src="{one.media[0].name}"', '<abbr title="Hypertext">HTML</abbr>', "A footnote\nof two lines."):
        assert part in one.fields["Back"]
    assert (two.fields["Back"], two.fields["Source"]) == ("<p>Nothing.</p>", "b")
