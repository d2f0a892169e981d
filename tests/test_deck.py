"""The deck of this repository: it builds strictly, imports, and every card of it renders, fits a phone and shows its formulas."""

import shutil
from pathlib import Path

import pytest
from browser import measure, require_browser
from decks import build, package_of, run
from engine import collection, import_package, media_faults, render_faults
from photo import sides_of

NOTES = Path(__file__).parents[1] / "notes"


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    home = tmp_path_factory.mktemp("deck")
    shutil.copytree(NOTES, home / "notes", ignore=shutil.ignore_patterns("__pycache__"))
    return build(home / "notes", home / "out", 0, "--strict")


def test_the_notes_have_no_problems():
    result = run("check", NOTES, "--strict")
    assert (result.returncode, result.stderr) == (0, "")


def test_the_lock_is_up_to_date(summary):
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 0, 0)


def test_it_imports_and_renders(summary, tmp_path):
    with collection(tmp_path / "learner") as col:
        imported = import_package(col, package_of(summary))
        assert (imported.new, col.card_count()) == (summary["notes"], summary["cards"])
        assert render_faults(col) == []
        assert media_faults(col) == {"missing": [], "unused": []}
        assert summary["media"] >= 2


def test_it_shows_what_it_should(summary, tmp_path):
    with sides_of(package_of(summary), tmp_path / "learner") as sides:
        html = "".join(side.html for side in sides)
    for part in (r"\(", r"\[", '<div class="highlight">', "<table>", '<figure><img alt="', 'class="cloze"'):
        assert part in html, part


def test_every_card_fits_a_phone_and_shows_its_formulas(summary, tmp_path):
    require_browser()
    with sides_of(package_of(summary), tmp_path / "learner") as sides:
        assert any("fig-" in side.html for side in sides)
        for n, side in enumerate(sides):
            for night in (False, True) if "fig-" in side.html else (n % 2 == 1,):
                found = measure(side.page(tmp_path, night), 390)
                assert found["scroll_width"] <= 390 and not found["overflowing"], (side.id, side.side, found["overflowing"])
                assert not found["math_errors"] and not found["broken_images"], (side.id, side.side)
                assert ("\\(" in side.html or "\\[" in side.html) == (found["formulas"] > 0), side.id
                assert {name: filter != "none" for name, filter in found["filters"].items()} == dict.fromkeys(found["filters"], night), side.id
