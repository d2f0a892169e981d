"""Random lists: their items and how they nest are those of CommonMark, however they are indented."""

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from deckgen.render.extensions import new_markdown
from deckgen.render.extensions.lists import python_markdown_lists

_COMMONMARK = MarkdownIt("commonmark")
_OURS = new_markdown()


def items(html: str) -> list[tuple[int, str, str]]:
    """Depth, kind of list and text of each item."""
    soup = BeautifulSoup(html, "html.parser")
    return [(len(item.find_parents("li")), item.parent.name, own_text(item)) for item in soup.find_all("li")]


def own_text(item: Tag) -> str:
    """The text of an item without that of the lists in it."""
    texts = (text for text in item.find_all(string=True) if text.find_parent("li") is item)
    return " ".join("".join(texts).split())


@st.composite
def lists(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """The lines of a list. All items of one level have the same kind of mark; children stand below the text of their parent."""
    ordered = draw(st.booleans())
    lines: list[str] = []
    for n in range(1, draw(st.integers(1, 3)) + 1):
        mark = f"{n}." if ordered else draw(st.sampled_from("-*")) if not lines else lines[0][0]
        lines.append(f"{mark} item{draw(st.integers(0, 99))}")
        inner = " " * (len(mark) + 1)
        if draw(st.booleans()):
            lines.append(f"{inner}goes on")
        if draw(st.integers(0, 4)) == 0:
            lines += ["", f"{inner}another paragraph"]
        if depth < 2 and draw(st.booleans()):
            lines += draw(st.sampled_from(([], [""]))) + [
                inner + line if line else "" for line in draw(lists(depth + 1))
            ]
    return lines


@pytest.mark.parametrize("count", [100, pytest.param(400, marks=pytest.mark.proof)])
def test_items_nest_as_in_commonmark(count):
    @settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(lists(), st.sampled_from(["", "Text:", "Text:\n", "```\ncode\n```"]), st.sampled_from(["", "> "]))
    def holds(lines, before, quote):
        source = "\n".join(quote + line for line in (before.split("\n") if before else []) + lines)
        assert items(_OURS.reset().convert(source)) == items(_COMMONMARK.render(source)), source

    holds()


@pytest.mark.parametrize("start", ["- a\n- b", "1. a\n2. b", "3. a\n4. b", "> - a\n> - b"])
@pytest.mark.parametrize("fence", ["```\ncode\n```", "Text:\n```python\ncode\n```"])
def test_a_list_begins_right_below_a_code_fence(fence, start):
    quote = "> " if start.startswith(">") else ""
    source = "\n".join([*(quote + line for line in fence.split("\n")), start])
    assert items(_OURS.reset().convert(source)) == items(_COMMONMARK.render(source)) != []


@settings(max_examples=300, deadline=None)
@given(st.text("-*+1.) \n>ab#`!:", max_size=80))
def test_no_text_is_lost(source):
    changed = "\n".join(python_markdown_lists(source.split("\n")))
    assert changed.replace(")", ".").split() == source.replace(")", ".").split() or ">" in source
    assert sorted(changed.replace(")", ".").replace(">", " ").split()) == sorted(
        source.replace(")", ".").replace(">", " ").split()
    )
