"""Property: all formulas of a random page are in the field, in their order, with the same bytes."""

import re
from html import unescape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# All signs with a meaning in Markdown, HTML, clozes or the scan, except those that are rewritten for Anki.
ATOMS = (
    "x", "a_1", "b_{ij}", "*", "**", "__", "~~", "|", r"\|", "[i](x)", "![a](b)", "<", ">", "<b>", "</u>", "&", "'", '"', "!", "==",
    "^*", "^{b^{c}}", "}}", "{{", "{{c}}", "::", ":", r"\{", r"\}", r"\\ ", r"\,", r"\$", r"\text{若 $x$ 则}", r"\alpha", r"\frac{a}{b}",
    "+", "-", "1.", "#", "[^1]", "http://a.b", "词", "，", r"\_", "\u200b", "\U000f0005", "i<n", "c>d", "&lt", "]", "(", ")", "=",
)  # fmt: skip
INLINE = (("$", "$"), (r"\(", r"\)"), ("$`", "`$"))
DISPLAY = (("$$", "$$"), (r"\[", r"\]"))
IN_TEXT = (
    "F", "词F语", "**F**", "*F* 与 _F_", "~~F~~", "- F\n- 项 F\n    - F", "1. F\n\n    续 F\n2. F", "> F\n> 与 F", "> - F\n>\n> > F",
    "# F 与 F", "F\n===", "[F](http://a_b.c/d_e*f*)", "<u>F</u> <b>F</b>", "<div>\nF\n</div>", "<table><tr><td>F</td></tr></table>",
    "| a | F |\n|---|---|\n| F | `$b$` F |", "`code $x$ *y*` F", "```\n$code$ \\(x\\)\n```\n\nF", "段落\n\n    $code$\n\nF", "价格 $5 和 F",
    '!!! note "F"\n    F\n\n    F', '??? tip\n    F', "F[^n]\n\n[^n]: F", "词\n:   F", "- [ ] F", "<!-- $c$ -->F", "<img alt='$a$' src='data:,'>F",
    "==F== H~2~O", "**粗F体**，F。", "$HOME F", r"\$5 F", "F{.c}", "*[ABBR]: x\n\nABBR F",
)  # fmt: skip
ALONE = ("F", "公式：\nF\n其中", "> F", "- 项\n\n    F", "1. F", "F，其中", "<div>\nF\n</div>", "!!! note\n    F")


@st.composite
def formula(draw, delimiters) -> tuple[str, str]:
    """Draw a formula with its delimiters, and its TeX."""
    tex = "".join(draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=6)))
    opener, closer = draw(st.sampled_from(delimiters))
    # A sign that prices and prose do not have.
    tex = r"\beta " + tex.strip() + "_0"
    return opener + tex + closer, tex


@st.composite
def block(draw) -> tuple[str, list[str]]:
    template, delimiters = draw(
        st.one_of(
            st.tuples(st.sampled_from(IN_TEXT), st.just(INLINE)), st.tuples(st.sampled_from(ALONE), st.just(DISPLAY))
        )
    )
    found = [draw(formula(delimiters)) for _ in range(template.count("F"))]
    pieces = template.split("F")
    text = pieces[0] + "".join(written + after for (written, _), after in zip(found, pieces[1:]))
    return text, [tex for _, tex in found]


@st.composite
def page(draw) -> tuple[str, list[str]]:
    blocks = draw(st.lists(block(), min_size=1, max_size=5))
    # There is a paragraph between two blocks. Otherwise an indented block would belong to a list before it.
    text = "\n\n段落。\n\n".join(text.replace("[^n]", f"[^n{i}]") for i, (text, _) in enumerate(blocks))
    return text, [tex for _, found in blocks for tex in found]


def shown(html: str) -> list[str]:
    """Return the TeX of the formulas of a field. All other braces and backslashes in it are text."""
    return [unescape(a or b) for a, b in re.findall(r"\\\((.+?)(?<!\\)\\\)|\\\[(.+?)(?<!\\)\\\]", html, re.S)]


def without_code(html: str) -> str:
    return re.sub(r"<code>.*?</code>", "", html, flags=re.S)


def without_brace_spaces(tex: str) -> str:
    """Return the TeX without spaces between closing braces."""
    return re.sub(r"\} (?=\})", "}", tex)


def reading_order(texts: list[str], html: str) -> list[str]:
    """Return the texts in the order of the field, where footnotes are at the end."""
    return sorted(texts) if "footnote" in html else texts


PATIENT = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@PATIENT
@given(page())
def test_formulas_stay_the_same_in_any_markdown(render, page):
    markdown, wanted = page
    html, _ = render(markdown)
    assert reading_order(shown(without_code(html)), html) == reading_order(wanted, html), markdown


@PATIENT
@given(page())
def test_formulas_stay_the_same_in_cloze_notes(render, page):
    markdown, wanted = page
    html, _ = render("{{c1::词}}\n\n" + markdown, "cloze")
    found = [without_brace_spaces(tex) for tex in shown(without_code(html))]
    assert reading_order(found, html) == reading_order([without_brace_spaces(tex) for tex in wanted], html), markdown
    # Anki reads only the marks that the author wrote.
    assert re.findall(r"\{\{c\d+::|\}\}|(?<!c1)::", html) == ["{{c1::", "}}"]
