"""What looks like a tag of HTML and is none is shown as it is written; so is SQL between dollar signs."""

import json

import pytest
from decks import run, write_deck


def note(tmp_path, question: str, answer: str) -> dict:
    text = f"# T\n\n## {question}\n\n{answer}\n"
    return json.loads(run("list", write_deck(tmp_path / "deck", {"a.md": text}), "--json").stdout)[0]


@pytest.mark.parametrize(
    "written, shown",
    [
        ("include <cstddef> first", "include &lt;cstddef&gt; first"),
        ("<!DOCTYPE html>", "&lt;!DOCTYPE html&gt;"),
        ("a vector<int> and a <T>", "a vector&lt;int&gt; and a &lt;T&gt;"),
        ("x <b>bold</b> y", "x <b>bold</b> y"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("see <https://example.org/>", 'see <a href="https://example.org/">https://example.org/</a>'),
        ("`<cstddef>`", "<code>&lt;cstddef&gt;</code>"),
        ("AS $$ SELECT 1; $$ LANGUAGE sql", "AS $$ SELECT 1; $$ LANGUAGE sql"),
        ("set $HOME and $PATH", "set $HOME and $PATH"),
    ],
)
def test_the_answer_shows(tmp_path, written, shown):
    assert shown in note(tmp_path, "What?", written)["back"]


@pytest.mark.parametrize(
    "written, listed",
    [
        ("What is in <cstddef>?", "What is in <cstddef>?"),
        ("What is `x`?", "What is x?"),
        ("Why $x^2$?", "Why $x^2$?"),
        ("Is ****it?*", "Is ****it?*"),
        ("Is **it** <b>bold</b>?", "Is it bold?"),
    ],
)
def test_the_list_shows(tmp_path, written, listed):
    assert note(tmp_path, written, "Yes.")["question"] == listed
