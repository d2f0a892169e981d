"""Test that losses are reported: a missing lock, many retired notes, another dialect of a file, a changed id or name of the deck."""

import re
from pathlib import Path

import pytest
from decks import DECK_TOML, build, git, run, write_deck
from locks import without_checksums

from deckgen.identity.lock import load_lock

NOW = 1_700_000_000
MARK = "# deck.lock, beside this file, remembers the notes of this deck: commit it too.\nlock = true\n"


def heading(*names: str) -> str:
    return "# D\n\n" + "".join(
        f"## What is a {name}?\n\nA {name} is what the chapter on it says.\n\n" for name in names
    )


def bold(*names: str) -> str:
    return "# 什么是注意力？\n\n" + "".join(
        f"**What is a {name}?**\n\nA {name} is what the chapter on it says.\n\n" for name in names
    )


def built(tmp_path: Path, files: dict[str, str]) -> Path:
    deck = write_deck(tmp_path / "deck", files)
    build(deck, tmp_path / "out", NOW)
    return deck


def again(tmp_path: Path, *options: str):
    return run("build", "deck", "--out", "out", *options, cwd=tmp_path, now=NOW + 9)


def guids(deck: Path) -> set[str]:
    return {entry.guid for entry in load_lock((deck / "deck.lock").read_text(), "").notes}


# A missing lock.


@pytest.mark.parametrize(
    "toml, line",
    [
        (DECK_TOML, 3),
        (f'tags = [\n"a",\n]\n{DECK_TOML}', 6),
        (DECK_TOML + '[macros]\nR = "\\\\mathbb{R}"\n', 3),
        ("# Ours.\n" + DECK_TOML.removesuffix("\n"), 4),
        (f'description = """\nid = "x"\n"""\n{DECK_TOML}', 6),
    ],
)
def test_the_first_build_writes_lock_true_into_deck_toml(tmp_path, toml, line):
    deck = built(tmp_path, {"a.md": heading("query"), "deck.toml": toml})
    text = (deck / "deck.toml").read_text()
    assert text.replace(MARK, "") == toml and text.splitlines()[line - 1] == "lock = true"
    assert build(deck, tmp_path / "out", NOW + 1)["unchanged"] == 1 and (deck / "deck.toml").read_text() == text


def test_the_first_build_keeps_the_line_ends_of_deck_toml(tmp_path):
    deck = built(tmp_path, {"a.md": heading("query"), "deck.toml": DECK_TOML.replace("\n", "\r\n").encode()})
    assert (deck / "deck.toml").read_bytes() == (
        DECK_TOML.splitlines()[0] + "\n" + MARK + "\n".join(DECK_TOML.splitlines()[1:]) + "\n"
    ).replace("\n", "\r\n").encode()


def test_a_locked_build_does_not_change_deck_toml(tmp_path):
    deck = built(tmp_path, {"a.md": heading("query")})
    (deck / "deck.toml").write_text(DECK_TOML)
    assert again(tmp_path, "--locked").returncode == 0 and (deck / "deck.toml").read_text() == DECK_TOML


@pytest.mark.parametrize("committed", [True, False])
def test_a_missing_lock_is_an_error(tmp_path, committed):
    deck = built(tmp_path, {"a.md": heading("query", "key")})
    if committed:
        git(deck, "init", "-q")
        git(deck, "add", "-A")
        git(deck, "commit", "-qm", "first")
    lock = (deck / "deck.lock").read_text()
    (deck / "deck.lock").unlink()
    result = again(tmp_path)
    assert result.returncode == 1 and result.stderr.startswith(
        "deck/deck.toml:3:1: error: this deck has a lock, but deck/deck.lock is missing ("
    )
    assert ("git checkout HEAD -- deck/deck.lock" in result.stderr) is committed
    assert "deckgen lock from PACKAGE deck" in result.stderr and "deckgen build deck --new-lock" in result.stderr
    assert "if this is a copy for another deck, give it another id and remove the line lock = true" in result.stderr
    assert not (deck / "deck.lock").exists()
    resolved = run("lock", "new", "deck/a.md:3", cwd=tmp_path)
    assert resolved.returncode == 1 and "this deck has a lock" in resolved.stderr
    if committed:
        command = re.search(r"git (checkout HEAD -- \S+?)[;)]", result.stderr)[1]
        git(tmp_path, "-C", "deck", *command.replace("deck/", "").split())
        assert (deck / "deck.lock").read_text() == lock
    else:
        assert again(tmp_path, "--new-lock").returncode == 0 and (deck / "deck.lock").exists()


def test_new_lock_does_not_replace_an_existing_lock(tmp_path):
    deck = built(tmp_path, {"a.md": heading("query")})
    lock = (deck / "deck.lock").read_bytes()
    result = again(tmp_path, "--new-lock")
    assert (result.returncode, result.stderr) == (
        1,
        "deck/deck.lock: error: is there already: a new lock is made only if the old one is lost (build without --new-lock) [lock-exists]\n",
    )
    assert (deck / "deck.lock").read_bytes() == lock


def test_a_copied_deck_with_another_id_gets_its_own_guids(tmp_path):
    """Follow the hint for a copied deck.toml."""
    deck = built(tmp_path, {"a.md": heading("query")})
    toml = (deck / "deck.toml").read_text()
    other = write_deck(tmp_path / "other", {"deck.toml": toml, "a.md": heading("query")})
    assert run("build", "other", cwd=tmp_path).returncode == 1
    mint = re.sub(r"^id = .*$", 'id = "fedcba9876543210"', toml, flags=re.M).replace("lock = true\n", "")
    (other / "deck.toml").write_text(mint)
    assert run("build", "other", cwd=tmp_path).returncode == 0
    assert not set(guids(deck)) & set(guids(other))


@pytest.mark.parametrize("way", ["build --new-lock", "lock from package.apkg"])
def test_an_empty_lock_is_lost_too(way, tmp_path):
    deck = built(tmp_path, {"a.md": heading("query", "key")})
    known = guids(deck)
    next((tmp_path / "out").glob("*.apkg")).rename(tmp_path / "package.apkg")
    (deck / "deck.lock").write_text("")
    result = again(tmp_path)
    assert result.returncode == 1 and "this deck has a lock, but deck/deck.lock is empty (" in result.stderr
    assert (deck / "deck.lock").read_text() == ""
    assert run(*way.split(), deck, cwd=tmp_path).returncode == 0
    assert guids(deck) == known


# Many retired notes.


def test_three_notes_of_a_file_are_retired_without_an_error(tmp_path):
    built(tmp_path, {"a.md": heading("query", "key", "value", "head", "mask")})
    write_deck(tmp_path / "deck", {"deck.toml": DECK_TOML, "a.md": heading("query", "key")})
    assert again(tmp_path).stdout.splitlines()[-1].startswith("0 added, 0 changed, 2 unchanged, 3 retired")


def test_four_notes_of_a_file_are_retired_only_with_the_option_retire(tmp_path):
    names = ("query", "key", "value", "head", "mask", "score")
    deck = built(tmp_path, {"a.md": heading(*names)})
    lock = (deck / "deck.lock").read_bytes()
    (deck / "a.md").write_text(heading("query", "key"))
    result = again(tmp_path)
    assert result.returncode == 1 and (deck / "deck.lock").read_bytes() == lock
    first, *named = result.stderr.splitlines()
    assert first == (
        "deck/a.md: error: 4 of the 6 notes of this file are no longer found and would be retired (to retire them: "
        "deckgen build deck --retire deck/a.md; deckgen list shows how deckgen reads a file) [retired-many]"
    )
    assert named == [f"  What is a {name}?" for name in names[2:]]
    assert again(tmp_path, "--retire", "deck/b.md").returncode == 1
    assert "4 retired" in again(tmp_path, "--retire", "deck/a.md").stdout
    assert again(tmp_path).returncode == 0, "they are retired now"


def test_a_deleted_file_is_an_error_and_a_renamed_file_is_not(tmp_path):
    deck = built(tmp_path, {"a.md": heading("query"), "sub/b.md": heading("key", "value")})
    (deck / "sub" / "b.md").rename(deck / "sub" / "c.md")
    assert "0 retired" in again(tmp_path).stdout
    (deck / "sub" / "c.md").unlink()
    result = again(tmp_path)
    assert result.stderr.startswith(
        "deck/sub/c.md: error: all 2 notes of this file, which does not exist, are no longer found and would be retired ("
    )
    assert "2 retired" in again(tmp_path, "--retire", "deck/sub").stdout


def test_the_error_names_twenty_notes_at_most(tmp_path):
    names = [f"head{n}" for n in range(30)]
    built(tmp_path, {"a.md": heading(*names), "b.md": heading("query")})
    (tmp_path / "deck" / "a.md").unlink()
    shown = again(tmp_path).stderr.splitlines()
    assert len(shown) == 22 and shown[-1] == "  and 10 more"


# Another dialect of a file.


def test_a_file_keeps_its_dialect_if_a_question_is_deleted(tmp_path):
    """Two questions are too few to detect the dialect, and the title of the page is a question too."""
    deck = built(tmp_path, {"a.md": bold("query", "key", "value")})
    before = guids(deck)
    (deck / "a.md").write_text(bold("query", "value"))
    result = again(tmp_path)
    assert (
        result.stdout.splitlines()[-1].startswith("0 added, 0 changed, 2 unchanged, 1 retired")
        and guids(deck) == before
    )
    assert result.stderr == (
        "deck/a.md:1:1: warning: was read as bold at the last build, which finds 2 notes now, and looks like heading, which finds 1: "
        "it is read as bold (name the one you mean in the front matter: deckgen: {dialect: bold}) [dialect-changed]\n"
    )
    assert run("check", "deck", cwd=tmp_path).stderr == result.stderr, (
        "check and list use the same dialect as the build"
    )
    assert run("list", "deck/a.md", cwd=tmp_path).stdout.count(": basic: ") == 2
    (deck / "a.md").write_text("---\ndeckgen: {dialect: bold}\n---\n" + bold("query", "value"))
    assert again(tmp_path).stderr == ""


def test_a_dialect_without_evidence_is_kept_without_a_problem(tmp_path):
    deck = built(tmp_path, {"a.md": bold("query", "key", "value").replace("# 什么是注意力？", "# D")})
    (deck / "a.md").write_text("# D\n\n" + bold("query").partition("\n\n")[2])
    result = again(tmp_path)
    assert result.stderr == "" and "0 added, 0 changed, 1 unchanged, 2 retired" in result.stdout


def test_another_dialect_that_finds_more_notes_is_an_error(tmp_path):
    deck = built(tmp_path, {"a.md": bold("query", "key", "value")})
    lock = (deck / "deck.lock").read_bytes()
    (deck / "a.md").write_text(
        heading("mask", "score", "head") + "**What is a query?**\n\nA query is what the chapter on it says.\n"
    )
    result = again(tmp_path)
    assert (result.returncode, result.stderr) == (
        1,
        "deck/a.md:1:1: error: was read as bold at the last build, which finds 1 note now, and looks like heading, "
        "which finds 3 (name the one you mean in the front matter: deckgen: {dialect: heading} or {dialect: bold}) [dialect-changed]\n",
    )
    assert (deck / "deck.lock").read_bytes() == lock


def test_a_file_without_notes_in_its_old_dialect_gets_the_new_one(tmp_path):
    deck = built(tmp_path, {"a.md": bold("query", "key", "value")})
    (deck / "a.md").write_text(heading("query", "key", "value").replace("# D", "# 什么是注意力？"))
    assert "0 added, 0 changed, 3 unchanged, 0 retired" in again(tmp_path).stdout
    assert '"dialect": "heading"' in (deck / "deck.lock").read_text()


@pytest.mark.parametrize(
    "files",
    [
        {"a.md": "---\ndeckgen: {dialect: heading}\n---\n" + heading("query")},
        {"a.md": heading("query"), "deck.toml": DECK_TOML + 'dialect = "heading"\n'},
    ],
)
def test_a_dialect_that_the_author_named_is_not_in_the_lock(tmp_path, files):
    assert "dialect" not in (built(tmp_path, files) / "deck.lock").read_text()


def test_an_unknown_dialect_in_the_lock_is_an_error(tmp_path):
    deck = built(tmp_path, {"a.md": heading("query")})
    lock = deck / "deck.lock"
    lock.write_text(without_checksums(lock.read_text()).replace('"dialect": "heading"', '"dialect": "dance"'))
    assert "deck.lock:5:1: error: not an entry of a lock (unknown dialect)" in again(tmp_path).stderr


# The id and the name of the deck.


def test_a_changed_id_is_an_error_at_its_line(tmp_path):
    deck = built(tmp_path, {"a.md": heading("query")})
    lock = (deck / "deck.lock").read_bytes()
    (deck / "deck.toml").write_text("# Ours.\n" + DECK_TOML.replace("0123456789abcdef", "fedcba9876543210"))
    result = again(tmp_path)
    assert result.returncode == 1 and result.stderr.startswith(
        "deck/deck.toml:2:1: error: the lock was made for the deck with the id 0123456789abcdef: "
    )
    assert 'write id = "0123456789abcdef"' in result.stderr and (deck / "deck.lock").read_bytes() == lock


def test_a_changed_name_is_a_warning_of_one_build(tmp_path):
    deck = built(tmp_path, {"a.md": heading("query")})
    (deck / "deck.toml").write_text(DECK_TOML.replace("Test Deck", "Better  Name"))
    strict = again(tmp_path, "--strict")
    assert strict.returncode == 1 and "error: the deck had the name Test Deck" in strict.stderr
    result = again(tmp_path)
    assert result.returncode == 0 and result.stderr.startswith(
        "deck/deck.toml:2:1: warning: the deck had the name Test Deck: cards that learners have stay there"
    )
    assert again(tmp_path).stderr == "" and '"name": "Better  Name"' in (deck / "deck.lock").read_text()


def test_a_lock_of_version_2_is_read_and_upgraded(tmp_path):
    deck = built(tmp_path, {"a.md": heading("query", "key")})
    lock = deck / "deck.lock"
    text = lock.read_text()
    old = (
        without_checksums(text)
        .replace('"deckgen-lock": 4', '"deckgen-lock": 2')
        .replace('{"deck": "0123456789abcdef", "name": "Test Deck"}\n', "")
        .replace(', "dialect": "heading"', "")
    )
    assert len(old.splitlines()) == len(text.splitlines()) - 1
    lock.write_text(old)
    (deck / "deck.toml").write_text(DECK_TOML)
    assert "0 added, 0 changed, 2 unchanged, 0 retired" in again(tmp_path).stdout
    assert lock.read_text() == text and MARK in (deck / "deck.toml").read_text()
