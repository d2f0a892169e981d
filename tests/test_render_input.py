"""The rendering of a note depends only on its `RenderInput`, and different values have different digests."""

import subprocess
import sys
from pathlib import Path

import pytest
from decks import PIXEL, write_deck
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from deckgen.model import Media, Part
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.problems import FigureError
from deckgen.render import FieldRenderer, Renderer, RenderOptions
from deckgen.render import input as render_input

HEAD = "---\ndeckgen: {dialect: heading, level: 2}\n---\n"
PIECES = [
    "plain text",
    "$x_1 \\foo$",
    "$$\na\n$$",
    "![a](a.png)",
    '![c](<b 1.png> "t")',
    "![r][ref]\n\n[ref]: a.png",
    "![gone](gone.png)",
    "[sound:say.mp3]",
    "[sound:gone.mp3]",
    '<img src="a.png" alt="x">',
    "<AUDIO src=say.mp3></AUDIO>",
    '![moved](b.png){src="a.png"}',
    "![f](figure:line)",
    "![f](figure:none)",
    "```figure line\nalt: x\n```",
    "```figure none\nn = 1\n```",
    "- a\n- ![in](a.png)\n\n  $y$",
    "[there](other.md#x)",
    "a {{c1::cloze $z$}} b",
    "O(n2) and *d**ff*",
    "text[^1]\n\n[^1]: note ![n](a.png)",
    "```python\nx = 1\n```",
    "`![code](a.png)`",
    "said.\nSource: *Book*, p. 5",
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("\n\n".join)


def figure(ref):
    if ref != "figure:line":
        raise FigureError(f"no figure {ref}", code="figure-unknown", hint="known: line")
    return Media("fig-line.webp", Path(), "a line", (Part("p", None, 0, 0, 1, 1),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    files = {"a.png": PIXEL, "b.png": PIXEL + b"2", "b 1.png": PIXEL + b"1", "say.mp3": b"mp3"}
    return write_deck(tmp_path_factory.mktemp("deck"), files)


def read(folder, text, name="n.md"):
    """Return the last note of a file with this text."""
    (folder / name).write_text(text)
    return parse_file(folder / name, f"shown/{name}", name, Settings()).notes[-1]


def note(folder, answer, question="Why?"):
    return read(folder, f"{HEAD}# D\n\n## {question}\n\n{answer}\n")


def outcome(rendered):
    fields, problems = rendered
    media = [replace(item, path=Path()) for item in fields.media]
    return dict(fields.fields), media, fields.parts, sorted(problems)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=TEXTS, other=TEXTS, lines=st.integers(1, 9))
def test_rendering_depends_only_on_the_render_input(folder, answer, other, lines):
    renderer, fields = Renderer(folder, figure), FieldRenderer()
    one = note(folder, answer)
    value = renderer.input(one)
    expected = outcome(fields.render(value))
    # Another note before it and another renderer make no difference.
    fields.render(renderer.input(note(folder, other)))
    assert outcome(fields.render(value)) == outcome(FieldRenderer().render(value)) == expected
    # Lines and notes above do not change the value. The problems move with the note.
    above = "text\n" * lines + f"\n## Another?\n\n{other}\n\n"
    below = read(folder, f"{HEAD}# D\n\n{above}# D\n\n## Why?\n\n{answer}\n")
    moved = replace(below, section=one.section, definitions=one.definitions)
    assert renderer.input(moved).digest == value.digest
    down = moved.line - one.line
    assert sorted(renderer.render(moved)[1]) == sorted(
        replace(problem, line=problem.line + down) for problem in renderer.render(one)[1]
    )
    # Deck, tags and the file's own name do not count.
    elsewhere = replace(one, deck="X", tags=("t",), file="m.md", dialect="bold", detected=True)
    if "gone" not in answer:  # The problem says where it looked.
        assert renderer.input(elsewhere).digest == value.digest
    # An answer with another result has another digest.
    second = renderer.input(note(folder, other))
    assert second.digest != value.digest or outcome(fields.render(second)) == expected


ANSWER = "$x \\foo$ [l](o.md) ![a](a.png) ![f](figure:line) {{c1::z}}"
CHANGED = {
    "question": lambda n, o: (replace(n, question=replace(n.question, source="How?")), o),
    "answer": lambda n, o: (replace(n, answer=replace(n.answer, source=n.answer.source + ".")), o),
    "source": lambda n, o: (replace(n, source=replace(n.question, source="Book")), o),
    "section": lambda n, o: (replace(n, section=("Other",)), o),
    "id": lambda n, o: (replace(n, id="x"), o),
    "kind": lambda n, o: (replace(n, kind="basic"), o),
    "definitions": lambda n, o: (replace(n, definitions="*[z]: zet"), o),
    "address": lambda n, o: (n, replace(o, base_url="https://e.org/")),
    "macros": lambda n, o: (n, replace(o, macros=(("foo", "y"),))),
    "mathml": lambda n, o: (replace(n, answer=replace(n.answer, source="$x$")), replace(o, mathml=True)),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_change_of_the_fields_changes_the_digest(folder, change):
    one, options = note(folder, ANSWER), RenderOptions()
    if change == "mathml":
        one = replace(one, answer=replace(one.answer, source="$x$"))
    other, changed = CHANGED[change](one, options)
    first, second = Renderer(folder, figure, options), Renderer(folder, figure, changed)
    assert first.render(one)[0].fields != second.render(other)[0].fields
    assert first.input(one).digest != second.input(other).digest


@pytest.mark.parametrize("marks", ["reversed", "typed"])
def test_the_digest_contains_classes(folder, marks):
    one = note(folder, "Plain.")
    other = replace(one, classes=frozenset({marks}))
    assert Renderer(folder, figure).input(one).digest != Renderer(folder, figure).input(other).digest


def test_the_digest_contains_media(folder):
    one = note(folder, "![a](a.png)")
    before = Renderer(folder, figure).input(one).digest
    (folder / "a.png").write_bytes(PIXEL + b"3")
    changed = Renderer(folder, figure).input(one).digest
    (folder / "a.png").unlink()
    gone = Renderer(folder, figure).input(one).digest
    (folder / "a.png").write_bytes(PIXEL)
    assert len({before, changed, gone}) == 3 and Renderer(folder, figure).input(one).digest == before


@pytest.mark.parametrize(
    "other",
    [
        Media("fig-line2.webp", Path(), "a line"),
        Media("fig-line.webp", Path(), "words"),
        Media("fig-line.webp", Path(), "a line", (Part("q", None, 0, 0, 1, 1),)),
    ],
)
def test_the_digest_contains_pictures(folder, other):
    one = note(folder, "![](figure:line)")
    assert Renderer(folder, figure).input(one).digest != Renderer(folder, lambda ref: other).input(one).digest


def test_the_digest_contains_versions(folder, monkeypatch):
    one = note(folder, "A.")
    before = Renderer(folder, figure).input(one).digest
    monkeypatch.setattr(render_input, "code_versions", lambda: b"other")
    assert Renderer(folder, figure).input(one).digest != before


CODE = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from test_render_input import figure, note
from deckgen.render import Renderer
print(Renderer(Path(sys.argv[2]), figure).input(note(Path(sys.argv[2]), "![a](a.png) $x$", "Why? {.typed .reversed}")).digest)
"""


def test_a_digest_is_the_same_in_every_process(folder):
    found = {
        subprocess.run(
            [sys.executable, "-c", CODE, str(Path(__file__).parent), str(folder)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])},
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(found) == 1 and len(found.pop()) == 65
