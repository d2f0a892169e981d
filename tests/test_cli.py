"""Tests the commands as a user runs them: what they print, on which stream, and their exit status."""

import json
import re
import shlex

import pytest
from decks import PIXEL, build, package_of, run, write_deck
from engine import collection, import_package

NOW = 1_700_000_000
NOTES = {
    "1-a.md": "---\ntitle: 注意力\n---\n\n## 打分\n\n### 为什么除以 $\\sqrt{d_k}$？ {#scale}\n\n方差是 $d_k$。\n\n### 什么是 {查询}？\n\n{{c1::一个向量}}。\n",
    "10-c.md": "# Last\n\n## Third?\n\nc\n\n![p](p.png)\n",
    "2-b.md": "# Middle\n\n## Second? {.reversed}\n\nb\n",
    "p.png": PIXEL,
}


@pytest.fixture
def deck(tmp_path):
    return write_deck(tmp_path / "deck", NOTES)


def test_list_json_in_reading_order(deck):
    result = run("list", "deck", "--json", cwd=deck.parent)
    assert (result.returncode, result.stderr) == (0, "")
    notes = json.loads(result.stdout)
    assert [(n["file"], n["line"], n["kind"], n["deck"], n["tags"], n["dialect"], n["id"]) for n in notes] == [
        ("deck/1-a.md", 7, "basic", "Test Deck", ["注意力::打分"], "heading", "scale"),
        ("deck/1-a.md", 11, "cloze", "Test Deck", ["注意力::打分"], "heading", None),
        ("deck/2-b.md", 3, "basic", "Test Deck", ["Middle"], "heading", None),
        ("deck/10-c.md", 3, "basic", "Test Deck", ["Last"], "heading", None),
    ]
    assert notes[0]["question"] == "为什么除以 $\\sqrt{d_k}$？"
    assert notes[0]["front"] == "为什么除以 \\(\\sqrt{d_k}\\)？"
    assert notes[1]["back"] == "<p>{{c1::一个向量}}。</p>"
    assert not (deck / "deck.lock").exists()


def test_list_and_check_need_no_deck_toml(deck):
    (deck / "deck.toml").unlink()
    for arguments in (
        ["list", deck],
        ["list", deck / "2-b.md"],
        ["check", deck],
        ["check", deck / "1-a.md", deck / "2-b.md"],
    ):
        result = run(*arguments)
        assert (result.returncode, result.stderr) == (0, "")
    assert "2-b.md:3: basic: Second?" in run("list", deck).stdout


def test_a_file_of_a_deck_is_read_with_its_settings(deck):
    (deck / "deck.toml").write_text((deck / "deck.toml").read_text() + 'sections = "decks"\n')
    for path, cwd in (("2-b.md", deck), ("deck/2-b.md", deck.parent), (deck / "2-b.md", deck.parent)):
        (note,) = json.loads(run("list", path, "--json", cwd=cwd).stdout)
        assert (note["deck"], note["tags"]) == ("Test Deck::Middle", [])


def test_check_reports_at_lines_and_writes_nothing(deck):
    (deck / "p.png").unlink()
    before = sorted(deck.rglob("*"))
    result = run("check", "deck", cwd=deck.parent)
    assert result.returncode == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "file",
        "deck/1-a.md",
        "deck/2-b.md",
        "deck/10-c.md",
        "3",
    ]
    assert result.stderr == "deck/10-c.md:7:6: warning: no file p.png (looked in deck/) [media-missing]\n"
    strict = run("check", "deck", "--strict", cwd=deck.parent)
    assert strict.returncode == 1 and ": error: no file p.png" in strict.stderr
    (problem,) = json.loads(run("check", "deck", "--json", cwd=deck.parent).stdout)
    assert problem == {
        "file": "deck/10-c.md",
        "line": 7,
        "column": 6,
        "severity": "warning",
        "code": "media-missing",
        "message": "no file p.png",
        "hint": "looked in deck/",
    }
    github = run("check", "deck", "--github", cwd=deck.parent).stdout
    assert github == "::warning file=deck/10-c.md,line=7,col=6::no file p.png (looked in deck/) [media-missing]\n"
    assert sorted(deck.rglob("*")) == before
    assert run("build", "deck", "--strict", cwd=deck.parent).returncode == 1
    assert sorted(deck.rglob("*")) == before and not (deck.parent / "build").exists()


def test_build_json_and_summary(deck):
    summary = build(deck, deck.parent / "out", NOW)
    seconds, added = summary.pop("seconds"), summary.pop("added_notes")
    assert isinstance(seconds, float) and seconds >= 0
    assert [(note["file"], note["line"]) for note in added] == [
        (str(deck / "1-a.md"), 7),
        (str(deck / "1-a.md"), 11),
        (str(deck / "2-b.md"), 3),
        (str(deck / "10-c.md"), 3),
    ]
    assert summary == {
        "package": str(deck.parent / "out" / "test-deck-1.0.0.apkg"),
        "version": "1.0.0",
        "notes": 4,
        "cards": 5,
        "media": 1,
        "added": 4,
        "changed": 0,
        "unchanged": 0,
        "retired": 0,
        "changed_notes": [],
        "retired_notes": [],
        "changed_notetypes": [],
        "problems": [],
    }
    text = run("build", "deck", cwd=deck.parent)
    assert text.stderr == ""
    assert re.fullmatch(
        r"build/test-deck-1\.0\.0\.apkg: 4 notes, 5 cards, 1 media, \d+ KiB\n"
        r"0 added, 0 changed, 4 unchanged, 0 retired, in \d+\.\d s\n",
        text.stdout,
    )


@pytest.mark.parametrize(
    "question, language",
    [("什么是 query？", "zh"), ("What is 注?", "zh"), ("What is a query?", "en"), ("クエリとは何か？", "en")],
)
def test_init_guesses_the_language(tmp_path, question, language):
    """The characters decide. A deck is Chinese if most of its questions have Chinese characters."""
    (tmp_path / "a.md").write_text(f"# D\n\n## {question}\n\nSomething.\n")
    assert run("init", tmp_path).returncode == 0
    assert f'language = "{language}"' in (tmp_path / "deck.toml").read_text()


def test_init_writes_a_deck_that_builds(tmp_path):
    folder = write_deck(tmp_path / "vault", {name: text for name, text in NOTES.items() if name != "1-a.md"})
    (folder / "deck.toml").unlink()
    result = run("init", "vault", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "file           dialect  notes  why",
        "vault/2-b.md   heading      1  1 heading of level 2 that asks",
        "vault/10-c.md  heading      1  1 heading of level 2 that asks",
        "2 files, 2 notes",
        "vault/.github/workflows/check.yml written",
        "vault/.github/workflows/pages.yml written",
        "vault/.github/workflows/release.yml written",
        "vault/.gitignore written",
        "vault/.gitattributes written",
        "vault/requirements-deckgen.txt written",
        "vault/deck.toml written: 'vault', 2 notes. Next: deckgen build vault",
    ]
    text = (folder / "deck.toml").read_text()
    assert build(folder, tmp_path / "out", NOW)["notes"] == 2
    again = run("init", "vault", cwd=tmp_path)
    assert again.returncode == 1 and "vault/deck.toml: error: is there already" in again.stderr
    # The build has written `lock = true`.
    assert (folder / "deck.toml").read_text().replace(
        "# deck.lock, beside this file, remembers the notes of this deck: commit it too.\nlock = true\n", ""
    ) == text


def test_two_decks_have_two_ids(tmp_path):
    ids = set()
    for name in ("a", "b"):
        (write_deck(tmp_path / name, {"n.md": NOTES["2-b.md"]}) / "deck.toml").unlink()
        run("init", tmp_path / name)
        ids.add((tmp_path / name / "deck.toml").read_text().split('id = "')[1][:16])
    assert len(ids) == 2


OLD = "# D\n\n## What is a query in attention?\n\nA query is what a position asks the others for.\n"
LEFT = "## What is a query in self-attention?\n\nA query is what a position asks the others for, too.\n"
RIGHT = "## What is a query in cross-attention?\n\nA query is what a position asks the others for, also.\n"


def commands_of(line: str) -> list[list[str]]:
    """Return the commands at the end of a problem, split as a shell splits them."""
    hint = line[line.index("(deckgen lock ") + 1 : line.index(") [identity-doubt]")]
    return [shlex.split(command)[1:] for command in hint.split(" or: ")]


def test_ambiguous_notes_stop_the_build_and_the_commands_of_the_message_decide(tmp_path):
    """Question and answer of one note are edited in two ways. Each of the two new notes may be the old one."""
    deck = write_deck(tmp_path / "my deck", {"a.md": OLD})
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "out", NOW)))
        guid = col.db.scalar("select guid from notes")
        lock = (deck / "deck.lock").read_text()
        (deck / "a.md").write_text(f"# D\n\n{LEFT}\n{RIGHT}")
        result = run("build", "my deck", "--out", "out", cwd=tmp_path, now=NOW + 1)
        left, right = result.stderr.splitlines()
        assert result.returncode == 1 and (deck / "deck.lock").read_text() == lock
        assert left.startswith(
            "my deck/a.md:3:1: error: is “What is a query in self-attention?” a new note, or an edit of a note that is not here "
            "any more: “What is a query in attention?” of a.md (my deck/deck.lock:5)? (deckgen lock same "
        )
        assert lock.splitlines()[4].startswith(f'{{"guid": "{guid}"')
        assert commands_of(left) == [["lock", "same", guid, "my deck/a.md:3"], ["lock", "new", "my deck/a.md:3"]]

        assert run(*commands_of(right)[0], cwd=tmp_path).returncode == 0
        assert run(*commands_of(left)[1], cwd=tmp_path).returncode == 0
        summary = build(deck, tmp_path / "out", NOW + 1)
        assert (summary["added"], summary["changed"], summary["retired"]) == (1, 1, 0)
        imported = import_package(col, package_of(summary))
        assert (imported.new, imported.updated) == (1, 1)
        assert "cross-attention" in col.get_note(col.db.scalar("select id from notes where guid = ?", guid))["Front"]


def test_if_both_notes_are_new_the_old_one_is_retired(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": OLD})
    build(deck, tmp_path / "out", NOW)
    (deck / "a.md").write_text(f"# D\n\n{LEFT}\n{RIGHT}")
    for line in run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW + 1).stderr.splitlines():
        assert run(*commands_of(line)[-1], cwd=tmp_path).returncode == 0
    summary = build(deck, tmp_path / "out", NOW + 1)
    assert (summary["added"], summary["changed"], summary["retired"]) == (2, 0, 1)


def test_a_note_that_was_built_as_new_can_be_declared_an_old_one_later(tmp_path):
    """Its temporary guid is retired for ever. After that, it cannot be declared new."""
    deck = write_deck(tmp_path / "deck", {"a.md": OLD})
    build(deck, tmp_path / "out", NOW)
    guid = json.loads((deck / "deck.lock").read_text().splitlines()[4])["guid"]
    (deck / "a.md").write_text("# D\n\n## Wherefore?\n\nBecause of something that has nothing to do with it.\n")
    assert build(deck, tmp_path / "out", NOW + 1)["retired"] == 1
    late = run("lock", "new", "deck/a.md:3", cwd=tmp_path)
    assert late.returncode == 1 and late.stderr.startswith("deck/a.md:3:1: error: the note is in the lock already: ")
    assert run("lock", "same", guid, "deck/a.md:3", cwd=tmp_path).returncode == 0
    for changed in (1, 0):
        summary = build(deck, tmp_path / "out", NOW + 2)
        assert (summary["added"], summary["changed"], summary["retired"]) == (0, changed, 0)
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(summary))
        assert col.db.list("select guid from notes") == [guid]


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["same", "nobody", "deck/a.md:3"], "deck/deck.lock: error: no note has the guid nobody [lock-unknown]"),
        (["new", "deck/a.md"], "deck/a.md: error: is not a place (write FILE:LINE) [place-unknown]"),
        (["new", "deck/a.md:1"], "deck/a.md:1:1: error: no note begins at or above this line [place-unknown]"),
        (["new", "a.md:1"], "a.md: error: is not in a folder with a deck.toml [deck-missing]"),
    ],
)
def test_wrong_arguments_of_lock_commands_are_reported(tmp_path, arguments, message):
    deck = write_deck(tmp_path / "deck", {"a.md": OLD})
    build(deck, tmp_path / "out", NOW)
    result = run("lock", *arguments, cwd=tmp_path)
    assert (result.returncode, result.stderr.strip()) == (1, message)
