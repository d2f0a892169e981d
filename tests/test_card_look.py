"""Tests the templates and card.css: cards are rendered by Anki's engine and measured in a browser, at two widths."""

import re
from pathlib import Path

import markdown
import pytest
from anki.collection import Collection
from browser import browser, card_page, measure, require_browser
from bs4 import BeautifulSoup
from PIL import Image

FOLDER = Path(__file__).parents[1] / "deckgen" / "notetypes"
CSS = (FOLDER / "card.css").read_text()
QA = ("Front", "Back", "Reverse", "Typed", "Source", "Status", "Section", "Id", "Spare1", "Spare2")
CLOZE = ("Title", "Text", "Source", "Status", "Section", "Id", "Spare1", "Spare2")
TEMPLATES = {
    "basic": [("basic/front.html", "basic/back.html"), ("basic/reverse_front.html", "basic/reverse_back.html")],
    "cloze": [("cloze/front.html", "cloze/back.html")],
}
SCRIPT = re.compile(r"<script>.*?</script>", re.S)
TYPED = re.compile(r"\[\[type:Typed\]\]")

RICH = (
    r"""
Text with ==marked==, <u>underlined</u>, `inline_code_that_is_long_enough_to_need_a_break_on_a_phone` and 一个[链接](x.html)[^1]。

```python
class Attention(nn.Module):  # 注意力
    """
    + "'''Scaled.'''"
    + r"""
    @torch.no_grad()
    def forward(self, x: torch.Tensor, scale: float = 0.125) -> str:
        return f"{scale:.2f}\n" + str(self.query(x) @ self.key(x).transpose(-2, -1)) if not None else len("a long line")
```

```diff
- old
+ new
```

| 方法 | 时间复杂度 | 空间复杂度 | 是否精确 | 适用场景 | 备注 |
|---|---|---|---|---|---|
| FlashAttention | MATH0 | MATH0 | 是 | 长序列训练 | 分块计算，减少显存的读写次数 |

> A remark with MATH0.

!!! note "Title"
    Text.

!!! warning
    Text.

!!! danger
    Text.

???+ tip "Open"
    Text.

- [x] done

Term
:   Definition.

MATH1

A wide one in the text MATH2 and one before punctuation MATH2。

[^1]: A footnote.
"""
)
WIDE = (
    r"\mathcal{L}=-\sum_{t=1}^{T}\log\frac{\exp(q_t^\top k_t/\sqrt{d_k})}{\sum_{j=1}^{n}\exp(q_t^\top k_j/\sqrt{d_k})}"
    r"+\lambda\sum_{l=1}^{L}\lVert W_l\rVert_F^2"
)
MATH = {"MATH0": r"\(O(n^2d)\)", "MATH1": rf"\[{WIDE}\]", "MATH2": rf"\({WIDE}\)"}
PICTURES = """<figure><img class="computed" src="figure.png"><figcaption>Computed</figcaption></figure>
<figure><img src="photo.png"><figcaption>A photograph</figcaption></figure><span class="missing">no such picture</span>"""
# For each formula: is the sign after it on the next line, to the left of the formula?
LINES_BEGUN = """[...document.querySelectorAll("mjx-container")].map(formula => {
    const range = document.createRange();
    range.setStart(formula.nextSibling, 0);
    range.setEnd(formula.nextSibling, 1);
    return [range.toString(), range.getBoundingClientRect().left < formula.getBoundingClientRect().left];
})"""
EXTENSIONS = [
    "tables", "footnotes", "admonition", "def_list", "pymdownx.superfences", "pymdownx.highlight", "pymdownx.details",
    "pymdownx.tasklist", "pymdownx.mark",
]  # fmt: skip


def rich() -> str:
    """Return a field with everything that a note can contain."""
    html = markdown.markdown(RICH, extensions=EXTENSIONS) + PICTURES
    return re.sub("MATH[012]", lambda found: MATH[found[0]], html)


PLACE = {"Section": "Transformer › 注意力", "Source": '<a href="x">A paper</a>'}
NOTES = {
    "rich": ("basic", {"Front": r"为什么要除以 \(\sqrt{d_k}\)？", "Back": rich()} | PLACE),
    "typed": ("basic", {"Front": "几倍？", "Back": "四倍。", "Typed": "four times"}),
    "reversed": ("basic", {"Front": "LayerNorm", "Back": r"<p>Normalises.</p>\[x\]", "Reverse": "1"} | PLACE),
    "retired": ("basic", {"Front": "Old?", "Back": "Old.", "Reverse": "1", "Status": "Retired"}),
    "cloze": ("cloze", {"Title": "参数量", "Text": r"每头 {{c1::\(d_k\)}}，与头数{{c2::无关}}。"} | PLACE),
    "retired cloze": ("cloze", {"Title": "Old?", "Text": "{{c1::Old}}.", "Status": "Retired"}),
}


def add_notetype(col: Collection, name: str, fields: tuple[str, ...], cloze: bool) -> None:
    notetype = col.models.new(f"test {name}")  # Anki has a note type "cloze"
    notetype["type"] = int(cloze)
    notetype["css"] = CSS
    for field in fields:
        col.models.add_field(notetype, col.models.new_field(field))
    for number, (front, back) in enumerate(TEMPLATES[name]):
        template = col.models.new_template(f"{name} {number}")
        template["qfmt"], template["afmt"] = ((FOLDER / side).read_text() for side in (front, back))
        col.models.add_template(notetype, template)
    col.models.add(notetype)


@pytest.fixture(scope="module")
def cards(tmp_path_factory) -> dict[tuple[str, int, str], str]:
    """(note, number of the card, "front" or "back") → HTML from the engine. Typed answers are compared as on the desktop."""
    col = Collection(str(tmp_path_factory.mktemp("collection") / "collection.anki2"))
    add_notetype(col, "basic", QA, cloze=False)
    add_notetype(col, "cloze", CLOZE, cloze=True)
    sides = {}
    for name, (kind, fields) in NOTES.items():
        note = col.new_note(col.models.by_name(f"test {kind}"))
        for field, html in fields.items():
            note[field] = html
        col.add_note(note, 1)
        for card in note.cards():
            output = card.render_output(browser=False)
            compared = f'<div style="font-size: 20px">{col.compare_answer("four times", "fuor time")}</div>'
            sides[name, card.ord, "front"] = TYPED.sub(
                "<center><input type=text id=typeans></center>", output.question_text
            )
            sides[name, card.ord, "back"] = TYPED.sub(compared, output.answer_text)
    col.close()
    return sides


@pytest.fixture(scope="module")
def pages(cards, tmp_path_factory) -> dict[tuple[str, int, str, bool], Path]:
    """Each side of each card as a page, in light and night mode."""
    require_browser()
    folder = tmp_path_factory.mktemp("pages")
    for picture in ("figure.png", "photo.png"):
        Image.new("RGBA", (780, 400)).save(folder / picture)
    paths = {}
    for (name, number, side), html in cards.items():
        for night in (False, True):
            path = folder / f"{name}-{number}-{side}-{night}.html"
            path.write_text(card_page(html, CSS, night, folder, number))
            paths[name, number, side, night] = path
    return paths


def test_a_note_has_a_second_card_only_if_reverse_is_filled(cards):
    numbers = {name: sorted({number for note, number, _ in cards if note == name}) for name in NOTES}
    assert numbers == {
        "rich": [0], "typed": [0], "reversed": [0, 1], "retired": [0, 1], "cloze": [0, 1], "retired cloze": [0],
    }  # fmt: skip


def test_optional_parts_are_on_the_right_sides(cards):
    def sides(part: str) -> set[tuple[str, int, str]]:
        return {key for key, html in cards.items() if f'class="note-{part}"' in html}

    placed = {key for key in cards if key[0] in ("rich", "reversed", "cloze")}
    assert sides("status") == {key for key in cards if key[0].startswith("retired")}
    assert sides("section") == placed
    assert sides("source") == {key for key in placed if key[2] == "back"}


def test_a_front_does_not_show_the_answer(cards):
    text = {key: BeautifulSoup(html, "html.parser").get_text() for key, html in cards.items() if key[2] == "front"}
    assert "四倍" not in text["typed", 0, "front"] and "LayerNorm" not in text["reversed", 1, "front"]
    assert "d_k" not in text["cloze", 0, "front"] and "无关" not in text["cloze", 1, "front"]


def test_a_typed_answer_has_one_box_and_one_comparison(cards):
    assert [html.count("typeans") for key, html in cards.items() if key[0] == "typed"] == [1, 1]
    assert not [key for key, html in cards.items() if "typeans" in html and key[0] != "typed"]


def test_anki_finds_the_line_before_the_answer(cards):
    # The spelling matters: the desktop searches for it and moves the line before a typed answer.
    found = {key for key, html in cards.items() if html.count("<hr id=answer>") == 1}
    assert found == {key for key in cards if key[2] == "back" and NOTES[key[0]][0] == "basic"}


# A phone in light mode and a desktop in night mode. The other two combinations are proofs.
@pytest.mark.parametrize(
    "width, night",
    [
        (390, False),
        (900, True),
        *(pytest.param(*each, marks=pytest.mark.proof) for each in ((390, True), (900, False))),
    ],
)
def test_every_card_fits_the_page_and_is_readable(pages, width, night):
    for key, path in pages.items():
        if key[3] is night:
            found = measure(path, width)
            assert found["scroll_width"] == width and found["overflowing"] == [], key
            assert (found["clipped"], found["math_errors"], found["broken_images"]) == ([], 0, []), key
            assert [c for c in found["contrasts"] if c["ratio"] < 4.5] == [], key


def test_wide_content_scrolls_inside_the_card(pages):
    scrolling = measure(pages["rich", 0, "back", False], 390)["scrolling"]
    kinds = [name.split(".")[0] for name in scrolling]
    assert set(kinds) == {"pre", "table", "mjx-container", "mjx-math"}
    assert (kinds.count("mjx-container"), kinds.count("mjx-math")) == (1, 2)


@pytest.mark.parametrize("night", [False, True], ids=["light", "night"])
def test_night_mode_inverts_computed_figures_and_no_photographs(pages, night):
    filters = measure(pages["rich", 0, "back", night], 390)["filters"]
    assert filters == {"figure.png": "invert(1) hue-rotate(180deg)" if night else "none", "photo.png": "none"}


def test_no_line_begins_with_the_punctuation_after_a_formula(tmp_path):
    """Formulas are placed after 12 to 20 characters, so that each punctuation mark is once at the end of a line."""
    require_browser()
    lines = "".join(f"<p>{'字' * n}\\(n^2\\){sign}其余</p>" for n in range(12, 21) for sign in "，。；：、？）」")
    (tmp_path / "line.html").write_text(card_page(f'<div class="note-sheet">{lines}</div>', CSS, False, tmp_path))
    with browser().page(tmp_path / "line.html", 390) as session:
        begun = browser().evaluate(session, LINES_BEGUN)
    assert (len(begun), [sign for sign, begins in begun if begins]) == (72, [])


@pytest.mark.parametrize("page", sorted(FOLDER.rglob("*.html")), ids=lambda path: path.stem)
def test_templates_contain_no_script(page):
    """The exception is the script of Anki's own note type: it draws the masks."""
    text = page.read_text()
    scripts = SCRIPT.findall(text) if page.parent.name == "occlusion" else []
    assert len(scripts) == (page.parent.name == "occlusion")
    rest = text.replace("".join(scripts), "")
    assert not re.search(r"<script|\son\w+=|javascript:", rest, re.IGNORECASE)
