"""Questions, sources and sections that are one line without markup are not parsed. Fields and problems are the same as with all steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from deckgen.model import Note, Text
from deckgen.notetypes import built_in
from deckgen.render import RenderOptions, markdown
from deckgen.render.input import render_input
from deckgen.render.markdown import FieldRenderer
from deckgen.render.plain_source import is_bare_line

# Text, and the signs of all that is masked, changed or reported in a line.
PIECES = ["a", "为什么", "O(n2)", "Θ(", "f(n log n)", "x2", " ", "? ", ")", "1. ", "- ", "+ ", "@", "/", ";", "'", '"', "#t", "%% c %%", "^id", "![", "[", "]", "[sound:a.mp3]",
          "[TOC]", "{{c1::b}}", "{{c1::", "::", "}}", "$x$", "$", "\\(", "\\", "*a*", "_", "`c`", "<b>", "<cstddef>", "&", "~", "==h==", "|", ":", "!", "\u2028", "\U000f0000"]  # fmt: skip
LINES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
TYPES = [each for own in built_in() for each in (own, replace(own, imported=True))]


@pytest.mark.parametrize(
    "options", [RenderOptions(), RenderOptions(mathml=True, unsafe=True)], ids=["default", "unsafe"]
)
def test_bare_lines_are_their_own_html(options, monkeypatch):
    renderer = FieldRenderer()

    @given(LINES, st.sampled_from(TYPES))
    def holds(line, notetype):
        note = Note(
            "a.md", "a.md", notetype.kind, "heading", Text(line, 1), Text("b", 3), (line,), source=Text(line, 4)
        )
        value = render_input(note, notetype, options, ())
        with monkeypatch.context() as patched:
            patched.setattr(markdown, "is_bare_line", lambda text: False)
            expected = renderer.render(value)
        assert renderer.render(value) == expected

    holds()


@pytest.mark.parametrize("line", ["What is a key?", "为什么要（分）块？", "Is f(x) one (or two)?", "1. a - b + c"])
def test_usual_questions_are_bare(line):
    assert is_bare_line(line)
