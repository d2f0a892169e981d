"""The browser helper finds what it is trusted to find: each page here is wrong in one way."""

from pathlib import Path

import pytest
from browser import card_page, measure, require_browser, screenshot
from PIL import Image

WIDE = '<div class="wide" style="width:600px">x</div>'


def page(folder: Path, html: str, css: str = "", night: bool = False) -> Path:
    path = folder / "page.html"
    path.write_text(card_page(html, css, night, folder))
    return path


def test_nothing_is_wrong_with_a_plain_page(tmp_path):
    found = measure(page(tmp_path, r"文字 \(x\) \[y\]"), 390)
    assert (found["width"], found["scroll_width"], found["formulas"]) == (390, 390, 2)
    assert not found["overflowing"] + found["clipped"] + found["broken_images"] and not found["math_errors"]
    assert found["contrasts"] and min(c["ratio"] for c in found["contrasts"]) > 15


def test_what_leaves_the_page_is_found(tmp_path):
    found = measure(page(tmp_path, WIDE), 390)
    assert found["scroll_width"] > 390 and found["overflowing"] == ["div.wide"]


def test_what_scrolls_in_its_box_does_not_leave_the_page(tmp_path):
    found = measure(page(tmp_path, f'<div class="box" style="overflow-x:auto">{WIDE}</div>'), 390)
    assert found["scroll_width"] == 390 and not found["overflowing"] and found["scrolling"] == ["div.box"]


def test_what_is_cut_off_below_is_found(tmp_path):
    assert measure(page(tmp_path, '<p style="height:5px;overflow:hidden">x</p>'), 390)["clipped"] == ["p"]


@pytest.mark.parametrize("tex", [r"\frac{a}", r"\nosuchcommand", r"\left( x"])
def test_a_formula_in_error_is_counted(tmp_path, tex):
    assert measure(page(tmp_path, rf"\({tex}\) and \(x\)"), 390)["math_errors"] == 1


def test_contrast_follows_opacity_and_the_background_behind(tmp_path):
    css = ".a { background: #fff; color: #777 } .b { color: #000; opacity: .3 }"
    found = measure(page(tmp_path, '<p class="a"><i>grey</i></p><p class="b">faint</p>', css), 390)
    ratios = {c["text"]: c["ratio"] for c in found["contrasts"]}
    assert ratios["grey"] == pytest.approx(4.48, abs=0.02) and ratios["faint"] < 2.5


def test_a_picture_that_is_not_there_is_named(tmp_path):
    assert measure(page(tmp_path, '<img src="gone.png">'), 390)["broken_images"] == ["gone.png"]


def test_a_picture_is_the_whole_page_or_its_upper_part(tmp_path):
    html = page(tmp_path, '<div style="height:2000px">x</div>', night=True)
    whole = Image.open(screenshot(html, tmp_path / "whole.png", 390))
    part = Image.open(screenshot(html, tmp_path / "part.png", 300, height=200, scale=1))
    assert whole.size == (780, 4080) and part.size == (300, 200)
    assert whole.convert("RGB").getpixel((5, 4000)) == (0x2C, 0x2C, 0x2C)


def test_without_a_browser_tests_are_skipped_and_fail_under_ci(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Debian package `chromium`"):
        require_browser()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        require_browser()
