"""The preview shows cards as Anki's desktop program does: the same texts in the same order, sizes of pictures, and colours.

`build/photographs` gets a picture of each side, the desktop on the left and the preview on the right, to be looked at.
"""

import base64
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from anki_desktop import PROFILE, desktop, new_base, require_desktop
from browser import browser, require_browser
from decks import BOXES, build, package_of, write_deck
from engine import cards, collection, import_package
from photo import row

from deckgen.preview.site import write_site

ROOT = Path(__file__).parents[2]
SHOWN = ROOT / "build" / "photographs"
SIZE = (560, 1400)
NOTES = """\
## How many heads has the base model? {#typed .typed}

Eight.

## LayerNorm? {#turned .reversed}

It normalises $x \\in \\mathbb{R}^d$.

> [!warning] A callout
> with text, <u>underlined</u>, and `code`

| a | b |
|---|---|
| 1 | $\\frac{1}{2}$ |

```python
def f(x): return x  # a comment that is long enough to be wider than the card on a narrow screen, so that it scrolls
```

## Which box? {#boxes}

![two boxes](figure:boxes){.occlude}
"""
# The note and the number of the card, from 0.
FROM_NOTES = [
    ("scale-sqrt-dk", 0), ("sinusoidal-pe", 0), ("encoder-block-parts", 1), ("padding-mask", 0), ("per-head-dim", 0), ("grpo", 0),
    ("complexity-by-layer", 0), ("unigram-viterbi", 0),
]  # fmt: skip
FROM_OWN = [("typed", 0), ("turned", 0), ("turned", 1), ("boxes", 1)]

# A function of a page: all that it shows, in its order. Of formulas the size: their characters are in private elements of MathJax.
MEASURE = """(document => {
    const size = node => { const r = node.getBoundingClientRect(); return [Math.round(r.width), Math.round(r.height)]; };
    const background = node => {
        for (; node; node = node.parentElement) {
            const colour = getComputedStyle(node).backgroundColor;
            if (colour !== "rgba(0, 0, 0, 0)") return colour;
        }
    };
    const items = [], walker = document.createTreeWalker(document.getElementById("qa"), NodeFilter.SHOW_ALL);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node, style = getComputedStyle(element);
        if (element.closest("script, style, mjx-container *") || !element.getClientRects().length) continue;
        if (node.nodeType === Node.TEXT_NODE && node.data.trim())
            items.push(["text", node.data.trim(), style.color, background(element), style.fontSize, style.fontFamily]);
        else if (node.nodeName === "IMG") items.push(["picture", node.src.replace(/.*\\//, ""), ...size(node), style.filter]);
        // Without the scroll bars, which take space in the desktop program.
        else if (/^(PRE|TABLE)$/.test(node.nodeName)) items.push([node.nodeName, node.clientWidth, node.clientHeight, background(element)]);
        else if (/^(CANVAS|INPUT|HR|MJX-CONTAINER)$/.test(node.nodeName))
            items.push([node.nodeName, ...size(node), style.color, background(element)]);
    }
    return {items, width: document.documentElement.clientWidth, page: background(document.body)};
})"""


@dataclass(frozen=True)
class Photographed:
    """One side of a card: what the measuring script found in the desktop and in the preview."""

    name: str
    desktop: dict
    preview: dict


def site_of(deck: Path, out: Path) -> Path:
    write_site(deck, out)
    return out / "index.html"


@pytest.fixture(scope="module")
def sides(tmp_path_factory) -> list[Photographed]:
    """Both sides of twelve cards in light and night mode."""
    if "DECKGEN_DESKTOP" not in os.environ:
        pytest.skip("NOT TESTED: this takes two minutes, and runs in `make desktop`")
    python = require_desktop()
    require_browser()
    home = tmp_path_factory.mktemp("photographs")
    own = write_deck(home / "own", {"a.md": NOTES, "figures/shapes.py": BOXES})
    notes = home / "notes"
    shutil.copytree(ROOT / "notes", notes, ignore=shutil.ignore_patterns("__pycache__"))
    packages = [package_of(build(deck, home / "out", 1_700_000_000)) for deck in (notes, own)]
    base = new_base(python, home / "Anki")
    with collection(base / PROFILE) as col:
        for package in packages:
            import_package(col, package)
        known = {(card.note()["Id"], card.ord): card.id for card in cards(col)}
    ids = {known[card]: card for card in FROM_NOTES + FROM_OWN}
    shutil.rmtree(SHOWN, ignore_errors=True)
    SHOWN.mkdir(parents=True)
    measured = in_desktop(python, base, list(ids), home / "desktop")
    found = []
    for deck, chosen in ((notes, FROM_NOTES), (own, FROM_OWN)):
        site = site_of(deck, home / f"site-{deck.name}")
        names = [(id, *card) for id, card in ids.items() if card in chosen]
        found += list(in_preview(site, names, measured, home / "desktop"))
    return found


def in_desktop(python: Path, base: Path, ids: list[int], out: Path) -> dict[str, dict]:
    """Photograph the cards in the desktop program. Return what the script measured, by the names of the photographs."""
    out.mkdir()
    addon = base / "addons21" / "photographer"
    addon.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("photographer.py"), addon / "__init__.py")
    job = {"cards": ids, "measure": f"{MEASURE}(document)", "size": SIZE, "out": str(out)}
    (addon / "job.json").write_text(json.dumps(job))
    with desktop(python, base) as running:
        running.wait((out / "results.json").exists, "photographs")
    return json.loads((out / "results.json").read_text())


SHOW = """(async () => {
    const frame = document.getElementById("SIDE"), wait = time => new Promise(done => setTimeout(done, time));
    window.original ??= draw;
    draw = () => { original(); frame.style.cssText = "flex: none; max-width: none; width: WIDTHpx; height: HEIGHTpx"; };
    state.night = NIGHT;
    choose("KEY", CARD);
    state.side = "SIDE";
    await showCard();
    // The card is sent to the frame as a message.
    for (let ready = false; !ready; ) {
        await wait(100);
        const page = frame.contentDocument, qa = page.getElementById("qa");
        ready = !qa.textContent.match(/\\\\[(\\[]/) && [...page.images].every(image => image.complete);
    }
    await wait(100);
})()"""


def in_preview(
    site: Path, names: list[tuple[int, str, int]], measured: dict[str, dict], photographs: Path
) -> Iterator[Photographed]:
    """Photograph the same sides in the preview, in a frame as wide as the desktop's page."""
    with browser().page(site, SIZE[0] + 600) as session:
        size = {"width": SIZE[0] + 600, "height": SIZE[1] + 400, "deviceScaleFactor": 1, "mobile": False}
        browser().call("Emulation.setDeviceMetricsOverride", session, **size)
        for id, key, number in names:
            for mode in ("light", "night"):
                for side in ("front", "back"):
                    name = f"{id}-{side}-{mode}"
                    there = measured[name]
                    values = {"SIDE": side, "NIGHT": str(mode == "night").lower(), "KEY": key, "CARD": str(number)}
                    values |= {"WIDTH": str(there["width"] + 2), "HEIGHT": str(SIZE[1] - 100)}
                    script = SHOW
                    for word, value in values.items():
                        script = script.replace(word, value)
                    browser().evaluate(session, script)
                    frame = f"document.getElementById({side!r})"
                    here = browser().evaluate(session, f"{MEASURE}({frame}.contentDocument)")
                    box = browser().evaluate(
                        session, f"{frame}.scrollIntoView(), (r => [r.x, r.y])({frame}.getBoundingClientRect())"
                    )
                    clip = {
                        "x": box[0] + 1,
                        "y": box[1] + 1,
                        "width": there["width"],
                        "height": SIZE[1] - 102,
                        "scale": 1,
                    }
                    shot = browser().call("Page.captureScreenshot", session, format="png", clip=clip)
                    mine = photographs / f"{name}-preview.png"
                    mine.write_bytes(base64.b64decode(shot["data"]))
                    row([photographs / f"{name}.png", mine], SHOWN / f"{key}-{number}-{side}-{mode}.png")
                    yield Photographed(f"{key}-{number}-{side}-{mode}", there, here)


def differences(side: Photographed) -> Iterator[str]:
    """Yield a message for each item of a side that differs. Sizes may differ by one pixel.

    Those of formulas may differ by four: the desktop program sets the same formula two to four pixels wider or higher when it
    shows a card for the second time.
    """
    mine, theirs = side.preview["items"], side.desktop["items"]
    if side.preview["page"] != side.desktop["page"] or len(mine) != len(theirs):
        yield f"{side.name}: {side.preview['page']}, {len(mine)} items; in the desktop {side.desktop['page']}, {len(theirs)} items"
    for here, there in zip(mine, theirs):
        tolerance = 4 if here[0] == "MJX-CONTAINER" else 1
        same = len(here) == len(there) and all(
            abs(a - b) <= tolerance if isinstance(a, int) and isinstance(b, int) else a == b
            for a, b in zip(here, there)
        )
        if not same:
            yield f"{side.name}: {here}; in the desktop {there}"


def test_preview_shows_what_the_desktop_shows(sides):
    assert len(sides) == 4 * len(FROM_NOTES + FROM_OWN)
    found = [message for side in sides for message in differences(side)]
    assert not found, "\n".join(found)
