"""The preview: cards as the templates show them, read again when files change, on a page that a browser opens."""

import json
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import browser
from decks import BOXES, DECK_TOML, PIXEL, run, write_deck
from ports import unused_port

from deckgen.preview.live import LiveDeck
from deckgen.preview.payload import deck_payload

NOTES = """\
## What does softmax return? {#softmax}

A distribution: $\\sum_i p_i = 1$.

## Which animal barks? {#dog .reversed}

A dog. [sound:bark.mp3] ![a dot](dot.png)

## Fill in {#fill}

The {{c1::first}} and the {{c2::second}}.
"""
FILES = {"a.md": NOTES, "dot.png": PIXEL, "bark.mp3": b"ID3"}


@pytest.fixture
def live(tmp_path):
    deck = LiveDeck(write_deck(tmp_path / "deck", FILES), tmp_path / "pictures")
    yield deck
    deck.close()


def edit(deck: Path, old: str, new: str, file: str = "a.md") -> None:
    text = (deck / file).read_text()
    assert old in text
    (deck / file).write_text(text.replace(old, new))


def test_edit_shows_the_new_card_and_renders_only_that_note(live):
    before = live.refresh()
    edit(live.root, "A distribution", "A vector that sums to one")
    after = live.refresh(media=False)
    assert "A vector that sums to one" in after.cards("softmax")[0].back
    assert after.notes["dog"].fields is before.notes["dog"].fields
    assert after.number > before.number and not after.failed


def test_lines_and_problems_move_with_the_text_above(live):
    edit(live.root, "dot.png", "gone.png")
    [old] = [each for each in live.refresh().problems if each.code == "media-missing"]
    edit(live.root, "A distribution", "A distribution.\n\nMore")
    [new] = [each for each in live.refresh(media=False).problems if each.code == "media-missing"]
    assert new.line == old.line + 2


def test_picture_that_is_replaced_is_shown_anew(live):
    [old] = [name for name in live.refresh().media if name.endswith(".png")]
    (live.root / "dot.png").write_bytes(PIXEL + b"more")
    [new] = [name for name in live.refresh(media=True).media if name.endswith(".png")]
    assert new != old


def test_failing_deck_keeps_the_last_good_cards(live):
    good = live.refresh()
    (live.root / "deck.toml").write_text("name = ")
    failed = live.refresh()
    assert failed.failed and failed.rows == good.rows
    assert [each.code for each in failed.problems] == ["toml"] or failed.problems[0].file.endswith("deck.toml")
    (live.root / "deck.toml").write_text(DECK_TOML)
    assert not live.refresh().failed


def test_changed_notes_are_those_since_the_last_build(live, tmp_path):
    run("build", live.root, "--out", tmp_path)
    live.refresh()
    assert live.complete().changed == frozenset()
    edit(live.root, "A distribution", "A vector")
    live.refresh(media=False)
    now = live.complete()
    assert (now.changed, now.since) == ({"softmax"}, "the last build")


def test_figure_that_is_not_computed_yet_has_a_placeholder_and_comes_later(tmp_path):
    root = write_deck(
        tmp_path / "deck", {"a.md": "## Boxes? {#b}\n\n![two](figure:boxes)\n", "figures/shapes.py": BOXES}
    )
    deck = LiveDeck(root, tmp_path / "pictures")
    first = deck.refresh()
    assert "deckgen-computing.svg" in first.media and first.computing == 1
    limit = time.monotonic() + 60
    while deck.refresh(media=False, pictures=True).computing and time.monotonic() < limit:
        time.sleep(0.1)
    assert [name for name in deck.snapshot.media if re.fullmatch(r"fig-boxes-.*\.webp", name)]
    assert not (root / "figures" / "frozen").exists()
    deck.close()


def test_figure_that_fails_is_a_problem_and_is_computed_once(tmp_path):
    code = BOXES.replace("# parts", "1 / 0")
    root = write_deck(
        tmp_path / "deck", {"a.md": "## Boxes? {#b}\n\n![two](figure:boxes)\n", "figures/shapes.py": code}
    )
    told = threading.Event()
    deck = LiveDeck(root, tmp_path / "pictures", told.set)
    assert deck.refresh().computing == 1 and told.wait(60)
    for _ in range(3):
        told.clear()
        snapshot = deck.refresh(media=False, pictures=True)
        assert [each.severity for each in snapshot.problems] == ["error"] and snapshot.computing == 0
        assert not told.wait(0.5), "the picture was computed again"
    deck.close()


def test_without_code_a_figure_that_is_not_frozen_is_a_problem(tmp_path):
    root = write_deck(
        tmp_path / "deck", {"a.md": "## Boxes? {#b}\n\n![two](figure:boxes)\n", "figures/shapes.py": BOXES}
    )
    snapshot = LiveDeck(root, tmp_path / "pictures", execute=False).refresh()
    assert [each.code for each in snapshot.problems] == ["figure-missing"]


def test_page_gets_only_the_rows_that_changed(live):
    before = live.refresh()
    edit(live.root, "A distribution", "A vector")
    after = live.refresh(media=False)
    answer = json.loads(deck_payload(after, before))
    # All rows of a file follow its lines; here the lines are the same.
    assert [row["key"] for row in answer["updated"]] == ["softmax"] and "notes" not in answer
    edit(live.root, "{#fill}", "{#other}")
    answer = json.loads(deck_payload(live.refresh(media=False), after))
    assert [row["key"] for row in answer["notes"]] == ["softmax", "dog", "other"]


# ---- the page


@contextmanager
def served(root: Path, *options: str):
    with unused_port() as port:
        command = [sys.executable, "-m", "deckgen", "preview", str(root), "--port", str(port), "--no-open", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        address = f"http://127.0.0.1:{port}/"
        try:
            limit = time.monotonic() + 60
            while time.monotonic() < limit:
                try:
                    if json.load(urllib.request.urlopen(f"{address}api/deck"))["notes"]:
                        break
                except OSError:
                    assert process.poll() is None, process.communicate()
                time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.communicate(timeout=60)


FRAME = "document.getElementById({side!r}).contentDocument.body"


def text_of(session, side="front") -> str:
    return browser().evaluate(session, f"{FRAME.format(side=side)}.innerText")


def wait_for(session, script: str, seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not browser().evaluate(session, script):
        assert time.monotonic() < limit, f"{script} stayed false"
        time.sleep(0.02)


def press(session, key: str) -> None:
    browser().evaluate(
        session, f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: {key!r}, bubbles: true}})), 0"
    )


def test_page_flips_searches_and_follows_an_edit(tmp_path):
    root = write_deck(tmp_path / "deck", FILES)
    with served(root) as address, browser().page(address, 1200) as session:
        wait_for(session, f"{FRAME.format(side='front')}.innerText.includes('softmax')")
        press(session, " ")
        wait_for(session, f"{FRAME.format(side='back')}.querySelector('mjx-container') !== null")
        assert browser().evaluate(session, "document.getElementById('front').hidden")
        edit(root, "A distribution", "A vector that sums to one")
        wait_for(session, f"{FRAME.format(side='back')}.innerText.includes('sums to one')")
        # The place is kept: the same note, and the side that was shown.
        assert browser().evaluate(session, "!document.getElementById('back').hidden")
        browser().evaluate(session, "search.value = 'barks', search.dispatchEvent(new Event('input')), 0")
        wait_for(session, "document.querySelectorAll('.row').length === 1")
        press(session, "ArrowRight")
        wait_for(session, f"{FRAME.format(side='front')}.innerText.includes('Which animal barks')")
        press(session, "n")
        wait_for(session, f"{FRAME.format(side='front')}.classList.contains('nightMode')")


def test_page_tells_a_build_that_fails_and_keeps_the_card(tmp_path):
    root = write_deck(tmp_path / "deck", FILES)
    with served(root) as address, browser().page(address, 1200) as session:
        wait_for(session, f"{FRAME.format(side='front')}.innerText.includes('softmax')")
        (root / "deck.toml").write_text("name = ")
        wait_for(session, "document.getElementById('state').textContent.includes('cannot be read')")
        assert "deck.toml" in browser().evaluate(session, "document.getElementById('problems').textContent")
        assert "softmax" in text_of(session)


HOSTILE = """\
## Is it <script>parent.hit = 1</script> safe? {#bad}

<img src=x onerror="parent.hit = 1"> <a href="javascript:parent.hit = 1" id="link">go</a> <svg onload="parent.hit = 1"></svg>

<iframe src="https://example.com/"></iframe> <form action="https://example.com/"><button>x</button></form>
"""


def test_script_in_a_note_does_not_run_on_the_page(tmp_path):
    root = write_deck(tmp_path / "deck", {"a.md": HOSTILE})
    with served(root) as address, browser().page(address, 1200) as session:
        press(session, "b")
        wait_for(session, f"{FRAME.format(side='back')}.querySelector('#link') !== null")
        browser().evaluate(session, f"{FRAME.format(side='back')}.querySelector('#link').click(), 0")
        time.sleep(0.5)
        assert browser().evaluate(session, "window.hit === undefined")


def test_server_answers_only_its_own_names(tmp_path):
    with served(write_deck(tmp_path / "deck", FILES)) as address:
        request = urllib.request.Request(f"{address}api/deck", headers={"Host": "example.com"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 400
        for path in ("card/../deck.toml", "card/%2e%2e/deck.toml", "card/none.png", "api/cards/none"):
            with pytest.raises(urllib.error.HTTPError) as missing:
                urllib.request.urlopen(address + path)
            assert missing.value.code == 404


def test_site_works_from_disk(tmp_path):
    site = tmp_path / "site"
    done = run("preview", write_deck(tmp_path / "deck", FILES), "--out", site)
    assert done.returncode == 0, done.stderr
    assert "http://" not in "".join(path.read_text() for path in site.rglob("*.html"))
    with browser().page(site / "index.html", 1200) as session:
        wait_for(session, f"{FRAME.format(side='front')}.innerText.includes('softmax')")
        press(session, " ")
        wait_for(session, f"{FRAME.format(side='back')}.querySelector('mjx-container') !== null")
        browser().evaluate(session, "search.value = 'barks', search.dispatchEvent(new Event('input')), 0")
        press(session, "ArrowRight")
        press(session, "b")
        wait_for(session, f"{FRAME.format(side='back')}.querySelector('img[src$=png]')?.naturalWidth === 1")


def test_site_of_a_deck_with_errors_is_not_written(tmp_path):
    done = run(
        "preview",
        write_deck(tmp_path / "deck", {"a.md": "## What? {#a}\n\nx\n\n## Why? {#a}\n\ny\n"}),
        "--out",
        tmp_path / "site",
    )
    assert done.returncode == 1 and "id-repeated" in done.stderr
    assert not (tmp_path / "site").exists()


def test_theme_changes_the_look_and_renders_no_note(live):
    before = live.refresh()
    (live.root / "theme.css").write_text(".card { color: teal; }")
    after = live.refresh(media=False)
    assert all(css.endswith("teal; }") for css in after.looks.values()) and set(after.looks) == {"basic", "cloze"}
    assert all(after.notes[key].fields is item.fields for key, item in before.notes.items())
    assert json.loads(deck_payload(after, before))["updated"] == []


def test_setting_that_changes_fields_renders_the_notes_again(live):
    live.refresh()
    edit(live.root, "A distribution", "A ==distribution==")
    (live.root / "deck.toml").write_text(DECK_TOML + 'highlight = "cloze"\n')
    assert live.refresh(media=False).notes["softmax"].note.kind == "cloze"


def test_two_tabs_follow_an_edit_and_list_notes_by_the_code_of_a_problem(tmp_path):
    root = write_deck(tmp_path / "deck", FILES)
    with served(root) as address, browser().page(address, 1200) as one, browser().page(address, 800) as two:
        for session in (one, two):
            browser().call("Page.bringToFront", session)
            wait_for(session, f"{FRAME.format(side='front')}.innerText.includes('softmax')")
        edit(root, "dot.png", "gone.png")
        edit(root, "What does softmax", "What did softmax")
        # A tab that is not in sight follows when it is shown again.
        for session in (two, one):
            browser().call("Page.bringToFront", session)
            wait_for(session, f"{FRAME.format(side='front')}.innerText.includes('did softmax')")
            wait_for(session, "document.querySelector('#show option[value=\"code:media-missing\"]') !== null")
            browser().evaluate(session, "show.value = 'code:media-missing', show.onchange(), 0")
            wait_for(session, "document.querySelectorAll('.row').length === 1")
            assert "Which animal barks" in browser().evaluate(session, "document.getElementById('rows').textContent")
