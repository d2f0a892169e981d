"""A build of unchanged files does nothing, and its result is that of a build without a cache."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from decks import PIXEL, run, write_deck

from deckgen import cache

NOW = 1_700_000_000
NOTES = {
    "a.md": "# D\n\n## What is x?\n\nAn answer, see [there](b.md).\n\n## And y?\n\n![a](img/a.png)\n",
    "deep/b.md": "# E\n\n## What is z?\n\nA {{c1::cloze}} of $z$.\n",
    "img/a.png": PIXEL,
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a deck that was built, and its cache."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    write_deck(tmp_path / "deck", NOTES)
    assert build(tmp_path)[0] == 0
    return tmp_path


def build(place: Path, *options: str, **environment: str) -> tuple:
    """Build and return the exit status, the output without the time, the problems, and the bytes that were written."""
    done = run("build", place / "deck", "--out", place / "out", "--json", *options, now=NOW + 60, **environment)
    told = json.loads(done.stdout) if done.stdout else {}
    package = Path(told["package"]).read_bytes() if told else b""
    lock = place / "deck" / "deck.lock"
    return (
        done.returncode,
        {**told, "seconds": 0},
        done.stderr,
        package,
        lock.read_bytes() if lock.exists() else b"",
    )


def built_in_a_process(place: Path) -> set[str]:
    """Build in a new process and return the modules that it imports."""
    code = (
        "import sys\nfrom deckgen.cli import main\n"
        f"main(['build', {str(place / 'deck')!r}, '--out', {str(place / 'out')!r}], standalone_mode=False)\n"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def files(place: Path) -> dict[str, tuple[int, int]]:
    """Path → inode and time of change of all files of the deck and of the folder for packages."""
    found = [path for folder in ("deck", "out") for path in (place / folder).rglob("*")]
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def test_a_build_of_unchanged_files_writes_nothing_and_renders_nothing(place):
    before = files(place)
    modules = built_in_a_process(place)
    assert files(place) == before
    assert not {"deckgen.pipeline", "deckgen.render", "deckgen.parse", "markdown", "genanki", "bs4"} & modules


def test_it_tells_what_a_build_without_a_cache_tells(place):
    assert build(place) == build(place, DECKGEN_CACHE="")
    (told,) = [told for told in [build(place)[1]]]
    assert (told["notes"], told["added"], told["unchanged"]) == (3, 0, 3)
    assert "link-relative" in build(place)[2]


def edit(path: str, old: str, new: str):
    def change(deck: Path):
        text = (deck / path).read_text()
        assert old in text
        (deck / path).write_text(text.replace(old, new))

    return change


def new_file(path: str, content: str | bytes = "## Is this new?\n\nYes, it is.\n"):
    return lambda deck: write_deck(deck, {"deck.toml": (deck / "deck.toml").read_bytes(), path: content})


def removed(path: str):
    return lambda deck: (deck / path).unlink()


CHANGES = {
    "a note": edit("a.md", "An answer", "Another answer"),
    "an ignored blank": edit("a.md", "An answer", "An  answer"),
    "a note in a folder": edit("deep/b.md", "cloze", "gap"),
    "a new file": new_file("c.md"),
    "a new file in a new folder": new_file("new/c.md"),
    "a file is gone": removed("deep/b.md"),
    "a file has another name": lambda deck: (deck / "a.md").rename(deck / "z.md"),
    "a picture": lambda deck: (deck / "img/a.png").write_bytes(PIXEL + b"1"),
    "a picture is gone": removed("img/a.png"),
    "a nearer picture": new_file("a/img/a.png", PIXEL + b"2"),
    "a setting": edit("deck.toml", "1.0.0", "1.1.0"),
    "another id": edit("deck.toml", "0123456789abcdef", "fedcba9876543210"),
    "the name of the deck": edit("deck.toml", "Test Deck", "Other Deck"),
    "the lock is gone": removed("deck.lock"),
    "the lock is damaged": edit("deck.lock", '"end"', '"en"'),
    "the lock has another time": edit("deck.lock", '"mod": 17000', '"mod": 16000'),
    "a theme": new_file("theme.css", ".card { color: red }"),
    "a type": new_file("types/own/type.toml", "label = 'Own'"),
    "code of figures": new_file("figures/a.py", "not Python"),
    "the package is gone": lambda deck: next((deck.parent / "out").glob("*.apkg")).unlink(),
    "the package is damaged": lambda deck: next((deck.parent / "out").glob("*.apkg")).write_bytes(b"x"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_a_change_the_result_is_that_of_a_build_without_a_cache(place, change):
    change(place / "deck")
    shutil.copytree(place / "deck", place / "copy")
    found = [build(place), build(place)]
    shutil.rmtree(place / "deck")
    shutil.copytree(place / "copy", place / "deck")
    wanted = [build(place, DECKGEN_CACHE=""), build(place, DECKGEN_CACHE="")]
    assert found == wanted


def test_times_of_files_do_not_matter(place):
    for path in (place / "deck").rglob("*.md"):
        os.utime(path, (1, 1))
    before = files(place)
    build(place)
    assert files(place) == before


@pytest.mark.parametrize("options", [("--strict",), ("--locked",), ("--no-exec",)])
def test_options_give_the_same_result_with_and_without_a_cache(place, options):
    (place / "deck" / "a.md").write_text("# D\n\n## What is x?\n\n![a](http://example.org/a.png)\n")
    build(place)
    assert build(place, *options) == build(place, *options, DECKGEN_CACHE="")
    assert build(place, *options) == build(place, *options, DECKGEN_CACHE="")


def test_a_missing_picture_that_is_added_outside_of_the_deck_is_found(place):
    (place / "deck" / "a.md").write_text("# D\n\n## What is x?\n\n![a](../a.png)\n")
    build(place)
    assert build(place)[1]["media"] == 0
    (place / "a.png").write_bytes(PIXEL)
    assert "media-outside" in build(place)[2]


def test_a_missing_picture_that_is_added_in_a_hidden_folder_is_found(place):
    (place / "deck" / "a.md").write_text("# D\n\n## What is x?\n\n![a](.img/a.png)\n")
    build(place)
    assert build(place)[1]["media"] == 0
    (place / "deck" / ".img").mkdir()
    for content in (PIXEL, PIXEL + b"1"):
        (place / "deck" / ".img" / "a.png").write_bytes(content)
        assert build(place)[1]["changed"] == 1


@pytest.mark.parametrize("path", ["../pictures", "linked"])
def test_files_in_another_folder_are_compared(place, path):
    (place / "pictures").mkdir()
    (place / "pictures" / "a.png").write_bytes(PIXEL)
    (place / "deck" / "linked").symlink_to(place / "pictures")
    (place / "deck" / "a.md").write_text(f"# D\n\n## What is x?\n\n![a]({path}/a.png)\n")
    edit("deck.toml", "name =", 'media = ["../pictures"]\nname =')(place / "deck")
    build(place)
    assert build(place)[1]["media"] == 1
    (place / "pictures" / "a.png").write_bytes(PIXEL + b"1")
    assert build(place)[1]["changed"] == 1


def test_a_warning_about_another_name_of_the_deck_is_told_once(place):
    edit("deck.toml", "Test Deck", "Other Deck")(place / "deck")
    assert "deck-renamed" in build(place)[2]
    assert "deck-renamed" not in build(place)[2]


def test_wrong_usage_is_still_wrong_usage(place):
    done = run("build", place / "deck", "--out", place / "out", SOURCE_DATE_EPOCH="soon")
    assert done.returncode == 2
    done = run("build", place / "deck", "--out", place / "out", "--new-lock")
    assert done.returncode == 1 and "lock-exists" in done.stderr


def test_a_file_that_changes_during_a_build_is_read_by_the_next_one(place, monkeypatch):
    module = sys.modules["deckgen.pipeline.build"]
    write = module.write_deck

    def writes_while_the_author_saves(*arguments):
        write(*arguments)
        edit("a.md", "An answer", "A late answer")(place / "deck")

    edit("a.md", "What is x?", "What is x then?")(place / "deck")
    monkeypatch.setattr(module, "write_deck", writes_while_the_author_saves)
    build(place)
    monkeypatch.undo()
    assert build(place)[1]["changed"] == 1
