"""No code of a note reaches a card, each thing that is taken out is told at its place, and other HTML keeps its bytes."""

import base64
from pathlib import Path

import pytest
from browser import browser
from decks import DECK_TOML, run, write_deck

from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.problems import FigureError
from deckgen.render import Renderer
from deckgen.render.options import RenderOptions

HEAD = "---\ndeckgen: {dialect: heading, level: 1}\n---\n# Why?\nYes. "
# What the author writes → the HTML of the answer, and what was taken out with its line and column.
CASES = {
    "<script>hit()</script> x": ("<p>Yes.  x</p>", ["5:6 <script>"]),
    "<img src=x onerror=hit()>": ('<p>Yes. <img class="missing" title="x"/></p>', ["5:17 onerror of <img>"]),
    "<b onclick\n=hit()>x</b>": ("<p>Yes. <b>x</b></p>", ["5:9 onclick of <b>"]),
    "<b/onclick=hit()>x</b>": ("<p>Yes. <b>x</b></p>", ["5:9 onclick of <b>"]),
    '<iframe src="https://a.example"></iframe>x': ("<p>Yes. x</p>", ["5:6 <iframe>"]),
    '<object data="a.svg"></object>x': ("<p>Yes. x</p>", ["5:6 <object>"]),
    '<embed src="a.svg">x': ("<p>Yes. x</p>", ["5:6 <embed>"]),
    "<style>p{}</style>x": ("<p>Yes. x</p>", ["5:6 <style>"]),
    '<meta http-equiv=refresh content="0;url=https://a.example">x': ("<p>Yes. x</p>", ["5:6 <meta>"]),
    '<link rel=stylesheet href="https://a.example">x': ("<p>Yes. x</p>", ["5:6 <link>"]),
    '<base href="https://a.example">x': ("<p>Yes. x</p>", ["5:6 <base>"]),
    '<svg onload=hit()><circle r="1"/></svg>': (
        '<p>Yes. <svg><circle r="1"></circle></svg></p>',
        ["5:11 onload of <svg>"],
    ),
    '<svg><image href="https://a.example/x"/></svg>': ("<p>Yes. <svg></svg></p>", ["5:11 <image>"]),
    '<svg><use href="https://a.example/x#y"/></svg>': (
        "<p>Yes. <svg><use></use></svg></p>",
        ["5:22 the link https://a.example/x#y"],
    ),
    '<svg><a xlink:href="javascript:hit()"><text>x</text></a></svg>': (
        "<p>Yes. <svg><a><text>x</text></a></svg></p>",
        ["5:14 xlink:href of <a>"],
    ),
    '<video poster="https://a.example/x"></video>': ("<p>Yes. <video></video></p>", ["5:13 poster of <video>"]),
    '<input type=image src="https://a.example/x">x': ("<p>Yes. x</p>", ["5:6 <input>"]),
    '<form action="javascript:hit()"><button>go</button></form>': (
        "<p>Yes. go</p>",
        ["5:6 <form>", "5:38 <button>"],
    ),
    '<i style="background:url(https://a.example)">x</i>': ("<p>Yes. <i>x</i></p>", ["5:9 style of <i>"]),
    "[a](javascript:hit())": ("<p>Yes. <a>a</a></p>", ["5:10 the link javascript:hit()"]),
    "[a](vbscript:x) [b](data:text/html,x)": (
        "<p>Yes. <a>a</a> <a>b</a></p>",
        ["5:10 the link vbscript:x", "5:26 the link data:text/html,x"],
    ),
    '<a href="java&#115;cript:hit()">x</a>': (
        "<p>Yes. <a>x</a></p>",
        ["5:19 the link javascript:hit()"],
    ),
    '<a href="&#1;java&Tab;script&colon;hit()">x</a>': (
        "<p>Yes. <a>x</a></p>",
        ["5:15 the link java script:hit()"],
    ),
    '<a href="javascript:hit()" href="https://a.example">x</a>': (
        "<p>Yes. <a>x</a></p>",
        ["5:15 the link javascript:hit()"],
    ),
    '*x*{: onmouseover="hit()"}': ("<p>Yes. <em>x</em></p>", ["5:12 onmouseover of <em>"]),
    "x\n{: onmouseover=hit() }": ("<p>Yes. x</p>", ["6:4 onmouseover of <p>"]),
    # What is no element of HTML is text.
    "<x onclick=hit()>List</x>": ("<p>Yes. &lt;x onclick=hit()&gt;List&lt;/x&gt;</p>", []),
    "`<script>` <script>x</script>": ("<p>Yes. <code>&lt;script&gt;</code> </p>", ["5:17 <script>"]),
    # Masked text must not become an attribute or an element when it is put back.
    "<i title='$a' onclick=hit() b$'>x</i>": (
        '<p>Yes. <i title="$a\' onclick=hit() b$">x</i></p>',
        [],
    ),
    "<i title=$a onclick=hit() b$>x</i>": ('<p>Yes. <i title="$a onclick=hit() b$">x</i></p>', []),
    "<i $a onclick=hit() b$>x</i>": ("<p>Yes. <i>x</i></p>", ["5:6 an attribute of <i>"]),
    "\n\n<div>\n<{{c1::img src=x onerror=hit()>}} {{c2::b}}\n</div>": (
        "<p>Yes. </p>\n<div>\n&lt;{{c1::img src=x onerror=hit()&gt;}} {{c2::b}}\n</div>",
        [],
    ),
    "<im{{c1::g src=x onerror=hit()>}} {{c2::b}}": ("<p>Yes. }} {{c2::b}}</p>", ["5:1 <img>"]),
}
# Attacks on the difference between the parser of Python and that of browsers.
ATTACKS = [
    *CASES,
    "<!--><img src=x onerror=hit()>-->",
    "<!--!><img src=x onerror=hit()>-->",
    "<![CDATA[<img src=x onerror=hit()>]]>",
    "<!x '><img src=x onerror=hit()>'>",
    '<noscript><p title="</noscript><img src=x onerror=hit()>"></noscript>',
    '<textarea><p title="</textarea><img src=x onerror=hit()>">',
    '<svg><style><p title="</style><img src=x onerror=hit()>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hit()&gt;">',
    '<svg><desc><p title="</desc></svg><img src=x onerror=hit()>">',
    "<b <script>hit()</script>>",
    "</{{c1::x><img src=x onerror=hit()>}} {{c2::b}}",
    '<i title="`<img src=x onerror=hit()>`">x</i>',
    "<i title='\"><img src=x onerror=hit()>'>x</i>",
    "<select><img src=x onerror=hit()></select>",
    "<xmp><p title='</xmp><img src=x onerror=hit()>'>",
    "<a><a href='javascript:hit()'>x",
    "<p><details ontoggle=hit() open>x",
    '[x][1]\n\n[1]: javascript:hit() "title"',
    "<javascript:hit()>",
    '![x](x.png "a\\" onerror=hit() b")',
]


@pytest.fixture
def answer(tmp_path):
    def figure(reference: str):
        raise FigureError("none", code="figure-unknown")

    def render(source: str, unsafe: bool = False):
        write_deck(tmp_path, {"a.md": HEAD + source + "\n"})
        [note] = parse_file(tmp_path / "a.md", "a.md", "a.md", Settings()).notes
        rendered, problems = Renderer(tmp_path, figure, RenderOptions(unsafe=unsafe)).render(note)
        return rendered.fields.get("Back") or rendered.fields.get("Text", ""), problems

    return render


@pytest.mark.parametrize("source, wanted", CASES.items(), ids=CASES)
def test_code_is_taken_out_and_told_at_its_place(answer, source, wanted):
    html, problems = answer(source)
    told = [
        f"{each.line}:{each.column} {each.message.removesuffix(' was taken out: a card may not have it')}"
        for each in problems
        if each.code == "html-unsafe"
    ]
    assert (html, told) == wanted


def test_no_attack_runs_in_a_browser(answer, tmp_path):
    """The same page with the HTML of the author runs code, so the test can find it."""
    runs = ("<img src=data:x onerror=hit()>", "[a](javascript:hit())", "<details ontoggle=hit() open>x</details>")
    # The error event needs an address that is no file of the deck.
    attacks = [source.replace("src=x", "src=data:x") for source in ATTACKS]
    fields = [*(answer(source, unsafe=True)[0] for source in runs), *(answer(source)[0] for source in attacks)]
    assert [(*runs, *attacks)[n] for n in running(fields, tmp_path)] == [*runs]


# Shows each field in a frame of its own, as cards show it, and clicks all that is there. `running` has the numbers of fields that ran code.
FRAMES = """<meta charset=utf-8><body><script>
const fields = [FIELDS], running = new Set(), frame = n => `<meta charset=utf-8><body><div id=qa></div><script>
    const hit = () => parent.ran(${n});
    document.getElementById('qa').innerHTML += parent.field(${n});
<\\/script>`;
window.ran = n => running.add(n);
window.field = n => fields[n];
const shown = fields.map((_, n) => new Promise(loaded => {
    const element = document.createElement('iframe');
    element.onload = () => { element.onload = null; loaded(element.contentDocument); };
    element.srcdoc = frame(n);
    document.body.append(element);
}));
</script>"""
CLICK = """(async () => {
    for (const card of await Promise.all(shown))
        for (const element of card.querySelectorAll('#qa *')) {
            for (const event of ['click', 'mouseover', 'focus', 'toggle'])
                element.dispatchEvent(new Event(event, {bubbles: true}));
            if (element.click) element.click();
        }
    await new Promise(done => setTimeout(done, 500));
    return [...running].sort((a, b) => a - b);
})()"""


def running(fields: list[str], folder: Path) -> list[int]:
    """Show fields as cards show them, click all that is there, and return the numbers of those that ran code."""
    page = folder / "page.html"
    page.write_text(FRAMES.replace("FIELDS", ", ".join(map(as_script, fields))))
    with browser().page(page, 400) as session:
        return browser().evaluate(session, CLICK)


def as_script(html: str) -> str:
    return f"new TextDecoder().decode(Uint8Array.from(atob('{base64.b64encode(html.encode()).decode()}'), c => c.charCodeAt(0)))"


@pytest.mark.parametrize(
    "source",
    [
        "<kbd class='a'>x</kbd> <font color=red>y</font> <ruby>字<rt>zi</rt></ruby> <i style='color: red'>z</i>",
        "- [ ] open\n- [x] done",
        "<details open><summary>s</summary>d</details>",
        '<svg viewBox="0 0 9 9"><g fill="url(#a)"><path d="M0 0"/></g><use href="#b"/></svg>',
        "<math><mi>x</mi></math>",
        "[a](https://a.example/?b=c&d=e#f) [b](mailto:a@b.example) [c](#x) [d](obsidian://open?vault=x)",
        "| a | b |\n|:--|--:|\n| 1 | 2 |",
        "a < b && c > d, `List<String>`, $a < b$",
        "one\n\n<!-- -->\n\ntwo[^1]\n\n[^1]: A footnote.",
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="/> <span data-x="1" aria-label="y">z</span>',
        "*x*{: #id .class title=\"a 'quoted' word\" lang=de }",
    ],
)
def test_other_html_keeps_its_bytes(answer, source):
    safe, unsafe = answer(f"\n\n{source}"), answer(f"\n\n{source}", unsafe=True)
    assert safe == unsafe and not any(each.code == "html-unsafe" for each in safe[1])


@pytest.mark.parametrize(
    "tex, message",
    [
        (r"\href{javascript:hit()}{x}", r"a card may not have \href{javascript:hit()}"),
        (r"\href { JavaScript:x}{x}", r"a card may not have \href{JavaScript:x}"),
        (r"\def\a{javascript:x}\href{\a}{x}", r"\href needs an address or a style without macros"),
        (r"\let\h=\href \h{javascript:x}{x}", r"\href needs an address or a style without macros"),
        (r"\style{background:url(//a.example)}{x}", r"a card may not have \style{background:url(//a.example)}"),
        (r"\href{https://a.example/x_y}{x} \style{color:red}{x} \hrefs \text{href}", None),
    ],
)
def test_links_and_styles_of_formulas_with_code_are_errors(answer, tex, message):
    problems = [each for each in answer(f"${tex}$")[1] if each.code == "html-unsafe"]
    assert [(each.message, each.severity) for each in problems] == ([(message, "error")] if message else [])
    assert not any(each.code == "html-unsafe" for each in answer(f"${tex}$", unsafe=True)[1])


def test_other_parts_of_a_note_bring_no_code(tmp_path):
    bad = "<img src=data:x onerror=hit()>"
    text = (
        f'# Deck {bad}\n\n## Section {bad}\n\n### Why {bad}? {{#a">{bad.replace(" ", "/")}}}\n\nYes[^1], HTML.\n\n'
        f'!!! note "{bad}"\n    x\n\n[^1]: {bad}\n*[HTML]: a" onclick="hit()\n\nSource: {bad}\n'
    )
    write_deck(tmp_path, {"a.md": text})
    notes = parse_file(tmp_path / "a.md", "a.md", "a.md", Settings(level=3)).notes
    assert len(notes) == 1
    rendered, problems = Renderer(tmp_path, lambda reference: pytest.fail(reference)).render(notes[0])
    fields = rendered.fields
    assert [[*fields][n] for n in running([*fields.values()], tmp_path)] == []
    assert rendered.fields["Id"].startswith("a&quot;&gt;&lt;img/")
    # Two headings, the question, the admonition, the footnote and the source.
    assert len([each for each in problems if each.message.startswith("onerror of <img>")]) == 6


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize(
    "content",
    [
        SVG.format("<script>x</script>"),
        SVG.format('<a xlink:href="java&#115;cript:x"><circle r="1"/></a>'),
        SVG.format('<circle r="1" onclick="x"/>'),
        SVG.format("<foreignObject><p>x</p></foreignObject>"),
        SVG.format('<animate attributeName="href" to="javascript:x"/>'),
        '<!DOCTYPE svg [<!ENTITY a "<script/>">]>' + SVG.format("&a;"),
        ("\ufeff" + SVG.format("<script>x</script>")).encode("utf-16-le"),
    ],
)
def test_an_svg_picture_with_code_is_an_error(tmp_path, content):
    write_deck(tmp_path / "deck", {"a.md": "# Deck\n\n## What?\n\n![x](a.svg)\n", "a.svg": content})
    result = run("build", "deck", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr == (
        "deck/a.md:5:6: error: a.svg contains code (remove its scripts and event handlers) [media-code]\n"
    )
    (tmp_path / "deck" / "deck.toml").write_text(f'{DECK_TOML}html = "unsafe"\n')
    assert run("build", "deck", cwd=tmp_path).returncode == 0


def test_an_svg_picture_without_code_is_packed(tmp_path):
    style = '<defs><style>*{stroke-linejoin: round}</style></defs><use xlink:href="#a" style="fill: red"/>'
    picture = '<image xlink:href="data:image/png;base64,AAAA"/>'
    write_deck(tmp_path / "deck", {"a.md": "# Deck\n\n## What?\n\n![x](a.svg)\n", "a.svg": SVG.format(style + picture)})
    result = run("build", "deck", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "") and "1 media" in result.stdout


def test_deck_toml_keeps_all_html(tmp_path):
    note = "# Deck\n\n## What?\n\n<b onclick=x>y</b>\n"
    write_deck(tmp_path / "deck", {"a.md": note})
    assert '"back": "<p><b>y</b></p>"' in run("list", "deck", "--json", cwd=tmp_path).stdout
    warned = run("check", "deck", cwd=tmp_path)
    assert warned.stderr == (
        "deck/a.md:5:4: warning: onclick of <b> was taken out: a card may not have it "
        '(html = "unsafe" in deck.toml keeps all HTML of the notes) [html-unsafe]\n'
    )
    (tmp_path / "deck" / "deck.toml").write_text(f'{DECK_TOML}html = "unsafe"\n')
    assert '"back": "<p><b onclick=x>y</b></p>"' in run("list", "deck", "--json", cwd=tmp_path).stdout
    (tmp_path / "deck" / "deck.toml").write_text(f'{DECK_TOML}html = "yes"\n')
    assert (
        "deck.toml:5:1: error: html is not one of safe, unsafe [deck-toml]" in run("check", "deck", cwd=tmp_path).stderr
    )


def test_each_link_with_code_is_one_line_at_its_place(tmp_path):
    """An address may be written with character references, also for a line break."""
    notes = '# D\n\n## What?\n\n[x](javascript:a(1)) <a href="java&#10;script:a(2)">y</a>\n\n[z](vbscript:c) [d](data:text/html,x)\n'
    result = run("check", write_deck(tmp_path / "deck", {"a.md": notes}), cwd=tmp_path)
    found = [line.partition("a.md:")[2].partition(" was taken")[0] for line in result.stderr.splitlines()]
    assert found == [
        "5:5: warning: the link javascript:a(1)",
        "5:35: warning: the link java script:a(2)",
        "7:5: warning: the link vbscript:c",
        "7:21: warning: the link data:text/html,x",
    ]
