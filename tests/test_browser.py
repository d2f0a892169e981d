"""The browser helper finds what it measures. Each page here has one defect."""

from pathlib import Path

import pytest
from browser import card_page, measure, require_browser, screenshot
from PIL import Image

WIDE = '<div class="wide" style="width:600px">x</div>'


def page(folder: Path, html: str, css: str = "", night: bool = False) -> Path:
    path = folder / "page.html"
    path.write_text(card_page(html, css, night, folder))
    return path


def test_a_plain_page_has_no_findings(tmp_path):
    found = measure(page(tmp_path, r"文字 \(x\) \[y\]"), 390)
    assert (found["width"], found["scroll_width"], found["formulas"]) == (390, 390, 2)
    assert not found["overflowing"] + found["clipped"] + found["broken_images"] and not found["math_errors"]
    assert found["contrasts"] and min(c["ratio"] for c in found["contrasts"]) > 15


def test_an_element_outside_the_page_is_found(tmp_path):
    found = measure(page(tmp_path, WIDE), 390)
    assert found["scroll_width"] > 390 and found["overflowing"] == ["div.wide"]


def test_a_scrolling_element_is_not_outside_the_page(tmp_path):
    found = measure(page(tmp_path, f'<div class="box" style="overflow-x:auto">{WIDE}</div>'), 390)
    assert found["scroll_width"] == 390 and not found["overflowing"] and found["scrolling"] == ["div.box"]


def test_clipped_content_is_found(tmp_path):
    assert measure(page(tmp_path, '<p style="height:5px;overflow:hidden">x</p>'), 390)["clipped"] == ["p"]


@pytest.mark.parametrize("tex", [r"\frac{a}", r"\nosuchcommand", r"\left( x"])
def test_a_wrong_formula_is_counted(tmp_path, tex):
    assert measure(page(tmp_path, rf"\({tex}\) and \(x\)"), 390)["math_errors"] == 1


def test_contrast_includes_opacity_and_background(tmp_path):
    css = ".a { background: #fff; color: #777 } .b { color: #000; opacity: .3 }"
    found = measure(page(tmp_path, '<p class="a"><i>grey</i></p><p class="b">faint</p>', css), 390)
    ratios = {c["text"]: c["ratio"] for c in found["contrasts"]}
    assert ratios["grey"] == pytest.approx(4.48, abs=0.02) and ratios["faint"] < 2.5


def test_a_missing_picture_is_found(tmp_path):
    assert measure(page(tmp_path, '<img src="gone.png">'), 390)["broken_images"] == ["gone.png"]


def test_a_screenshot_shows_the_page_or_its_upper_part(tmp_path):
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
