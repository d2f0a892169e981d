"""Cards for everybody: with a keyboard, a screen reader, large type, at night, and in the web views of old phones."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from accessibility import violations
from browser import MEASURE, browser, card_page, require_browser
from PIL import Image
from test_card_look import rich

from deckgen.cards.sides import card_sides
from deckgen.notetypes import SCRIPT, built_in

PICTURES = """<figure><img alt="Two boxes" class="computed" src="figure.png"><figcaption>Computed</figcaption></figure>
<p><img alt="A photograph" src="photo.png"></p>"""
PLACE = {
    "Section": "Transformer › 注意力",
    "Source": 'See <a href="https://example.com/">a paper</a>.',
    "Status": "Retired in 2.0",
}
# The fields of a note of each kind. In the pictures of the shared example, the texts are missing.
NOTES = {
    "basic": {"Front": r"为什么要除以 \(\sqrt{d_k}\)？", "Back": re.sub("<figure>.*</figure>", PICTURES, rich(), flags=re.S), "Reverse": "1", **PLACE},
    "typed": {"Front": "几倍？", "Back": "四倍。", "Typed": "four times"},
    "cloze": {"Title": "参数量", "Text": "每头 {{c1::one}}，与头数{{c2::无关}}。", **PLACE},
    "occlusion": {
        "Header": "Which part?", "Image": '<img alt="Two boxes" src="figure.png">', "Back Extra": "<p>The upper one.</p>", **PLACE,
        "Occlusion": "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}<br>",
    },
}  # fmt: skip
LOOKED_AT = ("basic-0-back", "basic-1-front", "typed-0-front", "typed-0-back", "cloze-0-front", "occlusion-0-back")
# Of a page and not of a card: Anki's pages have no language, no heading and no landmarks.
PAGE_RULES = ("html-has-lang", "landmark-one-main", "page-has-heading-one", "region")
# What Chromium 77 does not know, the oldest one that AnkiDroid runs with: a rule is dropped if one of its selectors has such a part.
NEW_SELECTORS = re.compile(r":is\(|:where\(|:has\(|::marker|:focus-visible|:not\([^()]*,")
NEW_VALUES = re.compile(
    r"(?:text-autospace|text-underline-offset|text-decoration-thickness|aspect-ratio|inset|gap):[^;}]*;?|[^;{}]*anywhere;"
)


def sides(kind: str) -> Iterator[tuple[str, int, str]]:
    """Yield the name, the number of the card, and the HTML of the sides of a note that are looked at."""
    notetype = built_in()["basic" if kind == "typed" else kind]
    fields = dict.fromkeys(notetype.field_names, "") | NOTES[kind]
    for number, template in enumerate(notetype.templates[: 2 if "Reverse" in NOTES[kind] else 1]):
        shown = card_sides(template.front, template.back, fields, number, name="", notetype="", deck="", tags=())
        for side, html in zip(("front", "back"), shown):
            if (name := f"{kind}-{number}-{side}") in LOOKED_AT:
                yield name, number, html.replace(" disabled>", ">")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return a function that writes sides as pages, with the CSS changed. It yields the names and paths."""
    require_browser()
    folder = tmp_path_factory.mktemp("pages")
    Image.new("RGB", (1600, 900), "#3366cc").save(folder / "figure.png")
    Image.new("RGB", (900, 400), "#888888").save(folder / "photo.png")

    def write(night: bool, change=lambda css: css) -> Iterator[tuple[str, Path]]:
        for kind in NOTES:
            css = change(built_in()["basic" if kind == "typed" else kind].css)
            for name, number, html in sides(kind):
                path = folder / f"{name}.html"
                path.write_text(card_page(html, css, night, folder, number))
                yield name, path

    return write


@pytest.mark.parametrize("night", [False, True], ids=["light", "night"])
def test_axe_finds_nothing_on_a_card(pages, night):
    for name, path in pages(night):
        with browser().page(path, 390) as session:
            assert violations(session, off=PAGE_RULES) == [], name


def faults(path: Path, width: int, before: str = "0") -> tuple:
    """Return what is wrong in a page after a script ran: wider than the window, cut off, not readable, pictures that are not there."""
    with browser().page(path, width) as session:
        browser().evaluate(session, f"{before}, 0")
        found = browser().evaluate(session, MEASURE)
    unreadable = [each for each in found["contrasts"] if each["ratio"] < 4.5]
    return found["scroll_width"] - width, found["overflowing"], found["clipped"], unreadable, found["broken_images"]


FAULTLESS = (0, [], [], [], [])


def as_in_chromium_77(css: str) -> str:
    """Return the CSS without the rules and declarations that Chromium 77 drops."""
    plain = NEW_VALUES.sub("", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
    return re.sub(r"([^{}]+)\{[^{}]*\}", lambda rule: "" if NEW_SELECTORS.search(rule[1]) else rule[0], plain)


@pytest.mark.parametrize("night", [False, True], ids=["light", "night"])
def test_cards_fit_and_are_readable_in_old_web_views(pages, night):
    for name, path in pages(night, as_in_chromium_77):
        assert faults(path, 390) == FAULTLESS, name


def test_old_web_views_keep_the_look_of_all_parts():
    """Only rules for the place of formulas in their line may be lost, and the colour of list marks."""
    css = built_in()["occlusion"].css
    lost = [
        selector
        for selector in re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
        if NEW_SELECTORS.search(selector)
    ]
    assert lost and all("mjx-container" in selector or "::marker" in selector for selector in lost), lost


def test_cards_fit_with_large_type(pages):
    """Twice the size, as AnkiDroid's setting for the size of text."""
    for name, path in pages(False):
        assert faults(path, 390, "document.body.style.fontSize = '34px'") == FAULTLESS, name


def test_nothing_on_a_card_moves():
    assert not re.search(r"animation|transition|@keyframes", built_in()["occlusion"].css)


def test_script_of_cards_is_one_that_old_web_views_run():
    """ES5, as a part of a template of Anki, without access to anything but the card."""
    code = re.sub(r"//.*", "", SCRIPT.read_text())
    assert not re.search(r"=>|\b(?:let|const|class|async|await)\b|`|\?\.|\?\?|\.\.\.|\{\{|\}\}", code)
    assert not re.search(r"https?:|fetch|XMLHttp|innerHTML|eval|import|src\b|cookie|Storage|pycmd|bridgeCommand", code)


WIDTHS = "(() => { const image = document.querySelector('SELECTOR'); return [image.clientWidth, image.parentNode.clientWidth, document.documentElement.scrollWidth]; })()"


@pytest.mark.parametrize(
    "selector, width, enlarged", [("figure img", 390, 716), ("figure img", 900, 756), (".note-answer p img", 390, 900)]
)
def test_tap_enlarges_a_picture_inside_the_card(pages, selector, width, enlarged):
    [path] = [path for name, path in pages(False) if name == "basic-0-back"]
    measured = WIDTHS.replace("SELECTOR", selector)
    with browser().page(path, width) as session:
        small, around, page = browser().evaluate(session, measured)
        assert small <= around and page == width
        browser().evaluate(session, f"document.querySelector('{selector}').click(), 0")
        assert browser().evaluate(session, measured) == [enlarged, around, width]
        # The same with a keyboard.
        key = "new KeyboardEvent('keydown', {key: 'Enter', bubbles: true})"
        browser().evaluate(session, f"document.querySelector('{selector}').dispatchEvent({key}), 0")
        assert browser().evaluate(session, measured) == [small, around, width]


def test_chinese_decks_say_their_language():
    sheets = [
        re.findall('<div class="note-sheet"[^>]*>', side)
        for each in built_in().with_language("zh")
        for template in each.templates
        for side in (template.front, template.back)
    ]
    assert sheets and all(found == ['<div class="note-sheet" lang="zh">'] for found in sheets)
