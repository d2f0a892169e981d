"""The decks of this repository: they build strictly, import, and every card of them renders, fits a phone and shows its formulas."""

import os
import shutil
import statistics
from pathlib import Path

import pytest
from browser import browser, card_page, measure, require_browser
from decks import package_of, run
from engine import collection, import_package, media_problems, render_errors
from photo import sides_of

from deckgen.lint.height import QUESTION, SCREEN
from deckgen.lint.length import answer_height, is_surely_short, question_lines
from deckgen.pipeline import check

NOTES = Path(__file__).parents[2] / "notes"
NOW = 1_700_000_000
# Sides of cards that are looked at in a browser: in the tests, and in the proofs.
LOOKED_AT = [12, pytest.param(40, marks=pytest.mark.proof)]
# A look at the cards of both decks takes long.
SECOND_IN_PROOFS = pytest.mark.parametrize(
    "built_notes",
    [pytest.param(".", id="zh"), pytest.param("en", id="en", marks=pytest.mark.proof)],
    indirect=True,
    scope="session",
)


@pytest.mark.parametrize("folder", [NOTES, NOTES / "en"], ids=["zh", "en"])
def test_the_notes_have_no_problems(folder):
    result = run("check", folder, "--strict")
    assert (result.returncode, result.stderr) == (0, "")


def test_the_lock_is_up_to_date(built_notes):
    assert (built_notes["added"], built_notes["changed"], built_notes["retired"]) == (0, 0, 0)


def test_it_imports_and_renders(built_notes, tmp_path):
    with collection(tmp_path / "learner") as col:
        imported = import_package(col, package_of(built_notes))
        assert (imported.new, col.card_count()) == (built_notes["notes"], built_notes["cards"])
        assert render_errors(col) == []
        assert media_problems(col) == {"missing": [], "unused": []}
        assert built_notes["media"] >= 2


def test_it_shows_what_it_should(built_notes, tmp_path):
    with sides_of(package_of(built_notes), tmp_path / "learner") as sides:
        html = "".join(side.html for side in sides)
    for part in (r"\(", r"\[", '<div class="highlight">', "<table>", '<figure><img alt="', 'class="cloze"'):
        assert part in html, part


@SECOND_IN_PROOFS
@pytest.mark.parametrize("looked_at", LOOKED_AT)
def test_cards_fit_a_phone_and_show_their_formulas(built_notes, tmp_path, looked_at):
    """Some sides spread over the deck; all of them where ALL_CARDS is set (`make look`)."""
    require_browser()
    with sides_of(package_of(built_notes), tmp_path / "learner") as sides:
        # An odd step, so that fronts and backs take turns.
        step = 1 if os.environ.get("ALL_CARDS") else len(sides) // looked_at | 1
        figures = [side for side in sides if "fig-" in side.html]
        looked = sides[::step] + (figures[:: len(figures) // 5] if step > 1 else [])
        assert sum("fig-" in side.html for side in looked) > 4
        for n, side in enumerate(looked):
            for night in (False, True) if "fig-" in side.html else (n % 2 == 1,):
                found = measure(side.page(tmp_path, night), 390)
                assert found["scroll_width"] <= 390 and not found["overflowing"], (
                    side.id,
                    side.side,
                    found["overflowing"],
                )
                assert not found["math_errors"] and not found["broken_images"], (side.id, side.side)
                assert ("\\(" in side.html or "\\[" in side.html) == (found["formulas"] > 0), side.id
                assert {name: filter != "none" for name, filter in found["filters"].items()} == dict.fromkeys(
                    found["filters"], night
                ), side.id


# What the fields of all notes take on a phone, on one page, so that MathJax starts once.
HEIGHTS = """[...document.querySelectorAll("section")].map(card => {
    const high = selector => card.querySelector(selector)?.getBoundingClientRect().height ?? 0;
    return {question: high(".note-question"), answer: high(".note-answer") + high("#image-occlusion-container")};
})"""


@SECOND_IN_PROOFS
def test_heights_are_estimated_without_a_browser(built_notes, tmp_path):
    """Of all notes, the questions' lines and the answers' heights."""
    require_browser()
    notes = {item.note.id: item for item in check([Path(built_notes["folder"])], lambda what, done, total: None).notes}
    with sides_of(package_of(built_notes), tmp_path / "learner") as sides:
        backs = list({side.id: side for side in reversed(sides) if side.side == "back"}.values())
        page = tmp_path / "backs.html"
        page.write_text(
            card_page("".join(f"<section>{side.html}</section>" for side in backs), backs[0].css, False, backs[0].media)
        )
        with browser().page(page, 390) as session:
            measured = browser().evaluate(session, HEIGHTS)
    lines = [
        abs(question_lines(notes[side.id]) - round(found["question"] / QUESTION.row))
        for side, found in zip(backs, measured)
    ]
    assert max(lines) <= 1 and sum(lines) <= 0.05 * len(lines)
    real = [found["answer"] for found in measured]
    wrong = [answer_height(notes[side.id]) / height - 1 for side, height in zip(backs, real)]
    assert statistics.correlation([height * (1 + part) for height, part in zip(real, wrong)], real) > 0.98
    high = [part for height, part in zip(real, wrong) if height > SCREEN / 2]
    assert len(high) > 50 and statistics.mean(map(abs, wrong)) < 0.05 and max(map(abs, high)) < 0.2
    assert [
        side.id
        for side, height, part in zip(backs, real, wrong)
        if is_surely_short(notes[side.id].note) and height > 1.5 * SCREEN
    ] == []


@pytest.mark.proof
def test_the_same_bytes_elsewhere(tmp_path):
    """`make matrix` tries more surroundings."""
    digests = set()
    for place, seed in (("a", "1"), ("b", "2")):
        deck, out = tmp_path / place / "notes", tmp_path / place / "out"
        shutil.copytree(NOTES, deck, ignore=shutil.ignore_patterns("__pycache__", "deck.lock"))
        result = run("build", deck, "--out", out, "--new-lock", now=NOW, PYTHONHASHSEED=seed, TZ=f"UTC-{seed}")
        assert result.returncode == 0, result.stderr
        digests.add((next(out.glob("*.apkg")).read_bytes(), (deck / "deck.lock").read_bytes()))
    assert len(digests) == 1
