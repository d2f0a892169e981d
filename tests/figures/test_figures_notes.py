"""Tests figures in notes: blocks with parameters, alt texts, and the places of problems."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from decks import write_deck
from figure_texts import LINE

from deckgen.figures import Figures
from deckgen.model import Media, Note
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.problems import Problem
from deckgen.render import Renderer, figure_references


@pytest.fixture
def read(tmp_path: Path):
    def run(answer: str) -> Note:
        write_deck(tmp_path, {"a.md": f"---\ndeckgen: {{dialect: heading, level: 1}}\n---\n# Why?\n\n{answer}\n"})
        [note] = parse_file(tmp_path / "a.md", "a.md", "a.md", Settings()).notes
        return note

    return run


@pytest.fixture
def render(read, folder, tmp_path: Path):
    """Renders an answer. `figure_references` must return each reference, because a build computes those."""
    figures = Figures(folder(shapes=LINE), tmp_path / "cache")

    def run(answer: str) -> tuple[BeautifulSoup, list[Problem]]:
        note = read(answer)
        announced = {*figure_references(note.answer)}

        def figure(ref: str) -> Media:
            assert ref in announced
            request = figures.request(ref)
            return Media(f"{request}.webp", Path(), request.alt)

        rendered, problems = Renderer(tmp_path, figure).render(note)
        assert rendered.note == note
        return BeautifulSoup(rendered.fields["Back"], "html.parser"), problems

    return run


BLOCK = """\
```figure line
n = 5
title = a = "b" & c*d* [e](f) 100% 线
slope=2.5

alt: the line $x_1$ of *n* points [5] "here"
caption: 上：$d_k = 5$ 时的 "线" *n* {{c1::x}} [sound:x.mp3]
```"""


def test_a_block_sets_parameters_alt_and_caption(render) -> None:
    soup, problems = render(f"Before.\n\n{BLOCK}\n\nAfter.")
    assert problems == []
    assert [child.name for child in soup.find_all(recursive=False)] == ["p", "figure", "p"]
    assert soup.img["src"] == "line(grid=False, n=5, slope=2.5, title='a = \"b\" & c*d* [e](f) 100% 线').webp"
    assert soup.img["alt"] == 'the line $x_1$ of *n* points [5] "here"'
    assert soup.figcaption.string.replace("&#91;", "[") == '上：\\(d_k = 5\\) 时的 "线" *n* {{c1::x}} [sound:x.mp3]'


@pytest.mark.parametrize("answer", [
    "```figure line\n```", "~~~ figure line\n~~~", "text\n```figure line\nn = 4\n```\nmore", "> quote\n>\n> ```figure line\n> n = 4\n> ```",
    "- item\n\n    ```figure line\n    n = 4\n    ```\n\n- other", "text\n\n```figure line\n```\nmore", "!!! note\n\n    ```figure line\n    ```",
])  # fmt: skip
def test_a_block_is_allowed_wherever_a_fence_is(render, answer: str) -> None:
    soup, problems = render(answer)
    assert problems == [] and len(soup.find_all("img", class_="computed")) == 1
    assert "figure line" not in soup.get_text() and soup.img["alt"] == "a line"


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("text\n```figure line\nn = 4\n```\nmore", "[document]"),
        ("> ```figure line\n> ```", "blockquote"),
        ("- item\n\n    ```figure line\n    n = 4\n    ```", "li"),
    ],
)
def test_a_block_is_a_separate_paragraph(render, answer: str, name: str) -> None:
    assert render(answer)[0].figure.parent.name == name


def test_other_fences_are_not_changed(render) -> None:
    soup, problems = render(
        "````text\n```figure nothing\n```\n````\n\n```figures\nx\n```\n\n```python\nfigure = 1\n```"
    )
    assert problems == [] and not soup.find("img") and "figure nothing" in soup.get_text()


@pytest.mark.parametrize(("block", "line", "column", "code", "message"), [
    ("```figure lin\nn = 3\n```", 8, 11, "figure-unknown", "there is no figure lin"),
    ("```figure line\nn = 3\nslop = 1\n```", 10, 1, "figure-parameter", "figure line has no parameter slop"),
    ("```figure line\nn = 3\n\nslope = steep\n```", 11, 1, "figure-parameter", "figure line takes slope as float, not 'steep'"),
    ("> ```figure line\n> n = 3.5\n> ```", 9, 3, "figure-parameter", "figure line takes n as int, not '3.5'"),
    ("```figure line\nn: 3\n```", 9, 1, "figure-block", "'n: 3' is not a parameter"),
    ("```figure line\nn = 3\nn = 4\n```", 10, 1, "figure-block", "n is given twice"),
    ("```figure line\nalt: a\nalt: b\n```", 10, 1, "figure-block", "alt is given twice"),
    ("```figure\nn = 3\n```", 8, 10, "figure-block", "a figure block names one figure"),
    ("```figure line other\n```", 8, 11, "figure-block", "a figure block names one figure"),
])  # fmt: skip
def test_a_problem_is_reported_at_its_line(render, block: str, line: int, column: int, code: str, message: str) -> None:
    soup, [wrong, later] = render(f"First.\n\n{block}\n\n![later](figure:none)")
    assert (wrong.line, wrong.column, wrong.code, wrong.message) == (line, column, code, message)
    assert (later.line, later.column) == (8 + block.count("\n") + 2, 10)
    assert soup.pre


def test_line_numbers_after_a_block_are_right(render) -> None:
    _, [problem] = render(f"{BLOCK}\n\n![later](figure:none)")
    assert problem.line == 6 + BLOCK.count("\n") + 2


@pytest.mark.parametrize("note_alt", ["", " "])
def test_a_figure_without_alt_text_is_a_problem(read, tmp_path: Path, note_alt: str) -> None:
    renderer = Renderer(tmp_path, lambda ref: Media("fig.webp", Path(), ""))
    [problem] = renderer.render(read(f"![{note_alt}](figure:line)"))[1]
    assert (problem.line, problem.severity, problem.code) == (6, "error", "figure-alt")
    assert renderer.render(read("![words](figure:line)"))[1] == []


def test_a_large_picture_is_reported(read, tmp_path: Path) -> None:
    problems = []
    for size in (40, 41):
        path = tmp_path / "fig.webp"
        path.write_bytes(bytes(size * 1024))
        problems.append(
            Renderer(tmp_path, lambda ref: Media("fig.webp", path, "words")).render(read("![](figure:line)"))[1]
        )
    [told] = problems[1]
    assert problems[0] == [] and (told.severity, told.code) == ("info", "figure-heavy") and "41 KiB" in told.message
