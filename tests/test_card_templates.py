"""Tests cards that are rendered without Anki: they have the HTML that the engine gives."""

import re

import pytest
from anki.collection import Collection
from engine import collection

from deckgen.cards.formulas import formulas_to_mathml
from deckgen.cards.template import TemplateError, render

FIELDS = {"Front": "a <b>x</b> 漢字[かんじ] <br> [sound:a.mp3]", "Back": "<br>"}
SPECIAL = {"Tags": "", "Type": "Basic", "Deck": "(Deck)", "Subdeck": "(Deck)", "Card": "Card 1", "CardFlag": "flag0"}


@pytest.fixture(scope="module")
def col(tmp_path_factory):
    with collection(tmp_path_factory.mktemp("templates") / "learner") as opened:
        yield opened


def engine_sides(
    col: Collection, notetype: str, fields: dict[str, str], front: str, back: str, ordinal: int
) -> tuple[str, str]:
    note = col.new_note(col.models.by_name(notetype))
    for name, text in fields.items():
        note[name] = text
    template = {**col.models.by_name(notetype)["tmpls"][0], "qfmt": front, "afmt": back}
    output = note.ephemeral_card(ordinal, custom_template=template, fill_empty=False).render_output()
    return plain(output.question_text), plain(output.answer_text)


def plain(html: str) -> str:
    """Remove from the engine's HTML what the page does not use: hidden texts of clozes, and the places of sounds."""
    return re.sub(r' data-cloze="[^"]*"|\[anki:play:[^\]]*\]|\[sound:[^\]]*\]', "", html)


@pytest.mark.parametrize(
    "front",
    [
        "{{Front}} <!-- {{Nope}} --> x",
        "x{{#Back}}b{{/Back}}{{^Back}}nb{{/Back}}{{Front}}",
        "{{text:Front}}",
        "{{furigana:Front}}",
        "{{kanji:Front}}|{{kana:Front}}",
        "{{foo:Front}}",
        "{{Front}}{{Tags}}|{{Type}}|{{Deck}}|{{Subdeck}}|{{Card}}|{{CardFlag}}",
        "{{Front}}{{#c1}}one{{/c1}}{{#c2}}two{{/c2}}",
        "{{ Front }} {{{Front}}}",
        "{{Front}} {{cloze:Front}}",
        "{{#Front}}{{#Back}}no{{/Back}}yes{{Front}}{{/Front}}",
        "{{#Tags}}t{{/Tags}}{{text:kanji:Front}}",
        "<i\n>{{Front}}</i>",
    ],
)
def test_templates_render_as_in_the_engine(col, front):
    ours = render(front, "{{FrontSide}}<hr>{{Front}}", FIELDS, 0, SPECIAL)
    assert tuple(map(plain, ours)) == engine_sides(col, "Basic", FIELDS, front, "{{FrontSide}}<hr>{{Front}}", 0)


@pytest.mark.parametrize(
    "front, message",
    [
        ("{{Nope}}", "no field Nope"),
        ("{{#Front}}x", "never closed"),
        ("{{/Front}}", "closes nothing"),
        ("{{#Front}}{{Front}}{{/Back}}", "closes nothing"),
        ("{{#Nope}}x{{/Nope}}{{Front}}", "no field Nope"),
        ("{{}}", "no field "),
    ],
)
def test_a_template_with_an_error_in_the_engine_is_an_error(col, front, message):
    assert "template has a problem" in engine_sides(col, "Basic", FIELDS, front, "", 0)[0]
    with pytest.raises(TemplateError, match=message):
        render(front, "", FIELDS, 0, SPECIAL)


@pytest.mark.parametrize(
    "front",
    ["{{cloze:Text}}", "{{cloze-only:Text}}", "{{cloze:Text}}{{#c1}}one{{/c1}}{{#c2}}two{{/c2}}{{#c01}}none{{/c01}}"],
)
@pytest.mark.parametrize("ordinal", [0, 1])
def test_cloze_templates_render_as_in_the_engine(col, front, ordinal):
    fields = {"Text": r"{{c1::a::hint}} <b>b</b> \({{c2::x}} <i>y</i>\)"}
    assert render(front, front, fields, ordinal, SPECIAL) == engine_sides(col, "Cloze", fields, front, front, ordinal)


def test_hint_is_an_element_that_unfolds():
    question, answer = render("{{hint:A}}", "{{hint:C}}|", {"A": "<b>x</b>", "C": " "}, 0, {})
    assert (question, answer) == ('<details class="hint"><summary>A</summary><b>x</b></details>', "|")


@pytest.mark.parametrize(
    "front, back, boxes, compared",
    [
        ("{{type:A}}", "{{type:A}}", 1, "x &lt; y"),
        ("{{type:nc:A}}", "{{FrontSide}}{{type:nc:A}}", 1, "x &lt; y"),
        ("{{type:cloze:B}}", "{{type:cloze:B}}", 1, "y"),
        # The reviewer compares what the question asks for, and knows nothing to compare if the question has no box.
        ("{{type:A}}", "{{type:B}}", 1, "x &lt; y"),
        ("{{A}}", "{{type:A}}", 0, None),
        ("{{A}}{{type:C}}", "{{type:C}}", 0, None),
    ],
)
def test_typed_answers_are_boxes_as_in_the_reviewer(front, back, boxes, compared):
    fields = {"A": "<b>x</b>&nbsp;&lt; y[sound:a.mp3]<br>", "B": "{{c1::y}} z", "C": ""}
    question, answer = render(front, "0<hr id=answer>" + back, fields, 0, {})
    assert question.count("<input") == boxes and "type:" not in question + answer
    assert set(re.findall('<code id="typeans">(.*?)</code>', answer)) == ({compared} if compared else set())
    assert ("<hr id=answer><div" in answer) == (compared is not None), "the line is above the comparison"


@pytest.mark.parametrize(
    "html, kept",
    [
        (r"<p>\(a&lt;b\)</p>", False),
        (r"<ins>\[\frac12\]</ins>", False),
        (r"a \(x\) b", False),
        (r"<code>\(x\)</code>", True),
        (r"<pre><code>\[x\]</code></pre>", True),
        (r"\(\unknown x\)", True),
        (r"\(a<b>c</b>\)", True),
        (r'<img alt="\(x\)">', True),
        ("5 < 6 (x)", True),
        (r"\[a\\[4pt] b\]", False),
        (r"\[\begin{matrix}a\\[4pt] b\end{matrix}\]", False),
        (r"\(" + r"\sqrt{" * 100_000 + "}" * 100_000 + r"\)", True),
        (r"\(" * 100_000, True),
        ("<!--" * 100_000, True),
        ("<" * 100_000, True),
    ],
    ids=range(15),
)
def test_formulas_become_mathml_where_mathjax_would_show_them(html, kept):
    found = formulas_to_mathml(html)
    assert (found == html) == kept
    assert ("<math" in found and "\\(" not in found and "\\[" not in found) != kept


def test_text_around_a_formula_is_not_changed():
    assert re.fullmatch(
        r"<p>a <math><semantics>.*</semantics></math> b <code>\\\(y\\\)</code> &amp; <math.*</math></p>",
        formulas_to_mathml(r"<p>a \(x\) b <code>\(y\)</code> &amp; \(z\)</p>"),
    )
