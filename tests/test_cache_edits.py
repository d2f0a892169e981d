"""After each kind of edit of a deck, a build with the cache gives what a build without it gives: package, lock, output and problems."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
from decks import BOXES, DECK_TOML, PIXEL, run, write_deck

NOW = 1_700_000_000
ADDRESS = "https://example.com/remote.png"
NOTES = r"""# Attention

## What is a query?

A vector $\R^n$ with `code`, [a page](b.md) and *emphasis*. O(n2).

![a pixel](img/a.png)

## What is a key? {#key .reversed}

Another vector. See [[b]] and [[b#Values|values]].

## What is attention?

A {{c1::weighted}} mean.

Source: a book

## Which boxes are there?

![two boxes](figure:boxes)

## Where are the boxes?

![two boxes](figure:boxes){.occlude}

## What is remote?

![remote](https://example.com/remote.png) and ![[inside.png]]
"""
OTHER = """---
tags: [values]
---

# Values

## What is a value?

A vector ==that== is mixed.

## What is a value?

A second one, with <script>alert(1)</script> code.

## Word {.word}

Meaning: a sign
"""
TYPE = """name = "Word"
field = [
  {name = "Word", role = "question"}, {name = "Meaning", label = ["Meaning"]}, {name = "Source", role = "source"},
  {name = "Status", role = "status"}, {name = "Spare", role = "spare"}, {name = "Spare 2", role = "spare"},
]
template = [{name = "Meaning", front = "front.html", back = "back.html"}]
"""
TOML = (
    DECK_TOML
    + r"""base_url = "https://example.com/"
lint = ["question-repeated"]
exclude = ["translated"]
[macros]
R = "\\mathbb{R}"
"""
)
MANIFEST = {"address": ADDRESS, "file": "remote.png", "sha256": sha256(PIXEL).hexdigest()}
FILES: dict[str, str | bytes] = {
    "deck.toml": TOML,
    "a.md": NOTES,
    "sub/b.md": OTHER,
    "sub/inside.png": PIXEL,
    "img/a.png": PIXEL,
    "figures/boxes.py": BOXES,
    "fetched/remote.png": PIXEL,
    "fetched/manifest.jsonl": json.dumps(MANIFEST) + "\n",
    "types/word/type.toml": TYPE,
    "types/word/front.html": "{{Word}}",
    "types/word/back.html": "{{FrontSide}}<hr>{{Meaning}}",
}
TRANSLATION = {
    "deck.toml": DECK_TOML.replace("0123456789abcdef", "fedcba9876543210").replace("test-deck", "translated")
    + 'translates = ".."\n',
    "a.md": "## Was ist ein key? {#key}\n\nEin Vektor.\n",
}


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return an edit that replaces a text in a file of the deck. The text must be there."""

    def edit(deck: Path) -> None:
        text = (deck / name).read_text()
        assert old in text
        (deck / name).write_text(text.replace(old, new))

    return edit


def wrote(name: str, content: str | bytes) -> Callable[[Path], None]:
    """Return an edit that writes a file of the deck."""

    def edit(deck: Path) -> None:
        (deck / name).parent.mkdir(parents=True, exist_ok=True)
        (deck / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return edit


def removed(name: str) -> Callable[[Path], None]:
    """Return an edit that removes a file of the deck."""
    return lambda deck: (deck / name).unlink()


def moved(old: str, new: str) -> Callable[[Path], None]:
    """Return an edit that renames a file or folder of the deck."""

    def edit(deck: Path) -> None:
        (deck / new).parent.mkdir(parents=True, exist_ok=True)
        (deck / old).rename(deck / new)

    return edit


def setting(line: str) -> Callable[[Path], None]:
    """Return an edit that adds a line to deck.toml."""
    return replaced("deck.toml", "base_url", f"{line}\nbase_url")


EDITS: dict[str, Callable[[Path], None]] = {
    "a question": replaced("a.md", "a query", "the query"),
    "an answer": replaced("a.md", "Another vector", "One more vector"),
    "a blank line above": replaced("a.md", "# Attention", "\n\n# Attention"),
    "a note above": replaced("a.md", "# Attention", "# Attention\n\n## What is new?\n\nThis is."),
    "a title": replaced("a.md", "# Attention", "# Self-attention"),
    "an id": replaced("a.md", "{#key .reversed}", "{#keys .reversed}"),
    "a class": replaced("a.md", "{#key .reversed}", "{#key}"),
    "a cloze": replaced("a.md", "{{c1::weighted}}", "{{c2::weighted}}"),
    "a source": replaced("a.md", "Source: a book", "Source: a paper"),
    "a warning": replaced("a.md", "Another vector.", "Another vector with `open"),
    "an error": replaced("a.md", "figure:boxes", "figure:circles"),
    "not UTF-8": wrote("sub/b.md", b"## What is it?\n\n\xff\n"),
    "a merge conflict": wrote("sub/b.md", "<<<<<<< ours\n## What?\n=======\n## Why?\n>>>>>>> theirs\n"),
    "front matter": replaced("sub/b.md", "tags: [values]", "tags: [others]\ndeck: Deck"),
    "highlights as clozes": replaced("sub/b.md", "tags: [values]", "deckgen: {highlight: cloze}"),
    "a named dialect": replaced("sub/b.md", "tags: [values]", "deckgen: {dialect: bold}"),
    "a file": wrote("c.md", "## What is c?\n\nA letter.\n"),
    "no file": removed("sub/b.md"),
    "a file renamed": moved("a.md", "z.md"),
    "a linked note renamed": moved("sub/b.md", "sub/bb.md"),
    "a linked note in another folder": moved("sub", "other"),
    "a second note of a linked name": wrote("b.md", "## What is here?\n\nA note.\n"),
    "a media file": wrote("img/a.png", PIXEL + b"1"),
    "no media file": removed("img/a.png"),
    "a media file of another name": moved("img/a.png", "img/b.png"),
    "an embedded file": wrote("sub/inside.png", PIXEL + b"1"),
    "a second embedded file": wrote("inside.png", PIXEL + b"2"),
    "a downloaded file": wrote("fetched/remote.png", PIXEL + b"1"),
    "no downloaded file": wrote("fetched/manifest.jsonl", ""),
    "another downloaded file": moved("fetched", "not-fetched"),
    "a figure's code": replaced("figures/boxes.py", "# parts", "box(3, 1, 'third')"),
    "a figure's description": replaced("figures/boxes.py", "two boxes and a label", "boxes"),
    "a note type's CSS": wrote("types/word/style.css", ".card { color: red }"),
    "a note type's template": wrote("types/word/front.html", "<b>{{Word}}</b>"),
    "a note type's label": replaced("types/word/type.toml", 'label = ["Meaning"]', 'label = ["Sense"]'),
    "a theme": wrote("theme.css", ".card { color: blue }"),
    "the version": replaced("deck.toml", '"1.0.0"', '"1.1.0"'),
    "the name": replaced("deck.toml", "Test Deck", "Other Deck"),
    "the slug": replaced("deck.toml", "test-deck", "other-deck"),
    "base_url": replaced("deck.toml", "example.com", "example.org"),
    "a macro": replaced("deck.toml", "mathbb{R}", "mathbf{R}"),
    "no macro": replaced("deck.toml", "R =", "S ="),
    "tags": setting('tags = ["deck"]'),
    "sections": setting('sections = "decks"'),
    "folders": setting('folders = "decks"'),
    "metadata": setting('metadata = ["tags"]'),
    "overrides": setting('overrides = [{files = "sub/*.md", deck = "Other", tags = ["sub"]}]'),
    "an overridden dialect": setting('overrides = [{files = "sub/*.md", dialect = "bold"}]'),
    "exclude": replaced("deck.toml", '["translated"]', '["translated", "sub"]'),
    "math": setting('math = "mathml"'),
    "html": setting('html = "unsafe"'),
    "highlight": setting('highlight = "cloze"'),
    "dialect": setting('dialect = "bold"'),
    "level": setting("level = 1"),
    "language": setting('language = "zh"'),
    "description": setting('description = "A deck."'),
    "lint": replaced("deck.toml", "question-repeated", "source-missing"),
    "an original note": replaced("a.md", "Another vector", "A vector"),
    "no lock": removed("deck.lock"),
}


@dataclass(frozen=True)
class Base:
    """A deck and its translation that were built with a cache. `saved` is a copy of the folders of both.

    `before` is what the commands print and write without an edit.
    """

    deck: Path
    cache: Path
    saved: Path
    before: list = field(default_factory=list)

    def restore(self) -> None:
        """Make the deck and the cache what they were after the first builds."""
        for path in (self.deck, self.cache):
            shutil.rmtree(path)
            shutil.copytree(self.saved / path.name, path)

    def commands(self, cache: str) -> list[tuple[int, str, str, dict[str, bytes]]]:
        """Run all commands with a cache and return what they print and write. "" is no cache."""
        return [
            self._run("build", self.deck, cache),
            self._run("build", self.deck / "translated", cache),
            self._run("check", self.deck, cache, "--json", "--files"),
            self._run("check", self.deck, cache, "--left-out"),
        ]

    def _run(self, command: str, deck: Path, cache: str, *options: str) -> tuple[int, str, str, dict[str, bytes]]:
        out = self.deck.parent / "out"
        shutil.rmtree(out, ignore_errors=True)
        arguments = ("--out", out, "--json") if command == "build" else options
        done = run(command, deck, *arguments, now=NOW + 60, DECKGEN_CACHE=cache)
        printed = json.loads(done.stdout) if command == "build" and done.stdout else done.stdout
        if isinstance(printed, dict):
            del printed["seconds"]
        files = [*out.glob("*"), deck / "deck.lock", deck / "deck.toml"]
        written = {path.name: path.read_bytes() for path in files if path.is_file()}
        return done.returncode, json.dumps(printed), done.stderr, written


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Base:
    place = tmp_path_factory.mktemp("cache")
    base = Base(place / "deck", place / "caches", place / "saved")
    write_deck(base.deck, {**FILES, "translated/deck.toml": TRANSLATION["deck.toml"]})
    write_deck(base.deck / "translated", TRANSLATION)
    for cache in (base.cache, base.cache):
        first = base.commands(str(cache))
    assert [status for status, *_ in first] == [0, 0, 0, 0], first
    for path in (base.deck, base.cache):
        shutil.copytree(path, base.saved / path.name)
    base.before.extend(base.commands(""))
    return base


@pytest.mark.parametrize("edit", EDITS)
def test_a_build_with_the_cache_is_one_without(base, edit):
    base.restore()
    EDITS[edit](base.deck)
    shutil.copytree(base.deck, edited := base.deck.with_name("edited"))
    cold = base.commands("")
    shutil.rmtree(base.deck)
    edited.rename(base.deck)
    warm = base.commands(str(base.cache))
    assert warm == cold
    assert warm != base.before, "the edit has no effect"


def test_a_build_without_an_edit_is_one_without_the_cache(base):
    base.restore()
    assert base.commands(str(base.cache)) == base.before
    assert base.commands(str(base.cache)) == base.before
