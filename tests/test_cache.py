"""The cache of readings and renderings: it changes no result, and damage to it is repaired."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from decks import PIXEL, build, run, write_deck
from locks import without_checksums
from markdown.util import AtomicString

from deckgen import cache
from deckgen.cache import Cache, Row, cache_folder, key_of
from deckgen.pipeline import file_task
from deckgen.problems import Problem, Severity
from deckgen.render import FieldRenderer
from deckgen.stored import packed, unpacked

NOW = 1_700_000_000
CASES = Path(__file__).parent / "cases"
ONE = "# D\n\n## What is $x_1$?\n\nA **bold** answer with `code`.\n\n## And y?\n\n![a](a.png)\n\n"
FILES = {"a.md": ONE, "b.md": "# E\n\n## What is z?\n\nA {{c1::cloze}} of $z$.\n", "a.png": PIXEL}


@pytest.fixture
def deck(tmp_path, monkeypatch):
    """A deck that was built once, and its cache."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    write_deck(tmp_path / "deck", FILES)
    package(tmp_path)
    return tmp_path


def package(place: Path) -> bytes:
    """Build the deck and return the bytes of its package."""
    return Path(build(place / "deck", place / "out", NOW)["package"]).read_bytes()


def file_of(place: Path) -> Path:
    (found,) = (place / "cache").glob("*.sqlite")
    return found


def rows(path: Path) -> int:
    with sqlite3.connect(path) as database:
        return database.execute("SELECT count(*) FROM row").fetchone()[0]


@pytest.fixture
def work(monkeypatch):
    """The names of the files that are parsed, and the questions that are rendered, from now on."""
    done = []
    render, parse = FieldRenderer.render_with, file_task.parse

    def rendered(self, note, *others):
        done.append(note.question.source)
        return render(self, note, *others)

    def parsed(content, file, *others):
        done.append(Path(file).name)
        return parse(content, file, *others)

    monkeypatch.setattr(FieldRenderer, "render_with", rendered)
    monkeypatch.setattr(file_task, "parse", parsed)
    return done


def test_what_did_not_change_is_not_parsed_and_not_rendered_again(deck, work):
    package(deck)
    assert work == []


def test_after_an_edit_only_the_edited_note_is_rendered_again(deck, work):
    (deck / "deck" / "a.md").write_text("New first lines.\n\n" + ONE.replace("bold", "fat"))
    changed = build(deck / "deck", deck / "out", NOW + 9)
    assert [note["line"] for note in changed["changed_notes"]] == [5]
    assert work == ["a.md", "What is $x_1$?"]


def test_another_picture_under_the_same_name_is_rendered_again(deck, work):
    (deck / "deck" / "a.png").write_bytes(PIXEL + b"1")
    assert build(deck / "deck", deck / "out", NOW + 9)["changed"] == 1
    assert work == ["And y?"]


def test_a_change_of_the_settings_counts(deck, work):
    toml = deck / "deck" / "deck.toml"
    toml.write_text(toml.read_text() + '[macros]\nfoo = "x"\n')
    package(deck)
    assert sorted(work) == ["And y?", "What is $x_1$?", "What is z?", "a.md", "b.md"]


def test_the_remembered_dialect_counts(deck, work):
    """Of three bold questions two are left. They are too few to recognise the dialect, but the lock remembers it."""
    bold = "".join(f"**Q{n}：What is x{n}?**\n\nThe answer is {n}.\n\n" for n in (1, 2, 3))
    (deck / "deck" / "c.md").write_text(bold)
    package(deck)
    (deck / "deck" / "c.md").write_text(bold[: bold.index("**Q3")])
    assert build(deck / "deck", deck / "out", NOW + 9)["notes"] == 5
    lock = deck / "deck" / "deck.lock"
    lock.write_text(without_checksums(lock.read_text().replace(', "dialect": "bold"', "")))
    found = run("check", deck / "deck")
    assert found.stderr == run("check", deck / "deck", DECKGEN_CACHE="").stderr
    assert "dialect-none" in found.stderr


def test_another_version_of_the_code_uses_no_old_result(deck, work, monkeypatch):
    monkeypatch.setattr(cache, "_library_versions", lambda: {"markdown": "99"})
    cache.code_versions.cache_clear()
    package(deck)
    assert len(work) == 5
    cache.code_versions.cache_clear()


def test_without_a_folder_there_is_no_cache(tmp_path, work, monkeypatch):
    monkeypatch.setenv(cache.VARIABLE, "")
    write_deck(tmp_path / "deck", FILES)
    assert package(tmp_path) == package(tmp_path)
    assert len(work) == 10


def test_check_writes_nothing_into_the_folder_of_the_deck(tmp_path, monkeypatch, work):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    write_deck(tmp_path / "deck", FILES)
    run("check", tmp_path / "deck")
    assert sorted(path.name for path in (tmp_path / "deck").iterdir()) == ["a.md", "a.png", "b.md", "deck.toml"]
    run("check", tmp_path / "deck")
    assert len(work) == 5


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.proof)])
def test_results_are_the_same_with_and_without_a_cache(step, tmp_path, monkeypatch):
    """Case files are one deck, each with its own settings and problems: all of them, or one in four."""
    for n, path in enumerate(sorted(CASES.rglob("*.md"))[::step]):
        target = tmp_path / "deck" / f"{n:02}-{path.name}"
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    write_deck(tmp_path / "deck", {"a.png": PIXEL})
    found = []
    for folder in ("", tmp_path / "cache", tmp_path / "cache"):
        monkeypatch.setenv(cache.VARIABLE, str(folder))
        outputs = [run(command, tmp_path / "deck", "--json") for command in ("list", "check")]
        found.append([(done.returncode, done.stdout, done.stderr) for done in outputs])
    assert found[0] == found[1] == found[2]
    assert len(json.loads(found[0][0][1])) > 20 and len(json.loads(found[0][1][1])) > 20


def deleted(path):
    path.unlink()


def truncated(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path):
    path.write_bytes(b"")


def cut_to_its_head(path):
    path.write_bytes(path.read_bytes()[:100])


def overwritten(path):
    path.write_bytes(b"This is not a database." * 500)


def of_another_format(path):
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")


def with_another_table(path):
    with sqlite3.connect(path) as database:
        database.executescript("DROP TABLE row; CREATE TABLE row (name INTEGER, other TEXT)")


def with_values_of_other_types(path):
    with sqlite3.connect(path) as database:
        database.execute("UPDATE row SET value = 'text', digest = 7")


def with_values_of_other_keys(path):
    with sqlite3.connect(path) as database:
        entries = database.execute("SELECT rowid, value, digest FROM row").fetchall()
        for (rowid, _, _), (_, value, digest) in zip(entries, entries[1:] + entries[:1]):
            database.execute("UPDATE row SET value = ?, digest = ? WHERE rowid = ?", (value, digest, rowid))


def with_another_value(path):
    with sqlite3.connect(path) as database:
        database.execute("UPDATE row SET value = zeroblob(10)")


DAMAGES = [
    deleted,
    truncated,
    emptied,
    cut_to_its_head,
    overwritten,
    of_another_format,
    with_another_table,
    with_values_of_other_types,
    with_values_of_other_keys,
    with_another_value,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_repaired(deck, damage, work):
    before = package(deck)
    damage(file_of(deck))
    assert package(deck) == before
    assert len(work) == 5
    assert package(deck) == before
    assert len(work) == 5


def test_flipped_bits_change_no_result(deck):
    before, path = package(deck), file_of(deck)
    whole, chosen = path.read_bytes(), random.Random(1)
    for _ in range(60):
        data = bytearray(whole)
        for place in chosen.sample(range(len(data)), 3):
            data[place] ^= 1 << chosen.randrange(8)
        path.write_bytes(data)
        assert package(deck) == before


def test_a_folder_in_place_of_the_file_is_no_cache(deck):
    before, path = package(deck), file_of(deck)
    path.unlink()
    path.mkdir()
    assert package(deck) == before


def test_a_file_in_place_of_the_folder_is_no_cache(deck, monkeypatch):
    before = package(deck)
    (deck / "file").touch()
    monkeypatch.setenv(cache.VARIABLE, str(deck / "file"))
    assert package(deck) == before


def test_two_builds_at_once_use_one_cache(deck):
    before = package(deck)
    file_of(deck).unlink()
    command = [sys.executable, "-m", "deckgen", "check", str(deck / "deck")]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(process.communicate()[1], process.returncode) for process in both] == [("", 0)] * 2
    assert package(deck) == before


def test_a_cache_that_another_build_writes_is_only_read(deck, monkeypatch, work):
    monkeypatch.setattr(cache, "_WAIT", 0.1)
    with sqlite3.connect(file_of(deck), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        (deck / "deck" / "b.md").write_text("# E\n\n## What is new?\n\nAn answer.\n")
        before = package(deck)
        assert work == ["b.md", "What is new?"]
        other.execute("ROLLBACK")
    assert package(deck) == before
    assert work == ["b.md", "What is new?"] * 2


def test_an_edit_adds_no_rows(deck):
    before = rows(file_of(deck))
    (deck / "deck" / "b.md").write_text("# E\n\n## What is new?\n\nAn answer.\n")
    package(deck)
    assert rows(file_of(deck)) == before


def test_a_build_removes_the_rows_of_files_that_are_gone(deck):
    before = rows(file_of(deck))
    (deck / "deck" / "b.md").unlink()
    package(deck)
    assert rows(file_of(deck)) == before - 4


def test_a_check_of_one_file_removes_nothing(deck):
    before = rows(file_of(deck))
    run("check", deck / "deck" / "b.md")
    assert rows(file_of(deck)) == before


def test_a_row_is_valid_for_its_own_name_only(tmp_path):
    with Cache(tmp_path / "a.sqlite") as found:
        found.put("one", Row(("key", "other"), b"value"))
        found.save()
    with sqlite3.connect(tmp_path / "a.sqlite") as database:
        database.execute("INSERT INTO row SELECT 'two', keys, value, digest FROM row")
    with Cache(tmp_path / "a.sqlite") as found:
        assert found.get("one") == Row(("key", "other"), b"value")
        assert found.get("two") is None


@pytest.mark.parametrize(
    "platform, variables, folder",
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/deckgen"),
        ("linux", {"HOME": "/h"}, "/h/.cache/deckgen"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, None),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/deckgen"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/deckgen"),
        ("win32", {}, None),
    ],
)
def test_the_folder_is_that_of_the_system(monkeypatch, platform, variables, folder):
    for name in (cache.VARIABLE, "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder() == (folder and Path(folder))


def test_strings_of_another_class_are_kept_as_strings():
    problem = Problem(AtomicString("a.md"), 1, 1, Severity.ERROR, "code", AtomicString("message"))
    assert unpacked(Problem, packed(problem)) == Problem("a.md", 1, 1, Severity.ERROR, "code", "message")


def test_texts_that_are_no_unicode_are_kept():
    problem = Problem("a.md", 1, 1, Severity.ERROR, key_of("\udce4"), "\udce4")
    assert unpacked(Problem, packed(problem)) == problem


def test_versions_of_libraries_are_found_by_the_names_of_their_metadata(tmp_path, monkeypatch):
    installed = {name: version(name) for name in cache._LIBRARIES}
    assert cache._library_versions() == installed
    (tmp_path / "PyYAML-99.1.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path / "missing"), str(tmp_path), *sys.path])
    assert cache._library_versions() == {**installed, "pyyaml": "99.1"}
    # Other installers leave other files. The slower library knows them.
    monkeypatch.setattr(os, "listdir", lambda _: [])
    assert cache._library_versions()["markdown"] == installed["markdown"]
