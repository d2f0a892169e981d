"""Case files of Markdown as vaults write it: an answer in, the HTML of its field and the problems out."""

import json
from pathlib import Path

import pytest
from case_files import cases
from decks import DECK_TOML, PIXEL, build, run, write_deck
from test_render_cases import HEAD, bare, told

from deckgen.model import Media, Note
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.problems import FigureError
from deckgen.render import Renderer, RenderOptions

# The note is notes/deep/a.md. Hidden folders are no part of a vault.
FILES = {
    "attachments/Heads 1.png": PIXEL,
    "attachments/say.mp3": b"mp3",
    "attachments/clip.MP4": b"mp4",
    "notes/deep/near.png": PIXEL + b"1",
    "attachments/near.png": PIXEL + b"2",
    "one/twice.png": PIXEL + b"3",
    "two/twice.png": PIXEL + b"4",
    ".trash/gone.png": PIXEL,
    "Query key.md": "# Query key",
    "one/Same.md": "# Same",
    "two/Same.md": "# Same",
    "paper.pdf": b"%PDF",
}


def no_figure(ref: str) -> Media:
    raise FigureError(f"no figure {ref}", code="figure-unknown")


@pytest.fixture
def render(tmp_path):
    def run(text: str, options: RenderOptions, settings: Settings = Settings()):
        path = write_deck(tmp_path, {**FILES, "notes/deep/a.md": f"{HEAD}# Why?\n{text}\n"}) / "notes/deep/a.md"
        notes: tuple[Note, ...] = parse_file(path, "a.md", "notes/deep/a.md", settings).notes
        rendered, problems = Renderer(tmp_path, no_figure, options).render(notes[0])
        return "\n".join([bare(rendered.fields.get("Back") or rendered.fields.get("Text", "")), *told(problems)])

    return run


@pytest.mark.parametrize("case", cases("cases/render/vault.md"), indirect=True)
def test_an_answer_of_a_vault(render, case):
    case.agrees(render(case.given, RenderOptions()))


@pytest.mark.parametrize("case", cases("cases/render/vault-links.md"), indirect=True)
def test_links_with_a_base_url(render, case):
    case.agrees(render(case.given, RenderOptions(base_url="https://example.org/notes/")))


@pytest.mark.parametrize("case", cases("cases/render/highlight-clozes.md"), indirect=True)
def test_highlights_as_clozes(render, case):
    case.agrees(render(case.given, RenderOptions(), Settings(highlight="cloze")))


@pytest.mark.parametrize("case", cases("cases/render/lists.md"), indirect=True)
def test_lists(render, case):
    case.agrees(render(case.given, RenderOptions()))


@pytest.mark.parametrize("case", cases("cases/render/headings.md"), indirect=True)
def test_headings(render, case):
    case.agrees(render(case.given, RenderOptions()))


@pytest.fixture
def outside(tmp_path_factory) -> Path:
    return write_deck(tmp_path_factory.mktemp("outside"), {"secret.png": PIXEL, "img/x.png": PIXEL})


@pytest.mark.parametrize(
    "answer",
    [
        "![](link.png)",
        "![](folder/secret.png)",
        "![[link.png]]",
        "[sound:link.png]",
        "![]({up}/secret.png)",
        "![]({escaped}/secret.png)",
        "[sound:{up}/secret.png]",
        '<img src="{up}/secret.png">',
        '<video src="folder/secret.png"></video>',
        "[a]: {up}/secret.png\n\n![x][a]",
        "![](loop.png)",
    ],
)
def test_nothing_outside_of_the_folder_is_packed(tmp_path, outside, answer):
    deck = write_deck(tmp_path / "deck", {})
    up = "/".join([".."] * 20) + str(outside)
    text = answer.replace("{up}", up).replace("{escaped}", up.replace("..", "%2e%2e"))
    write_deck(deck, {"a.md": f"## What is shown?\n\nText.\n\n{text}\n"})
    (deck / "link.png").symlink_to(outside / "secret.png")
    (deck / "folder").symlink_to(outside)
    (deck / "loop.png").symlink_to("loop.png")
    (note,) = parse_file(deck / "a.md", "a.md", "a.md", Settings()).notes
    rendered, problems = Renderer(deck, no_figure).render(note)
    assert rendered.media == ()
    wanted = "media-missing" if "loop" in answer else "media-outside"
    assert [(problem.code, problem.line) for problem in problems] == [(wanted, 5)]


def test_a_link_inside_the_folder_is_followed(tmp_path):
    deck = write_deck(tmp_path / "deck", {"img/real.png": PIXEL, "a.md": "## What is shown?\n\n![](link.png)\n"})
    (deck / "link.png").symlink_to("img/real.png")
    (deck / "text.png").symlink_to("deck.toml")
    (note,) = parse_file(deck / "a.md", "a.md", "a.md", Settings()).notes
    rendered, problems = Renderer(deck, no_figure).render(note)
    assert (len(rendered.media), problems) == (1, [])


def test_a_link_to_another_kind_of_file_is_refused(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "## What is shown?\n\n![](text.png)\n"})
    (deck / "text.png").symlink_to("deck.toml")
    (note,) = parse_file(deck / "a.md", "a.md", "a.md", Settings()).notes
    rendered, problems = Renderer(deck, no_figure).render(note)
    assert (rendered.media, [problem.code for problem in problems]) == ((), ["media-kind"])


def test_a_folder_that_the_deck_names_is_allowed(tmp_path, outside):
    deck = write_deck(tmp_path / "deck", {"a.md": "## What is shown?\n\n![](link.png)\n"})
    (deck / "link.png").symlink_to(outside / "img" / "x.png")
    (note,) = parse_file(deck / "a.md", "a.md", "a.md", Settings()).notes
    rendered, problems = Renderer(deck, no_figure, RenderOptions(media=(outside / "img",))).render(note)
    assert (len(rendered.media), problems) == (1, [])


def test_deck_toml_names_folders_with_media_and_what_highlights_are(tmp_path):
    more = 'media = ["../img"]\nhighlight = "cloze"\noverrides = [{files = "b.md", highlight = "mark"}]\n'
    notes = "## What is shown?\n\n![](../img/x.png) ==text==\n"
    (tmp_path / ".git").mkdir()
    write_deck(tmp_path, {"img/x.png": PIXEL})
    deck = write_deck(tmp_path / "deck", {"deck.toml": DECK_TOML + more, "a.md": notes, "b.md": notes})
    rows = json.loads(run("list", deck, "--json").stdout)
    assert [row["kind"] for row in rows] == ["cloze", "basic"]
    assert ["{{c1::text}}" in row["back"] for row in rows] == [True, False]
    assert build(deck, tmp_path / "out", 1_700_000_000)["media"] == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('media = ["../img"]', "media: no such folder: ../img"),
        ('media = ["/img"]', "media is not a list of folders, relative to the deck's folder, with /"),
        ('media = "img"', "media is not a list of folders, relative to the deck's folder, with /"),
        ('media = ["../.."]', "media: ../.. is outside of the deck's git repository"),
        ('highlight = "bold"', "highlight is not one of mark, cloze"),
    ],
)
def test_wrong_settings_are_told_at_their_line(tmp_path, line, message):
    (tmp_path / ".git").mkdir()
    deck = write_deck(tmp_path / "deck", {"deck.toml": f"{DECK_TOML}{line}\n", "a.md": "## What?\n\nText.\n"})
    result = run("check", deck)
    assert result.returncode == 1
    assert f"{deck}/deck.toml:5:1: error: {message}" in result.stderr


def test_a_wrong_highlight_in_front_matter_is_told_at_its_line(tmp_path):
    text = "---\ntitle: A\ndeckgen:\n  highlight: bold\n---\n\n## What?\n\nText.\n"
    result = run("check", write_deck(tmp_path / "deck", {"a.md": text}))
    assert "a.md:4:1: error: highlight is 'bold', not one of mark, cloze [front-matter]" in result.stderr


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Cells %% week 3 %%", "Cells"),
        ("Cells <!-- week 3 -->", "Cells"),
        ("[[Cells]] and [[Proteins|more]]", "Cells_and_more"),
        ("[[1, 2]] as a matrix", "[[1,_2]]_as_a_matrix"),
    ],
)
def test_a_heading_gives_its_tag_without_comments_and_links(tmp_path, heading, name):
    text = f"# Notes\n\n## {heading}\n\n### What is it?\n\nText.\n"
    deck = write_deck(tmp_path / "deck", {"a.md": text})
    (row,) = json.loads(run("list", deck, "--json").stdout)
    assert row["tags"] == [f"Notes::{name}"]
