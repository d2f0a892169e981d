"""Wrong input gives messages with their place and exit status 1. No file is lost or half written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from decks import DECK_TOML, build, run, write_deck
from disks import fill, small_disk
from locks import without_checksums

NOW = 1_700_000_000
NOTE = "# Deck\n\n## What is a query?\n\nWhat a position asks for.\n\n## What is a key?\n\nWhat a position offers.\n"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return write_deck(tmp_path / "deck", {"a.md": NOTE})


def fails(result: subprocess.CompletedProcess, pattern: str) -> None:
    """Check that the command failed with one line on standard error that matches."""
    assert result.returncode == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert re.search(pattern, lines[0]), lines[0]


def test_a_conflict_marker_in_the_lock_is_an_error(deck, tmp_path):
    build(deck, tmp_path / "out", NOW)
    lock = deck / "deck.lock"
    head, *rest = lock.read_text().splitlines(keepends=True)
    lock.write_text("".join([head, "<<<<<<< HEAD\n", *rest, "=======\n", *rest, ">>>>>>> other\n"]))
    fails(
        run("build", deck, "--out", tmp_path / "out"),
        r"deck\.lock:2:1: error: the lock has the marks of a merge conflict \(.+\) \[lock-conflict\]$",
    )


def with_line(text: str, line: str) -> str:
    """Return the lock with another line below its first line."""
    head, _, rest = text.partition("\n")
    return f"{head}\n{line}\n{rest}"


@pytest.mark.parametrize(
    "damage, pattern",
    [
        (lambda text: text[:-30], r"deck\.lock:\d+:\d+: error: the line is not JSON"),
        (
            lambda text: (
                (text := without_checksums(text))
                + "".join(text.splitlines(keepends=True)[-4:]).replace('"basic"}', '"cloze"}', 1)
            ),
            r"deck\.lock:12:1: error: the guid \w+ occurs twice, for notes of two kinds",
        ),
        (
            lambda text: text.replace('"deckgen-lock": 4', '"deckgen-lock": 99'),
            r"deck\.lock:1:1: error: .*99.* \(it reads versions up to 4; use a newer deckgen\)",
        ),
        (
            lambda text: text.replace('"state": "active"', '"state": "asleep"', 1),
            r"deck\.lock:5:1: error: not an entry of a lock",
        ),
        (lambda text: text.replace('"mod": ', '"mood": '), r"deck\.lock:3:1: error: not an entry of a lock"),
        (
            lambda text: with_line(text, '{"release": "next", "time": 1, "sha256": "0"}'),
            r"deck\.lock:2:1: error: not an entry of a lock \(release is not a version\)",
        ),
        (
            lambda text: with_line(text, '{"release": "1.0.0", "time": 1e18, "sha256": "0"}'),
            r"deck\.lock:2:1: error: not an entry of a lock \(time is not a time in seconds\)",
        ),
        (lambda text: "[]\n" + text, r"deck\.lock:1:1: error: the line is not a JSON object"),
        (lambda text: "", r"deck\.toml:3:1: error: this deck has a lock, but \S*deck\.lock is empty"),
        (lambda text: "[" * 100_000 + "\n" + text, r"deck\.lock:1:1: error: the line is nested too deeply"),
    ],
    ids=["truncated", "guid twice", "version", "state", "key", "release", "time", "list", "empty", "deep"],
)
def test_a_damaged_lock_is_an_error_at_its_line(deck, tmp_path, damage, pattern):
    build(deck, tmp_path / "out", NOW)
    lock = deck / "deck.lock"
    lock.write_text(spoilt := damage(lock.read_text()))
    result = run("build", deck, "--out", tmp_path / "out")
    assert result.returncode == 1 and re.search(pattern, result.stderr.splitlines()[0]), result.stderr
    assert lock.read_text() == spoilt


def test_unreadable_files_are_errors(deck, tmp_path):
    (deck / "gone.md").symlink_to(deck / "nowhere")
    fails(run("build", deck, "--out", tmp_path / "out"), r"gone\.md: error: cannot be read: No such file")


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is unreadable to root")
def test_a_file_without_permission_is_an_error(deck, tmp_path):
    (deck / "a.md").chmod(0)
    fails(run("build", deck, "--out", tmp_path / "out"), r"a\.md: error: cannot be read: Permission denied")


def test_a_file_that_is_not_utf8_is_an_error(deck, tmp_path):
    (deck / "b.md").write_bytes("# 标题\n\n## 问题？\n\n答案\n".encode() + "国".encode("gbk"))
    fails(
        run("build", deck, "--out", tmp_path / "out"),
        r"b\.md:6:1: error: is not UTF-8 text \(byte 0xb9\) \(save the file as UTF-8\)",
    )


def test_missing_notes_folders_and_decks_are_errors(deck, tmp_path):
    (deck / "a.md").unlink()
    fails(run("build", deck, "--out", tmp_path / "out"), r"deck: error: no note files \(\*\.md\) in this folder")
    (deck / "deck.toml").unlink()
    fails(
        run("build", deck, "--out", tmp_path / "out"),
        r"deck: error: no deck\.toml in this folder \(deckgen init .+ writes one\)",
    )
    fails(run("init", deck), r"deck: error: no note files")
    fails(run("check", deck), r"deck: error: no note files")
    fails(run("build", tmp_path / "none"), r"none: error: no such folder")


def test_problems_of_deck_toml_are_at_their_lines(deck, tmp_path):
    (deck / "deck.toml").write_text(DECK_TOML.replace('"1.0.0"', '"one"') + 'colour = "red"\nsections = "chapters"\n')
    result = run("build", deck, "--out", tmp_path / "out")
    assert result.returncode == 1
    places = [line.split(": error: ") for line in result.stderr.splitlines()]
    assert [place.rpartition("deck.toml")[2] for place, _ in places] == [":4:1", ":5:1", ":6:1"]
    assert [message.split()[0] for _, message in places] == ["version", "unknown", "sections"]
    (deck / "deck.toml").write_text(DECK_TOML + "tags = [\n")
    fails(run("build", deck, "--out", tmp_path / "out"), r"deck\.toml:\d+:\d+: error: is not TOML")


def test_an_output_that_cannot_be_written_is_an_error(deck, tmp_path):
    (tmp_path / "file").write_text("")
    before = sorted(deck.iterdir())
    fails(run("build", deck, "--out", tmp_path / "file"), r"file: error: File exists")
    fails(run("build", deck, "--out", "/proc/deckgen"), r"/proc/deckgen: error: ")
    assert sorted(deck.iterdir()) == before


def test_a_limit_on_file_size_leaves_nothing_half_written(deck, tmp_path):
    resource = pytest.importorskip("resource")
    out = tmp_path / "out"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))  # the lock is smaller

    result = subprocess.run(
        [sys.executable, "-B", "-m", "deckgen", "build", deck, "--out", out],
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )
    fails(result, r"test-deck-1\.0\.0\.apkg: error: File too large")
    assert list(out.iterdir()) == [] and not (deck / "deck.lock").exists()


def test_a_full_disk_keeps_the_old_package_and_lock(deck, tmp_path):
    with small_disk(tmp_path / "disk", "32k") as disk:
        build(deck, disk, NOW)
        package = disk / "test-deck-1.0.0.apkg"
        old, lock = package.read_bytes(), (deck / "deck.lock").read_text()
        fill(disk)
        (deck / "a.md").write_text(NOTE.replace("offers", "shows"))
        fails(run("build", deck, "--out", disk), r"test-deck-1\.0\.0\.apkg: error: No space left on device")
        assert package.read_bytes() == old and (deck / "deck.lock").read_text() == lock
        assert sorted(p.name for p in disk.iterdir()) == ["filler", package.name]


def test_all_problems_are_reported_in_order(deck, tmp_path):
    (deck / "b.md").write_text(
        "# B\n\n## Empty?\n\n## Picture?\n\n![none](no.png)\n\n## Twice? {#one}\n\na\n\n## Again? {#one}\n\nb\n"
    )
    result = run("build", deck, "--out", tmp_path / "out")
    assert result.returncode == 1
    assert [re.sub(r"^.*?b\.md", "", line) for line in result.stderr.splitlines()] == [
        ":3:1: error: no answer to “Empty?” [answer-missing]",
        f":7:9: warning: no file no.png (looked in {deck}/) [media-missing]",
        f":13:1: error: the id #one is taken by {deck}/b.md:9 (give one of the two another id) [id-repeated]",
    ]
    assert not (deck / "deck.lock").exists() and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "front, message",
    [
        ("date: 2023-02-30", r"a\.md:2:7: error: front matter is not YAML: "),
        ("a: [", r"a\.md:2:5: error: front matter is not YAML: "),
        ("a: " + "[" * 3000, r"a\.md:1:1: error: front matter is nested too deeply"),
        ('title: "\\ud800"', r"a\.md:1:1: error: front matter holds half a character"),
        ("deckgen: heading", r"a\.md:2:1: error: deckgen is not a mapping"),
        ('deckgen: {level: "2"}', r"a\.md:2:1: error: level is '2', not a number from 1 to 6"),
        ("deckgen: {dialect: nonsense}", r"a\.md:2:1: error: unknown dialect 'nonsense'"),
        ("deck: 5", r"a\.md:2:1: error: deck is not a text"),
        ("tags: {a: b}", r"a\.md:2:1: error: tags is a mapping"),
    ],
)
def test_wrong_front_matter_is_an_error(deck, tmp_path, front, message):
    (deck / "a.md").write_text(f"---\n{front}\n---\n{NOTE}")
    result = run("build", deck, "--out", tmp_path / "out")
    assert result.returncode == 1 and re.search(message, result.stderr), result.stderr
    assert "Traceback" not in result.stderr


def test_control_characters_and_names_that_are_not_utf8_are_errors(deck, tmp_path):
    (deck / "a.md").write_text(NOTE.replace("offers", "off\x1fers"))
    fails(run("check", deck), r"a\.md:9:20: error: holds the control character U\+001F")
    (deck / "a.md").write_text(NOTE)
    (deck / os.fsdecode(b"\xff.md")).write_text(NOTE)
    fails(
        run("build", deck, "--out", tmp_path / "out"), r"\.md: error: the name of the file is not UTF-8 \(rename it\)"
    )


def test_any_terminal_shows_any_character(deck):
    (deck / "a.md").write_text(NOTE.replace("query", "查询 🎴"))
    for arguments in (["list", deck], ["list", deck, "--json"]):
        result = run(*arguments, PYTHONIOENCODING="cp1252")
        assert result.returncode == 0 and "查询 🎴" in result.stdout


def test_usage_errors_have_status_2(deck):
    assert run("build", "--nonsense").returncode == 2
    assert run("check", deck, "--json", "--github").returncode == 2
    assert run("verify").returncode == 2
    assert run("check", deck / "nowhere.md").returncode == 2
    for epoch in ("soon", "0", "99999999999999999999", "100000000000"):
        assert run("build", deck, SOURCE_DATE_EPOCH=epoch).returncode == 2


def test_decks_that_differ_only_in_case_are_an_error(deck, tmp_path):
    """Anki would call the second one `Deck::One_`."""
    for name, line in (("b.md", "Deck::One"), ("c.md", "Deck::One::Two"), ("d.md", "Deck::one")):
        (deck / name).write_text(f"---\ndeck: {line}\n---\n\n## What is in {name}?\n\nSomething.\n")
    fails(
        run("build", deck, "--out", tmp_path / "out"),
        r"d\.md:5:1: error: the deck “Deck::one” is “Deck::One” of \S+b\.md:5 in other capitals, .+ \(write both the same way\) \[deck-case\]$",
    )
