"""The HTML of fields, if a case file cannot show it: media, options, several notes of a file. See also test_render_cases.py."""

import re
from pathlib import Path

import pytest
from decks import PIXEL, write_deck

from deckgen.model import Media
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.problems import FigureError, Problem
from deckgen.render import Renderer, RenderOptions


def figure(ref: str) -> Media:
    if ref != "figure:known?n=1&m=2":
        raise FigureError(f"no figure {ref}", code="figure-unknown", hint="known: known")
    return Media("fig-known.webp", Path("fig-known.webp"), "declared")


@pytest.fixture
def render(tmp_path):
    def run(answer: str, question: str = "Why?", base_url: str = "") -> tuple[dict, tuple[Media, ...], list[Problem]]:
        write_deck(
            tmp_path, {"sub/a.md": f"---\ndeckgen: {{dialect: heading, level: 1}}\n---\n# {question}\n\n{answer}\n"}
        )
        (note,) = parse_file(tmp_path / "sub" / "a.md", "sub/a.md", "sub/a.md", Settings()).notes
        rendered, problems = Renderer(tmp_path, figure, RenderOptions(base_url)).render(note)
        return dict(rendered.fields), rendered.media, problems

    return run


def back(result: tuple) -> str:
    assert [problem for problem in result[2] if problem.code != "math-pseudo"] == []
    return re.sub(r"\s*\n\s*", "", result[0]["Back"])


def test_relative_links_are_below_the_base(render):
    assert 'href="https://example.org/notes/b.md#c"' in back(
        render("see [there](../b.md#c)", base_url="https://example.org/notes/")
    )


def test_local_images_become_media_with_digests_in_their_names(render, tmp_path):
    write_deck(
        tmp_path,
        {"sub/img/图 1.PNG": PIXEL, "sub/a/asset.png": PIXEL + b"1", "root.png": PIXEL + b"2", "up.png": PIXEL + b"3"},
    )
    fields, media, problems = render(
        "![x](img/图%201.PNG) ![y](asset.png) ![z](/root.png)\n\n<img src='../up.png' width=3> ![x](img/图%201.PNG)"
    )
    assert problems == [] and len(media) == 4
    for item in media:
        assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{16}\.png", item.name)
        assert f'src="{item.name}"' in fields["Back"]
        assert item.path.read_bytes().startswith(PIXEL)
    assert 'width="3"' in fields["Back"]


def test_other_bytes_give_another_media_name(render, tmp_path):
    write_deck(tmp_path, {"sub/a.png": PIXEL})
    first = render("![x](a.png)")[1]
    write_deck(tmp_path, {"sub/a.png": PIXEL + b"new"})
    assert render("![x](a.png)")[1][0].name != first[0].name


def test_sounds_are_media(render, tmp_path):
    write_deck(tmp_path, {"sub/say.mp3": b"mp3"})
    fields, media, problems = render("[sound:say.mp3] and [sound:none.mp3]")
    assert f"[sound:{media[0].name}]" in fields["Back"] and "&#91;sound:none.mp3]" in fields["Back"]
    assert [p.code for p in problems] == ["media-missing"]


def test_images_of_other_kinds_are_errors(render, tmp_path):
    write_deck(tmp_path, {"sub/secret.txt": "s", "sub/plain": "p"})
    _, media, problems = render("![a](secret.txt) ![b](plain) ![c](/secret.txt) ![d](" + "x" * 300 + ".png)")
    assert media == () and [problem.code for problem in problems] == [
        "media-kind",
        "media-kind",
        "media-missing",
        "media-missing",
    ]


def test_the_section_shows_markup_and_plays_no_sound(tmp_path):
    write_deck(tmp_path, {"a.md": "# [sound:a.mp3] **D**\n\n## $x^2$ {#s}\n\n### Why?\n\nSo.\n\n### How?\n\nThus.\n"})
    note = parse_file(tmp_path / "a.md", "a.md", "a.md", Settings()).notes[0]
    fields = Renderer(tmp_path, figure).render(note)[0].fields
    assert fields["Section"] == "&#91;sound:a.mp3] <strong>D</strong> › \\(x^2\\)"
    assert note.tags == ("[sound:a.mp3]_D::x^2",)


def test_all_notes_can_use_the_definitions_of_their_file(tmp_path):
    write_deck(
        tmp_path,
        {
            "a.png": PIXEL,
            "a.md": "# D\n\n## A?\n\nSee [docs][1], ![pic][img] and HTML.[^n]\n\n## B?\n\nNothing.\n\nSource: b\n\n"
            "[1]: https://example.org/\n[img]: a.png\n[^n]: A footnote\n    of two lines.\n*[HTML]: Hypertext\n",
        },
    )
    notes = parse_file(tmp_path / "a.md", "a.md", "a.md", Settings()).notes
    (one, problems), (two, _) = map(Renderer(tmp_path, figure).render, notes)
    assert problems == [] and len(one.media) == 1
    for part in (
        '<a href="https://example.org/">docs</a>',
        f'src="{one.media[0].name}"',
        '<abbr title="Hypertext">HTML</abbr>',
        "A footnote\nof two lines.",
    ):
        assert part in one.fields["Back"]
    assert (two.fields["Back"], two.fields["Source"]) == ("<p>Nothing.</p>", "b")
