"""Case files of rendering. The input is a question or an answer, and the result is the HTML of the fields and the problems."""

import re
from pathlib import Path

import pytest
from case_files import cases
from decks import PIXEL, write_deck

from deckgen.model import Media, Note
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.problems import FigureError, Problem
from deckgen.render import Renderer

HEAD = "---\ndeckgen: {dialect: heading, level: 1}\n---\n"
# The files next to the note, and the figure.
FILES = {
    "sub/a.png": PIXEL,
    "sub/say.mp3": b"mp3",
    "sub/img/图 1.PNG": PIXEL + b"1",
    "up.png": PIXEL + b"2",
    "sub/plain.txt": "text",
}
KNOWN = "figure:known?n=1&m=2"


def figure(ref: str) -> Media:
    if ref != KNOWN:
        raise FigureError(f"no figure {ref}", code="figure-unknown", hint="known: known")
    return Media("fig-known.webp", Path("fig-known.webp"), "declared")


def bare(html: str) -> str:
    """Return the HTML without line breaks between tags, and with HASH for digests of media."""
    return re.sub(r"-[0-9a-f]{16}\.", "-HASH.", re.sub(r"(?<=>)\s*\n\s*(?=<)", "", html))


def told(problems: list[Problem]) -> list[str]:
    return [f"{p.line}:{p.column} {p.severity} {p.message_with_hint}" for p in sorted(problems)]


@pytest.fixture
def render(tmp_path):
    def run(text: str):
        write_deck(tmp_path, {**FILES, "sub/a.md": text})
        notes: tuple[Note, ...] = parse_file(tmp_path / "sub" / "a.md", "sub/a.md", "sub/a.md", Settings()).notes
        return Renderer(tmp_path, figure).render(notes[0])

    return run


@pytest.mark.parametrize("case", cases("cases/render/answers.md"), indirect=True)
def test_the_html_of_an_answer(render, case):
    rendered, problems = render(f"{HEAD}# Why?\n{case.given}\n")
    # The first line of the input is line 5 of the file.
    case.agrees("\n".join([bare(rendered.fields.get("Back") or rendered.fields.get("Text", "")), *told(problems)]))


@pytest.mark.parametrize("case", cases("cases/render/questions.md"), indirect=True)
def test_the_html_of_a_question(render, case):
    rendered, problems = render(f"{HEAD}# {case.given}\n\na\n")
    case.agrees("\n".join([bare(rendered.fields["Front"]), *told(problems)]))


@pytest.mark.parametrize("case", cases("cases/render/fields.md"), indirect=True)
def test_the_fields_of_a_note(render, case):
    rendered, problems = render(f"{case.given}\n")
    filled = {name: bare(html) for name, html in rendered.fields.items() if html}
    case.agrees("\n".join([*(f"{name}: {html}" for name, html in filled.items()), *told(problems)]))
