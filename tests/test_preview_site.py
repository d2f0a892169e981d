"""The page of all cards as files: what visitors find, how it is used with a keyboard and a screen reader, and what it never does."""

import json
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from accessibility import violations
from browser import browser
from decks import DECK_TOML, PIXEL, build, package_of, run, write_deck

NOTES = """\
## What does softmax return? {#softmax}

A distribution: $\\sum_i p_i = 1$.

## Which animal barks? {#dog .reversed}

A dog. [sound:bark.mp3]

![a dot](dot.png)

## Fill in {#fill}

The {{c1::first}} and the {{c2::second}}.
"""
DESCRIBED = DECK_TOML + 'author = "A. Author"\ndescription = "On **animals** and [sums](javascript:x)."\n'
FILES = {"deck.toml": DESCRIBED, "sub/a.md": NOTES, "sub/dot.png": PIXEL, "sub/bark.mp3": b"ID3"}
FRAME = "document.getElementById({side!r}).contentDocument.body"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("site")
    deck = write_deck(home / "deck", FILES)
    package = package_of(build(deck, home / "out", 1_700_000_000))
    done = run("preview", deck, "--out", home / "site", "--package", package)
    assert done.returncode == 0, done.stderr
    return home / "site"


@contextmanager
def opened(address: str | Path, side: str = "front", width: int = 1200):
    """Open a page and wait until a card is shown."""
    with browser().page(address, width) as session:
        browser().evaluate(session, WAIT.replace("SIDE", side))
        yield session


WAIT = """new Promise(done => {
    const look = () => document.getElementById("SIDE").contentDocument?.getElementById("qa")?.children.length ? done() : setTimeout(look, 20);
    look();
})"""


def until(session: str, condition: str) -> None:
    """Wait until a condition is true. The promise ends with an error after 50 seconds."""
    script = """new Promise((done, fail) => {
        const end = Date.now() + 50000;
        const look = () => CONDITION ? done() : Date.now() > end ? fail(new Error("stayed false: " + LABEL)) : setTimeout(look, 20);
        look();
    })"""
    browser().evaluate(session, script.replace("LABEL", json.dumps(condition)).replace("CONDITION", condition))


def key(session: str, name: str) -> None:
    """Press a key as a person does."""
    text = {"Enter": "\r"}.get(name, name if len(name) == 1 else "")
    browser().call("Input.dispatchKeyEvent", session, type="keyDown", key=name, **({"text": text} if text else {}))
    browser().call("Input.dispatchKeyEvent", session, type="keyUp", key=name)


def test_site_has_the_description_and_the_package(site):
    with opened(site / "index.html") as session:
        about = browser().evaluate(session, "document.getElementById('description').innerHTML")
        assert "<strong>animals</strong>" in about and "Author: A. Author" in about
        assert 'href="javascript' not in about
        link = "document.getElementById('download')"
        assert browser().evaluate(session, f"[{link}.getAttribute('href'), {link}.hidden, {link}.textContent]") == [
            "test-deck-1.0.0.apkg", False, "Download test-deck-1.0.0.apkg (0.0 MB)",
        ]  # fmt: skip
    assert (site / "test-deck-1.0.0.apkg").stat().st_size > 1000


def test_each_note_and_card_has_an_address(site):
    index = (site / "index.html").as_uri()
    for place, side, text in (
        ("dog", "front", "Which animal barks"),
        ("dog/2", "front", "A dog"),
        ("fill/2", "front", "[...]"),
    ):
        with opened(f"{index}#/{place}", side) as session:
            until(session, f"{FRAME.format(side=side)}.innerText.includes({text!r})")
            assert browser().evaluate(session, "location.hash") == f"#/{place}"
            assert browser().evaluate(session, "document.title").endswith(" – Test Deck")


@contextmanager
def served(folder: Path):
    """Serve a folder as any web server does. Yield its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print nothing."""

    handler = partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


LOADED = """[window, ...[...document.querySelectorAll('iframe')].map(frame => frame.contentWindow)]
    .flatMap(page => page.performance.getEntriesByType('resource').map(each => each.name))"""


def test_site_loads_only_its_own_files(site):
    with served(site) as address, opened(address) as session:
        key(session, " ")
        until(session, f"{FRAME.format(side='back')}.querySelector('mjx-container') !== null")
        loaded = browser().evaluate(session, LOADED)
    assert len(loaded) > 10 and all(name.startswith((address, "data:")) for name in loaded), loaded


def test_site_names_no_folder_of_the_author(site):
    texts = [path.read_text() for path in (*site.glob("data/*.js"), *site.glob("*.html"))]
    assert not any(str(site.parent) in text for text in texts)
    assert '"file": "sub/a.md"' in "".join(texts)


def test_keys_are_those_of_anki(site):
    shown = f"[!document.getElementById('back').hidden, {FRAME.format(side='front')}.innerText.trim().slice(0, 10)]"
    with opened(site / "index.html") as session:
        for name, expected in (
            (" ", [True, "What does "]), ("3", [False, "Which anim"]), ("1", [True, "Which anim"]), ("ArrowRight", [False, "A dog. ▶"]),
            ("ArrowDown", [False, "Fill in\n\nT"]), ("ArrowLeft", [False, "A dog. ▶"]), ("Enter", [True, "A dog. ▶"]),
        ):  # fmt: skip
            key(session, name)
            until(
                session,
                f"JSON.stringify({shown}) === {json.dumps(json.dumps(expected, ensure_ascii=False, separators=(',', ':')))}",
            )
        # The same where a click has put the focus into the card.
        browser().evaluate(session, "document.getElementById('back').contentWindow.focus()")
        key(session, "4")
        until(session, "document.getElementById('back').hidden")


def test_sounds_and_pictures_can_be_used(site):
    back = FRAME.format(side="back")
    with opened((site / "index.html").as_uri() + "#/dog") as session:
        key(session, " ")
        until(session, f"{back}.querySelector('.replay-button') !== null")
        browser().evaluate(session, f"{back}.querySelector('.replay-button').click()")
        until(session, f"{back}.querySelector('video.playing')?.src.endsWith('.mp3')")
        until(session, f"{back}.querySelector('img')?.getAttribute('role') === 'button'")
        browser().evaluate(session, f"{back}.querySelector('img').click()")
        assert browser().evaluate(session, f"{back}.querySelector('.note-large > img') !== null")


def test_hidden_card_is_typeset_as_the_shown_one(site):
    """In a frame without a size, MathJax cannot measure the font."""
    size = "{}.querySelector('mjx-container')?.style.fontSize".format(FRAME.format(side="back"))
    with opened(site / "index.html") as session:
        until(session, size)
        before = browser().evaluate(session, size)
        key(session, "b")
        browser().evaluate(session, "choose('dog'), choose('softmax')")
        until(session, size)
        assert browser().evaluate(session, size) == before


# The widths of a phone, a tablet and a desktop.
@pytest.mark.parametrize("width, night", [(390, False), (390, True), (768, False), (1280, True)])
def test_axe_finds_nothing_on_the_page(site, width, night):
    with opened(site / "index.html", width=width) as session:
        browser().evaluate(
            session, f"state.night = {str(night).lower()}, draw(), document.getElementById('deck-about').open = true"
        )
        until(session, f"document.documentElement.classList.contains('night') === {str(night).lower()}")
        assert violations(session) == []
        assert browser().evaluate(session, "document.documentElement.scrollWidth") == width


HOSTILE = """\
## Is it <script>parent.hit = 1</script> safe? {#bad}

<img src=x onerror="parent.hit = 1"> <a href="javascript:parent.hit = 1" id="link">go</a> <svg onload="parent.hit = 1"></svg>

`<script>parent.hit = 1</script>` and `onerror=` and `javascript:` as text.
"""


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_code_in_a_note_does_not_run_and_is_text(tmp_path, unsafe):
    """Also where `html = "unsafe"` leaves it in the fields."""
    toml = DECK_TOML + ('html = "unsafe"\n' if unsafe else "")
    deck = write_deck(tmp_path / "deck", {"deck.toml": toml, "a.md": HOSTILE})
    assert run("preview", deck, "--out", tmp_path / "site").returncode == 0
    with opened(tmp_path / "site" / "index.html") as session:
        key(session, "b")
        back = FRAME.format(side="back")
        until(session, f"{back}.querySelector('code') !== null")
        browser().evaluate(session, f"{back}.querySelector('#link, a')?.click()")
        browser().evaluate(session, "new Promise(done => setTimeout(done, 300))")
        assert browser().evaluate(
            session, "window.hit === undefined && document.getElementById('back').contentWindow.hit === undefined"
        )
        text = browser().evaluate(session, f"{back}.innerText")
        assert "<script>parent.hit = 1</script> and onerror= and javascript: as text" in text


def test_older_site_is_replaced_and_other_folders_are_refused(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    assert run("preview", deck, "--out", tmp_path / "site").returncode == 0
    media = {path.name for path in (tmp_path / "site" / "card").iterdir()}
    assert any(name.startswith("dot-") for name in media)
    (deck / "sub" / "a.md").write_text(NOTES.replace("![a dot](dot.png)", "No picture."))
    assert run("preview", deck, "--out", tmp_path / "site").returncode == 0
    assert {path.name for path in (tmp_path / "site" / "card").iterdir()} == {
        name for name in media if not name.startswith("dot-")
    }
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")
    refused = run("preview", deck, "--out", tmp_path / "mine")
    assert refused.returncode == 1 and "[site-folder]" in refused.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["index.html"]


def test_wrong_packages_are_refused(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    (tmp_path / "no.apkg").write_bytes(b"no package")
    for arguments, status, message in (
        (("--package", tmp_path / "no.apkg"), 2, "--package needs --out"),
        (("--out", tmp_path / "site", "--package", tmp_path / "no.apkg"), 1, "[package-"),
        (("--out", tmp_path / "site", "--package", tmp_path / "none.apkg"), 2, "does not exist"),
    ):
        done = run("preview", deck, *arguments)
        assert done.returncode == status and message in done.stderr, done.stderr
    assert not (tmp_path / "site").exists()
