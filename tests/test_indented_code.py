"""Where a note file has indented code: where Markdown makes code of it."""

import pytest

from deckgen.render.extensions import new_markdown
from deckgen.scan import SpanKind, scan


@pytest.mark.parametrize(
    "text",
    ["    x", "\tx", "   x", ">     x", ">    x", ">x", ">\tx", ">\t\tx", "> \tx", "> >     x", "> >    x", ">>\tx"],
)
def test_an_indented_line_is_code_where_markdown_makes_code_of_it(text):
    marks = text[: text.rfind(">") + 1]
    source = f"{marks} a\n{marks}\n{text}".lstrip()
    found = any(span.kind is SpanKind.INDENTED for span in scan(source).spans)
    assert found == ("<pre>" in new_markdown().convert(source))
