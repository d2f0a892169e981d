"""deckgen stats: what it counts, the changes of releases, and its page."""

import json
import re
from pathlib import Path

import pytest
from author import FIRST, released_author
from browser import browser, require_browser
from bs4 import BeautifulSoup
from decks import BOXES, DECK_TOML, PIXEL, git, run, write_deck

from deckgen.package.read import read_package

CSS = (Path(__file__).parents[1] / "deckgen/stats/page.css").read_text()
NOTES = """\
# Attention

## Why $d_k$? {.reversed}

Because $a$ and $$b$$. ![p](p.png)

```python
$no formula$
```

| a | b |
|---|---|
| 1 | 2 |

Source: [Paper](https://www.example.org/a) and [page](https://example.org/b), [other](https://other.org)

# Clozes

## Which parts?

{{c1::One}} and {{c2::two}}. [sound:s.mp3]

## Which boxes?

![](figure:boxes)

Source: A book
"""
FILES = {"a.md": NOTES, "p.png": PIXEL, "s.mp3": b"ID3", "figures/boxes.py": f"print('run')\n{BOXES}"}


def counted(folder: Path) -> dict:
    result = run("stats", folder, "--json")
    return {**json.loads(result.stdout), "status": result.returncode}


def test_counts_of_a_deck(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    run("build", deck, "--out", tmp_path)
    before = sorted(deck.rglob("*"))
    found = counted(deck)
    assert (found["notes"], found["cards"], found["status"], found["problems"]) == (3, 5, 0, [])
    assert found["kinds"] == [{"kind": "basic", "notes": 2, "cards": 3}, {"kind": "cloze", "notes": 1, "cards": 2}]
    assert found["sections"] == [
        {"section": ["Attention"], "notes": 1, "cards": 2},
        {"section": ["Clozes"], "notes": 2, "cards": 3},
    ]
    assert found["tags"] == {"Attention": 1, "Clozes": 2}
    one = {"notes": 1, "total": 1}
    assert found["contents"] == {
        "formulas": {"notes": 1, "total": 3},
        **dict.fromkeys(("figures", "pictures", "sounds", "code blocks", "tables"), one),
        "diagrams": {"notes": 0, "total": 0},
    }
    assert found["different_figures"] == 1
    assert found["sources"] == {"notes": 2, "hosts": {"example.org": 1, "other.org": 1}}
    assert found["lengths"]["question"] == {"least": 10, "median": 12, "largest": 12}
    assert sorted(deck.rglob("*")) == before


def test_figures_that_are_not_frozen_are_problems_and_no_code_runs(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    result = run("stats", deck)
    assert result.returncode == 1 and "a.md:25:" in result.stderr and "boxes" in result.stderr
    assert "run" not in result.stdout.split()
    assert not (deck / "figures" / "frozen").exists()


def test_the_cards_are_those_of_the_package(built_notes):
    package = read_package(Path(built_notes["package"]))
    found = counted(Path(built_notes["folder"]))
    assert found["cards"] == sum(len(note.cards) for note in package.notes) > 300
    assert sum(each["cards"] for each in found["sections"]) == found["cards"]
    assert found["contents"]["figures"]["total"] >= 54 and found["sources"]["notes"] == found["notes"]


def test_changes_by_release_come_from_the_locks_in_git(tmp_path):
    author = released_author(tmp_path / "repository")
    author.write(
        {**{key: FIRST[key] for key in ("bear", "cat", "dog")}, "elk": "Large.", "bear": "Brown, or white."}, 2
    )
    author.release("2.0.0", 3)
    author.write({**FIRST, "bear": "Brown, or white.", "elk": "Large."}, 4)
    rows = counted(author.deck)["releases"]
    assert [[row[key] for key in ("version", "notes", "added", "changed", "retired")] for row in rows] == [
        ["1.0.0", 4, 4, 0, 0],
        ["2.0.0", 4, 1, 1, 1],
        [None, 5, 1, 0, 0],
    ]
    assert "not released" in run("stats", author.deck).stdout
    git(author.home, "tag", "--delete", "test-deck-1.0.0")
    first, second, _ = counted(author.deck)["releases"]
    assert (first["version"], first["added"], second["notes"], second["added"]) == ("1.0.0", None, 4, None)


def test_without_git_the_changes_are_not_known(tmp_path):
    author = released_author(tmp_path / "repository")
    copy = write_deck(tmp_path / "copy", {path.name: path.read_bytes() for path in author.deck.iterdir()})
    (row,) = counted(copy)["releases"]
    assert row["version"] == "1.0.0" and row["time"] and row["added"] is None
    assert "Changes by release" not in run("stats", copy).stdout


def test_the_page_escapes_texts_and_loads_nothing(tmp_path):
    toml = DECK_TOML.replace("Test Deck", "<script>alert(1)</script>")
    deck = write_deck(
        tmp_path / "deck", {**FILES, "deck.toml": toml, "a.md": NOTES.replace("# Clozes", "# <img src=x>")}
    )
    run("build", deck, "--out", tmp_path)
    result = run("stats", "deck", "--html", "page.html", cwd=tmp_path)
    assert (result.stdout, result.stderr) == ("page.html: <script>alert(1)</script> 1.0.0: 3 notes, 5 cards\n", "")
    text = (tmp_path / "page.html").read_text()
    assert "&lt;script&gt;" in text and "<script" not in text and "<img" not in text
    loading = BeautifulSoup(text, "html.parser").select("[src], [href], [style], script, link, img")
    assert loading == [] and "url(" not in text and "default-src 'none'" in text


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_page_in_a_browser(tmp_path, width, mode):
    """Nothing is wider than the page, each row has its bars with the right lengths, and the colours are those of the mode."""
    require_browser()
    deck = write_deck(tmp_path / "deck", FILES)
    run("build", deck, "--out", tmp_path)
    run("stats", deck, "--html", tmp_path / "page.html")
    with browser().page(tmp_path / "page.html", width, 1) as session:
        browser().call(
            "Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": mode}]
        )
        seen = browser().evaluate(
            session,
            """(() => {
              const width = (rect) => rect.getBoundingClientRect().width;
              return {
                overflow: document.documentElement.scrollWidth - innerWidth,
                titles: [...document.querySelectorAll("h2")].map((each) => each.textContent),
                bars: [...document.querySelectorAll("section:first-of-type tr")].map((row) =>
                  [...row.querySelectorAll("rect")].map((rect) => Math.round((100 * width(rect)) / width(row.querySelector("svg"))))),
                page: getComputedStyle(document.body).backgroundColor,
              };
            })()""",
        )
    assert seen["overflow"] <= 0
    assert seen["titles"][0] == "Cards by section and kind" and len(seen["titles"]) == 7
    assert seen["bars"] == [[67], [33, 67]]
    assert seen["page"] == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 29)"}[mode]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(factor * part for factor, part in zip((0.2126, 0.7152, 0.0722), linear))


def test_colours_have_enough_contrast_in_both_modes():
    modes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", CSS)]
    assert len(modes) == 2
    for colours in modes:
        for name, least in (("text", 4.5), ("quiet", 4.5), *((f"bar{n}", 3) for n in range(6))):
            pair = sorted([luminance(colours[name]), luminance(colours["page"])])
            assert (pair[1] + 0.05) / (pair[0] + 0.05) >= least, name


def test_a_deck_without_notes_has_no_charts(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "Only text.\n"})
    done = run("stats", deck)
    assert done.returncode == 0 and done.stdout == "Test Deck 1.0.0: 0 notes, 0 cards\n"
