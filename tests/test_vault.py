"""A vault of notes in cases/vault: what its cards hold, what is reported, what Anki's engine and a browser make of them."""

import json
import shutil
from pathlib import Path

import pytest
from browser import measure, require_browser
from case_files import UPDATE
from decks import build, run
from engine import cards, collection, import_package, media_problems, render_errors
from photo import sides_of
from test_render_cases import bare

VAULT = Path(__file__).parent / "cases" / "vault"
EXPECTED = VAULT.with_suffix(".expected")
NOW = 1_700_000_000
# What is for the author alone, and stands in no field.
PRIVATE = (
    "Private",
    "ask the tutor",
    "^mito",
    "^lucid",
    "dataview",
    "tp.date",
    "[TOC]",
    "[[",
    "==",
    "%%",
    "was deleted",
)
KEPT = ("[[ $x == a* ]]", "[[ -f x ]]", "[[:alpha:]]", "[[1, 2]]", "100%%", "0 == x", "a==b")


@pytest.fixture
def vault(tmp_path) -> Path:
    return Path(shutil.copytree(VAULT, tmp_path / "vault"))


@pytest.fixture
def package(vault, tmp_path) -> Path:
    return Path(build(vault, tmp_path / "out", NOW)["package"])


def listed(vault: Path) -> list[dict]:
    return json.loads(run("list", vault, "--json").stdout)


def test_the_cards_and_the_problems_of_a_vault(vault, request, monkeypatch):
    # What draws diagrams is installed on some machines.
    monkeypatch.setenv("PATH", "")
    rows = [
        f"{Path(note['file']).relative_to(vault)}:{note['line']} {note['kind']} {' '.join(note['tags'])}\n"
        f"{bare(note['front'])}\n{bare(note['back'])}\n"
        for note in listed(vault)
    ]
    problems = run("check", vault).stderr.replace(f"{vault}/", "")
    text = "\n".join([*rows, problems])
    if request.config.getoption(UPDATE):
        EXPECTED.write_text(text, "utf-8")
    assert text == EXPECTED.read_text("utf-8")


def test_what_is_private_is_on_no_card(vault):
    for note in listed(vault):
        shown = note["front"] + note["back"]
        for kept in KEPT:
            shown = shown.replace(kept, "")
        assert not [text for text in PRIVATE if text in shown], note["file"]


def test_the_engine_imports_a_vault(package, tmp_path):
    with collection(tmp_path / "learner") as col:
        assert import_package(col, package).new == len(listed(package.parents[1] / "vault"))
        assert (render_errors(col), media_problems(col)) == ([], {"missing": [], "unused": []})
        sounds = [tag for card in cards(col) for tag in card.render_output(browser=False).answer_av_tags]
        assert sorted(sound.filename.rpartition("-")[0] for sound in sounds) == ["robin", "swift"]


def test_a_build_again_changes_nothing(vault, tmp_path):
    first = build(vault, tmp_path / "out", NOW)
    again = build(vault, tmp_path / "out", NOW + 100, "--locked")
    assert (again["changed"], again["unchanged"]) == (0, first["notes"])


def test_the_cards_in_a_browser(package, tmp_path):
    require_browser()
    with sides_of(package, tmp_path / "learner") as sides:
        for n, side in enumerate(each for each in sides if each.side == "back"):
            folder = tmp_path / str(n)
            folder.mkdir()
            found = measure(side.page(folder, night=False), 390)
            assert found["scroll_width"] == 390, side.html
            # A picture without a file has no address, and shows its words.
            assert not [*found["overflowing"], *filter(None, found["broken_images"])], side.html
