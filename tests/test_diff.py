"""Tests `deckgen diff`: on packages of deckgen, and on packages that Anki's engine exports."""

import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from anki.collection import ExportAnkiPackageOptions
from browser import browser
from decks import PIXEL, build, package_of, run, write_deck
from engine import collection, import_package
from hypothesis import given
from hypothesis import strategies as st

from deckgen.diff.words import Change, compare_words, mark, tokens

NOW = 1_700_000_000
NOTES = """---
tags: [x, y]
---

# 注意力

## 为什么除以 $\\sqrt{d_k}$？

方差是 $d_k$，所以要除以它的平方根。

![p](p.png)

## Which parts has a block?

{{c1::Attention}} and {{c2::a feed-forward layer}}.

## Gone?

It goes.

## Same?

Same.
"""
EDITED = (
    NOTES.replace("所以要除以它的平方根", "因此除以标准差 $\\sqrt{d_k}$")
    .replace("a feed-forward", "a position-wise feed-forward")
    .replace("## Gone?\n\nIt goes.\n\n", "")
    .replace("p.png", "q.png")
    + "\n## New?\n\nYes.\n"
)


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("diff")
    deck = write_deck(home / "deck", {"a.md": NOTES, "p.png": PIXEL, "q.png": PIXEL + b"\0"})
    old = package_of(build(deck, home / "one", NOW))
    write_deck(deck, {"a.md": EDITED})
    return old, package_of(build(deck, home / "two", NOW + 60))


def test_json_lists_added_changed_and_removed_notes_and_media(packages):
    found = json.loads(run("diff", *packages, "--json").stdout)
    assert [[note["title"] for note in found[key]] for key in ("added", "changed", "removed", "moved")] == [
        ["New?"],
        ["为什么除以 \\(\\sqrt{d_k}\\)？", "Which parts has a block?"],
        ["Gone?"],
        [],
    ]
    assert found["unchanged"] == 1 and found["restamped"] == [] and found["notetypes"] == []
    assert [len(found["media"][key]) for key in ("added", "removed", "changed")] == [1, 1, 0]
    words = found["changed"][1]["fields"][0]["words"]
    assert words == [
        ["same", "<p>{{c1::Attention}} and {{c2::a "],
        ["added", "position-wise "],
        ["same", "feed-forward layer}}.</p>"],
    ]
    assert found["changed"][0]["newer"] is True and found["changed"][0]["tags"] == {"added": [], "removed": []}


def test_lines_mark_changed_words_as_git_does(packages):
    result = run("diff", *packages)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(
        "test-deck-1.0.0.apkg (version 1.0.0) → test-deck-1.0.0.apkg (version 1.0.0): 1 added, 2 changed, 1 removed, 0 moved, 1 unchanged\n"
    )
    assert (
        "          Back: <p>方差是 \\(d_k\\)，[-所以要-]{+因此+}除以[-它的平方根-]{+标准差 \\(\\sqrt{d_k}\\)+}。</p>"
        in result.stdout
    )
    assert "{{c2::a {+position-wise +}feed-forward layer}}" in result.stdout


def test_a_package_does_not_differ_from_itself(packages):
    assert (
        run("diff", packages[0], packages[0]).stdout
        == "test-deck-1.0.0.apkg (version 1.0.0) → test-deck-1.0.0.apkg (version 1.0.0): 0 added, 0 changed, 0 removed, 0 moved, 4 unchanged\n"
    )


def test_changes_of_tags_decks_and_note_types(tmp_path):
    """deckgen makes no such packages. The changes are made in the engine, as a user of Anki makes them."""
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES, "p.png": PIXEL})
    old = package_of(build(deck, tmp_path / "out", NOW))
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=False)
    with collection(tmp_path / "learner") as col:
        import_package(col, old)
        note = col.get_note(col.find_notes("Same?")[0])
        note.tags = ["y", "mine", "X"]
        col.update_note(note)
        col.set_deck(
            [card.id for card in col.get_note(col.find_notes("Gone?")[0]).cards()], col.decks.id("Other::Deck")
        )
        kind = col.models.by_name("Test Deck (Q&A)")
        kind["flds"][8]["name"] = "Note"
        kind["tmpls"][0]["qfmt"] += "<i>!</i>"
        kind["css"] += ".x { color: red }"
        col.models.add_field(kind, col.models.new_field("More"))
        col.models.update_dict(kind)
        col.export_anki_package(out_path=str(tmp_path / "new.apkg"), options=options, limit=None)
    found = json.loads(run("diff", old, tmp_path / "new.apkg", "--json").stdout)
    assert [(c["title"], c["tags"], c["fields"]) for c in found["changed"]] == [
        ("Same?", {"added": ["mine"], "removed": ["注意力"]}, [])
    ]
    assert [(c["title"], c["old"], c["new"]) for c in found["moved"]] == [("Gone?", ["Test Deck"], ["Other::Deck"])]
    (notetype,) = found["notetypes"]
    assert notetype["what"] == [
        "field More added",
        "field Spare1 renamed Note",
        "front of template Question",
        "look (CSS)",
    ]
    assert notetype["breaks"] is True
    assert found["restamped"], "the engine stamps every note when a note type gets a field"


def test_a_file_that_is_not_a_package_is_an_error_on_one_line(packages, tmp_path):
    (tmp_path / "a.apkg").write_text("text")
    result = run("diff", "a.apkg", packages[1], cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        result.stderr
        == "a.apkg: error: is not a zip file; Anki packages are zip files (check the path) [package-zip]\n"
    )


html = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "word", "字", "符", " ", ", ", "\\(x^2\\)", "{{c1::", "}}", "<img src='a'>", "&amp;", "<", "1"]
    )
).map("".join)


@given(html, html)
def test_the_runs_contain_both_texts_completely(old, new):
    runs = compare_words(old, new)
    assert "".join(run.text for run in runs if run.change is not Change.ADDED) == old
    assert "".join(run.text for run in runs if run.change is not Change.REMOVED) == new
    assert (old == new) == all(run.change is Change.SAME for run in runs)
    for side, text in ((Change.REMOVED, old), (Change.ADDED, new)):
        marked = mark(runs, side)
        for element in ("<del>", "</del>", "<ins>", "</ins>"):
            marked = marked.replace(element, "")
        assert marked == text


def test_how_a_text_is_split_into_words():
    assert tokens("查询 q1-k <b class='x'>\\(a b\\)</b>{{c12::é}}&lt;") == [
        "查",
        "询",
        " ",
        "q1",
        "-",
        "k",
        " ",
        "<b class='x'>",
        "\\(a b\\)",
        "</b>",
        "{{c12::",
        "é",
        "}}",
        "&lt;",
    ]


def test_marks_do_not_enclose_tags():
    runs = compare_words("<p>one</p><p>two</p>", "<p>three</p><ul><li>four</li></ul><p>two</p>")
    assert mark(runs, Change.ADDED) == "<p><ins>three</ins></p><ul><li><ins>four</ins></li></ul><p>two</p>"
    assert mark(runs, Change.REMOVED) == "<p><del>one</del></p><p>two</p>"


def test_the_page_shows_the_cards_of_both_packages_and_runs_no_script_of_theirs(packages, tmp_path):
    old, new = tmp_path / "old.apkg", tmp_path / "new.apkg"
    shutil.copy(packages[0], old)
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=False)
    with collection(tmp_path / "learner") as col:
        import_package(col, packages[1])
        note = col.get_note(col.find_notes("New?")[0])
        note["Back"] = (
            "</template></div><script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\"> end"
        )
        col.update_note(note)
        col.export_anki_package(out_path=str(new), options=options, limit=None)
    assert run("diff", old, new, "--html", tmp_path / "d.html").stdout.endswith(
        "d.html: old.apkg (version 1.0.0) → new.apkg (version 1.0.0): 1 added, 2 changed, 1 removed, 0 moved, 1 unchanged\n"
    )
    seen = look_at(tmp_path / "d.html")
    assert seen["title"] == "old.apkg (version 1.0.0) → new.apkg (version 1.0.0)"
    assert len(seen["sides"]) == 12
    changed = [side for side in seen["sides"] if "方差" in side["text"]]
    assert [side["marks"] for side in changed] == [
        ["所以要", "它的平方根", "IMG"],
        ["因此", "标准差 dk\\sqrt{d_k}", "IMG"],
    ]
    assert all(side["images"] == [1] for side in changed), "the packages' own pictures are in the page"
    assert {side["light"] for side in seen["sides"]} == {"rgb(255, 255, 255)"} and {
        side["night"] for side in seen["sides"]
    } == {"rgb(44, 44, 44)"}


def look_at(page: Path) -> dict:
    """Scroll to each card. Return the title, and for each side its text, marks, pictures, and background in both modes."""
    script = """(async () => {
      const hosts = [...document.querySelectorAll(".side")], paper = h => getComputedStyle(h.shadowRoot.querySelector(".card")).backgroundColor;
      for (const host of hosts) { host.scrollIntoView(); while (!host.shadowRoot) await new Promise(requestAnimationFrame); }
      const images = h => [...h.shadowRoot.querySelectorAll("img")];
      await Promise.all(hosts.flatMap(images).map(i => i.decode().catch(() => null)));
      const sides = hosts.map(h => ({ text: h.shadowRoot.querySelector(".card").textContent, light: paper(h), images: images(h).map(i => i.naturalWidth),
        marks: [...h.shadowRoot.querySelectorAll("ins, del")].map(m => m.textContent || m.firstElementChild.tagName) }));
      document.getElementById("night").click();
      hosts.forEach((h, n) => { sides[n].night = paper(h); });
      return { title: document.title, sides };
    })()"""
    with browser().page(page, 1200) as session:
        return browser().evaluate(session, script)


def test_a_terminal_gets_a_table(packages):
    ours, theirs = pytest.importorskip("pty").openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    process = subprocess.Popen([sys.executable, "-m", "deckgen", "diff", *packages], stdout=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            shown += os.read(ours, 1 << 16)
        except OSError:  # Linux reports with it that the other end is closed.
            break
    assert process.wait() == 0
    assert "\x1b[32mposition-wise \x1b[0m" in shown.decode() and "\x1b[9;31m所以要\x1b[0m" in shown.decode()
