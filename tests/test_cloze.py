"""Compares deckgen's clozes with Anki's engine: numbers, cards and HTML. Escaped marks are text to the engine."""

import re
from collections.abc import Sequence
from html import unescape

import pytest
from anki.collection import Collection
from engine import collection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deckgen.cloze.grammar import MAX_DEPTH, card_ordinal, cloze_numbers
from deckgen.cloze.mathjax import strip_tags_in_mathjax
from deckgen.cloze.occlusion import mask_attributes, write_mask
from deckgen.cloze.show import show_field, show_only, typed_answer
from deckgen.cloze.source import escape_cloze_marks, escape_cloze_marks_in_tex, find_cloze_marks, hidden_ranges

NUMBERS = [
    "1",
    "2",
    "3",
    "10",
    "11",
    "0",
    "00",
    "01",
    "499",
    "500",
    "501",
    "65535",
    "65536",
    "0065535",
    "99999999999",
    "9" * 5000,
    "0" * 5000 + "1",
    "1,2",
    "2,1",
    "1,1",
    "1,,3",
    ",1",
    "1,",
    ",",
    "",
    "0,1",
    "0,0",
    "65536,2",
    "65536,65537",
    "1, 2",
    "١",
    "１",
    "+1",
    "-1",
]
TEXTS = [
    "a",
    "b c",
    "漢",
    "hint",
    "::",
    ":",
    ":::",
    "{",
    "}",
    "{{",
    "}}}",
    "{{c",
    "{{c1",
    "{{c1:",
    "\n",
    "&amp;",
    '"',
    "<b>",
    "</b>",
    "<",
    ">",
    "<!--",
    "-->",
    "<style>",
    "</style>",
    "<SCRIPT src=x>",
    "</script>",
    r"\(",
    r"\)",
    r"\[",
    r"\]",
    "image-occlusion:",
    "rect:left=.1:top=0:width=0",
    ":oi=1",
    ":text=x\\:y&",
    ":points=1,2 3 4,5",
    ":fill=",
    "polygon",
    "\\",
    "=",
    ":fs=3:rx=0:angle=0:scale=2:other=1",
]
OPENINGS = st.sampled_from(NUMBERS).map("{{{{c{}::".format)
PIECES = st.one_of(OPENINGS, st.just("}}"), st.sampled_from(TEXTS))


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(OPENINGS, st.sampled_from(TEXTS), inner, st.sampled_from(["", "::", "::hint", "x"])).map(
        lambda parts: "".join(parts) + "}}"
    )


def nested_clozes(texts: list[str]) -> str:
    """Return nested clozes, one for each text."""
    return "".join(f"{{{{c{n}::{text}" for n, text in enumerate(texts, 1)) + "}}".join(["", *texts])


FIELDS = st.one_of(
    st.lists(PIECES, max_size=25).map("".join),
    st.lists(st.recursive(st.sampled_from(TEXTS), nested, max_leaves=12), max_size=4).map("".join),
    st.lists(st.sampled_from(TEXTS), min_size=8, max_size=12).map(nested_clozes),
)


@pytest.fixture(scope="module")
def col(tmp_path_factory):
    with collection(tmp_path_factory.mktemp("clozes") / "learner") as opened:
        yield opened


def note_of(col: Collection, text: str, extra: str = ""):
    note = col.new_note(col.models.by_name("Cloze"))
    note["Text"], note["Back Extra"] = text, extra
    return note


def engine_numbers(col: Collection, text: str) -> set[int]:
    return set(note_of(col, text).cloze_numbers_in_fields())


def engine_ordinals(col: Collection, *fields: str) -> set[int]:
    note = note_of(col, *fields)
    col.add_note(note, col.decks.id("Default"))
    ordinals = {card.ord for card in note.cards()}
    col.remove_notes([note.id])
    return ordinals


def engine_sides(col: Collection, text: str, ordinal: int, name: str) -> tuple[str, str]:
    template = {
        **col.models.by_name("Cloze")["tmpls"][0],
        "qfmt": f"{{{{{name}:Text}}}}",
        "afmt": f"{{{{{name}:Text}}}}",
    }
    output = note_of(col, text).ephemeral_card(ordinal, custom_template=template, fill_empty=False).render_output()
    return comparable(output.question_text), comparable(output.answer_text)


def comparable(html: str) -> str:
    """Return the HTML without the attribute that deckgen leaves out. The attribute that has two ways of escaping is unescaped."""
    html = re.sub(r' data-cloze="[^"]*"', "", html)
    return re.sub(r'(?<= data-text=")[^"]*', lambda match: unescape(match[0]), html)


# One number is too large, so its marks are text to the engine. That text may be in a cloze and contain its hint.
TOO_LARGE = ("{{c65536::{{c1::x}}", "{{c1::a {{c65536::b}} c", "{{c1,65536::a}}", "{{c" + "9" * 5000 + "::a}}{{c2::b}}")
# Tags in formulas are removed, unless they are never closed.
IN_FORMULAS = (
    r"\(a {{c1::b}}\) {{c1::c}}",
    r"\[{{c1::x<b>}} <!-- y --><style>z</style>\]",
    r"{{c1::\(a <!-- b > c\)}} \(<i>",
    r"{{c1::x}}\(<style> y > z < w\)",
)
MASKS = (
    "{{c1::image-occlusion:rect:left=.1:top=.2:oi=1}}<br>{{c2::image-occlusion:text:text=a\\:b\\\\:fs=2}}",
    "{{c0::image-occlusion:rect:left=.1}}{{c1::a}}",
    "{{c1::image-occlusion:rect:left=a::b}}",
    "{{c1::x {{c2::y}}image-occlusion::z}}",
    "{{c2::image-occlusion:rect{{c1::x}}}}",
    "{{c1::image-occlusion:polygon:points=1,2 x 3,4:left=a\\b:top=2}}",
    "{{c1::image-occlusion:}}",
    "{{c1::::image-occlusion:rect:left=1}}",
)


DEEPEST = "".join(f"{{{{c{n}::a" for n in range(1, 13)) + "x::hint" + "}}" * 12


def with_examples(texts: Sequence[str], *other: int):
    """Decorate a property, so that it is also tested with each of the texts. `other` are its further arguments."""

    def decorate(test):
        for text in texts:
            test = example(text, *other)(test)
        return test

    return decorate


@with_examples([DEEPEST, *TOO_LARGE, *MASKS])
@given(FIELDS)
@settings(max_examples=600, deadline=None)
def test_cloze_numbers_equal_those_of_the_engine(col, text):
    assert cloze_numbers(text) == engine_numbers(col, text)


@given(FIELDS, st.just("") | FIELDS)
@settings(max_examples=200, deadline=None)
def test_card_ordinals_equal_those_of_the_engine(col, text, extra):
    ours = {card_ordinal(number) for number in cloze_numbers(text) | cloze_numbers(extra)}
    # For a note without a cloze the engine makes a card with a message.
    assert (ours or {0}) == engine_ordinals(col, text, extra)


@with_examples([DEEPEST, *TOO_LARGE, *IN_FORMULAS, *MASKS], 1)
@given(FIELDS, st.sampled_from([1, 2, 3, 9, 10, 11, 499, 500, 501]))
@settings(max_examples=800, deadline=None)
def test_a_card_equals_the_card_of_the_engine(col, text, number):
    front = engine_sides(col, text, number - 1, "cloze")
    ours = show_field(text, number, question=True), show_field(text, number, question=False)
    if number in cloze_numbers(text):
        assert tuple(map(comparable, ours)) == front
    else:
        assert ours == ("", "") and "No cloze" in front[0]


@with_examples([DEEPEST, *TOO_LARGE, *MASKS], 1)
@given(FIELDS, st.sampled_from([1, 2, 3, 10, 500]))
@settings(max_examples=300, deadline=None)
def test_cloze_only_texts_equal_those_of_the_engine(col, text, number):
    assert typed_answer(text, number) == col.extract_cloze_for_typing(text, number)
    if number in cloze_numbers(text):
        ours = show_only(text, number, question=True), show_only(text, number, question=False)
        assert ours == engine_sides(col, text, number - 1, "cloze-only")


@given(FIELDS)
@settings(max_examples=300, deadline=None)
def test_escaped_marks_are_text_to_the_engine(col, text):
    escaped = escape_cloze_marks(text)
    assert cloze_numbers(escaped) == engine_numbers(col, escaped) == set()
    assert unescape(escaped) == unescape(text)


def without_hidden(tex: str) -> str:
    hidden = list(hidden_ranges(tex))
    return "".join(
        tex[end:start]
        for end, start in zip([0, *(end for _, end in hidden)], [*(start for start, _ in hidden), len(tex)])
    )


def normalized_tex(tex: str) -> str:
    """Return TeX without spaces and entities, which do not change a formula."""
    return "".join(unescape(tex).split())


TEX = st.lists(
    st.sampled_from(["{{c1::", "{{c2,3::", "{{c1", "}}", "}", "{", "::", ":", "x", r"\frac", r"\}", r"\{", "\\", "\n"]),
    max_size=20,
).map("".join)


@example(r"{{c1::\frac{a}{b}}}")
@example("{{c1::{a::b}::hint}}")
@given(TEX)
@settings(max_examples=400, deadline=None)
def test_the_engine_reads_the_clozes_of_tex_as_the_author_meant_them(col, tex):
    marks = [tex[start:end] for start, end, _ in find_cloze_marks(tex)]
    meant = {int(number) for mark in marks if mark.startswith("{{c") for number in mark[3:-2].split(",")}
    escaped = escape_cloze_marks_in_tex(tex)
    if sum(mark.startswith("{{c") for mark in marks) <= MAX_DEPTH:
        assert engine_numbers(col, escaped) == meant
        shown = [re.sub("</?span[^>]*>", "", engine_sides(col, escaped, number - 1, "cloze")[1]) for number in meant]
        assert {normalized_tex(text) for text in shown} <= {normalized_tex(without_hidden(tex))}
    assert normalized_tex(escaped) == normalized_tex(tex)


@pytest.mark.parametrize(
    "tex, shown",
    [
        (r"{{c1::\frac{a}{b}}}", r"\frac{a}{b}"),
        ("{{c1::{a::b}::hint}} c", "{a::b} c"),
        ("{{c1::a::h {{c2::b}} h}}", "ab h"),
        ("{{c1::a", "{{c1::a"),
        ("{{c1,,3::a}}", "a"),
        (r"\{\{c1::a}}", r"\{\{c1::a}}"),
        ("x", "x"),
    ],
)
def test_hidden_ranges_are_not_shown_in_an_answer(tex, shown):
    assert without_hidden(tex) == shown


def test_a_mask_is_written_as_the_engine_reads_it(col):
    properties = {"left": ".1000", "top": "0", "width": ".3000", "height": ".4000", "oi": "1"}
    written = write_mask(2, "rect", properties)
    assert cloze_numbers(written) == {2}
    shown = 'data-shape="rect" data-left=".1000" data-top="0" data-width=".3000" data-height=".4000" data-occludeInactive="1" '
    assert mask_attributes("rect:left=.1000:top=0:width=.3000:height=.4000:oi=1") == shown
    assert shown in engine_sides(col, written, 1, "cloze")[0]


@pytest.mark.parametrize(
    "text", [r"\(" * 200_000, "<" * 200_000, "<!--x>" * 50_000, "<style>" * 50_000, "<style" * 50_000]
)
def test_the_time_of_stripping_unclosed_tags_is_linear(text):
    assert strip_tags_in_mathjax(text) == text
    strip_tags_in_mathjax(rf"\({text}\)")
