"""The deck of this repository: it builds strictly, imports, and every card of it renders, fits a phone and shows its formulas."""

import os
import shutil
from pathlib import Path

import pytest
from browser import measure, require_browser
from decks import build, package_of, run
from engine import collection, import_package, media_faults, render_faults
from photo import sides_of

NOTES = Path(__file__).parents[1] / "notes"
LOOKED_AT = 40


@pytest.fixture(scope="module")
def summary(tmp_path_factory, deck_pictures):
    home = tmp_path_factory.mktemp("deck")
    (home / "out").mkdir()
    (home / "out" / ".figures").symlink_to(deck_pictures)
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


def test_cards_fit_a_phone_and_show_their_formulas(summary, tmp_path):
    """Some dozens of sides spread over the deck; all of them where ALL_CARDS is set (`make look`)."""
    require_browser()
    with sides_of(package_of(summary), tmp_path / "learner") as sides:
        # An odd step, so that fronts and backs take turns.
        step = 1 if os.environ.get("ALL_CARDS") else len(sides) // LOOKED_AT | 1
        figures = [side for side in sides if "fig-" in side.html]
        looked = sides[::step] + (figures[::8] if step > 1 else [])
        assert sum("fig-" in side.html for side in looked) > 4
        for n, side in enumerate(looked):
            for night in (False, True) if "fig-" in side.html else (n % 2 == 1,):
                found = measure(side.page(tmp_path, night), 390)
                assert found["scroll_width"] <= 390 and not found["overflowing"], (side.id, side.side, found["overflowing"])
                assert not found["math_errors"] and not found["broken_images"], (side.id, side.side)
                assert ("\\(" in side.html or "\\[" in side.html) == (found["formulas"] > 0), side.id
                assert {name: filter != "none" for name, filter in found["filters"].items()} == dict.fromkeys(found["filters"], night), side.id
