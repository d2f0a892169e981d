"""Random text of a vault: each word is on the card, or in what is left out."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.model import Media, Note, Text
from deckgen.render import Renderer, parts_left_out

SIGNS = "== ~ ^ [[ ]] ![[ | # %% > - 1. ` * ^[ ] > [! ]- <% tp. %> \n \n\n ```\n ~~ \\".split(" ")


def no_figure(ref: str) -> Media:
    raise AssertionError(ref)


RENDERER = Renderer(Path("no-such-folder"), no_figure)


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Words that are all different, among signs. A comment of TeX is told, and no matter of vaults."""
    pieces = []
    for n in range(draw(st.integers(1, 12))):
        pieces += [
            draw(st.sampled_from(SIGNS)),
            draw(st.sampled_from(["", " "])),
            f"word{n}x",
            draw(st.sampled_from(["", " "])),
        ]
    return "".join([*pieces, draw(st.sampled_from(SIGNS))]).strip("\n ")


@settings(max_examples=600, deadline=None)
@given(sources())
def test_each_word_is_shown_or_left_out(source):
    answer = Text(source, 3)
    note = Note("a.md", "a.md", "basic", "heading", Text("Why?", 1), answer)
    rendered, _ = RENDERER.render(note)
    left_out = "".join(source[each.start : each.end] for each in parts_left_out(answer))
    lost = [
        word for word in re.findall(r"word\d+x", source) if word not in rendered.fields["Back"] and word not in left_out
    ]
    assert not lost, rendered.fields["Back"]
