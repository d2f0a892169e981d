"""Test releases in a real git repository and with Anki's engine: what learners get, what is refused, releases from a fresh clone."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from author import DAY, FIRST, NOW, TOML, Author, new_author, released_author
from decks import PIXEL, build_in_process, run, write_deck
from engine import collection, import_package, media_problems, render_errors, schedules, study
from locks import without_checksums
from msgspec.structs import replace

from deckgen.identity.lock import load_lock
from deckgen.model import Field
from deckgen.package.contents import PackedNote
from deckgen.package.read import read_package
from deckgen.problems import DeckError
from deckgen.release.changes import section_of, with_section
from deckgen.release.make import ReleaseResult, release
from deckgen.release.toml import with_version
from deckgen.sources import read_project


@pytest.fixture
def author(tmp_path) -> Author:
    """An author who released version 1.0.0."""
    return released_author(tmp_path / "author")


@pytest.fixture
def beginner(tmp_path) -> Author:
    """An author with a new repository."""
    return new_author(tmp_path / "author")


def mods(notes: dict[str, PackedNote]) -> dict[str, float]:
    """Name of a note → the day of its time of change."""
    return {name: (note.mod - NOW) / DAY for name, note in notes.items()}


def test_a_release_updates_changed_notes_and_keeps_edits_of_learners_on_all_others(author, tmp_path):
    """A changed note has the time of the release. A note that was edited and edited back keeps its time."""
    assert mods(author.packed("1.0.0")) == dict.fromkeys(FIRST, 1)
    with collection(tmp_path / "learner") as col:
        assert import_package(col, author.package("1.0.0")).new == 4
        study(col, 3)
        author.write({**FIRST, "apple": "Green.", "dog": "White."}, 2)
        author.write({"apple": "Green.", "bear": "Brown.", "dog": "Black.", "eel": "Long."}, 3)
        # The learner edits apple after the author, and before the release. The import must update apple nevertheless.
        edit_all_notes(col, 4)
        before = schedules(col)
        done = author.release("1.1.0", 5)
        assert mods(author.packed("1.1.0")) == {"apple": 5, "bear": 1, "dog": 1, "eel": 5}
        got = import_package(col, author.package("1.1.0"))
        assert (got.new, got.updated) == (1, 1)
        assert {key: schedule for key, schedule in schedules(col).items() if key in before} == before
        fields = {note.fields[0]: (note.fields[1], note.tags) for note in map(col.get_note, col.find_notes(""))}
        assert fields["What is apple?"][0] == "<p>Green.</p>" and "mine" not in fields["What is apple?"][1]
        assert "mine" in fields["What is bear?"][1] and fields["What is dog?"][0].endswith("My own remark.")
        cat = retire_and_restore_cat(author, col, done)
        assert {key: schedule for key, schedule in schedules(col).items() if key in before} == before
        assert render_errors(col) == [] and media_problems(col)["missing"] == []
        assert col.get_note(cat)["Status"] == ""


def edit_all_notes(col, day: float) -> None:
    """The learner tags all notes and edits dog, on this day."""
    for note in map(col.get_note, col.find_notes("")):
        note.tags.append("mine")
        if "dog" in note.fields[0]:
            note.fields[1] += "My own remark."
        col.update_note(note)
        col.db.execute("update notes set mod = ? where id = ?", NOW + day * DAY, note.id)


def retire_and_restore_cat(author: Author, col, done: ReleaseResult) -> int:
    """Check that the retired note has a tag and a banner, and that both are removed when the note comes back. Return its id."""
    assert done.suggested == "2.0.0" and [note.fields[0] for note in done.made.diff.removed] == ["What is cat?"]
    got = import_package(col, author.package("1.1.0", "-cleanup"))
    assert (got.new, got.updated) == (0, 1)
    # Engines up to 24.11 give updated notes the time of the import. This is the time of the machine, not of this test.
    col.db.execute("update notes set mod = min(mod, ?)", NOW + 6 * DAY)
    (found,) = col.find_notes("tag:test-deck::retired")
    note = col.get_note(found)
    assert (
        note.fields[0] == "What is cat?" and "1.1.0" in note["Status"] and note["Status"] in note.cards()[0].question()
    )
    author.write({**FIRST, "apple": "Green.", "eel": "Long."}, 6)
    back = author.release("1.2.0", 7)
    assert back.made.cleanup is None and back.suggested == "1.2.0"
    assert import_package(col, author.package("1.2.0")).updated == 1
    assert col.find_notes("tag:test-deck::retired") == []
    return found


def test_a_cleanup_package_has_all_notes_that_were_ever_retired(author):
    author.write({name: text for name, text in FIRST.items() if name != "cat"}, 2)
    author.release("2.0.0", 3)
    author.write({"apple": "Red.", "bear": "Brown."}, 4)
    author.release("3.0.0", 5)
    assert mods(author.packed("3.0.0", "-cleanup")) == {"cat": 5, "dog": 5}
    assert [media.size for media in read_package(author.package("3.0.0", "-cleanup")).media] == [len(PIXEL)]
    # No learner has a note that was added and removed between two releases.
    author.write({"apple": "Red.", "bear": "Brown.", "fox": "Red."}, 6)
    author.write({"apple": "Red.", "bear": "Brown."}, 7)
    author.release("3.0.1", 8, allow_empty=True)
    assert mods(author.packed("3.0.1", "-cleanup")) == {"cat": 8, "dog": 8}
    lock = load_lock((author.deck / "deck.lock").read_text(), "deck.lock")
    assert [made.release for made in lock.releases] == ["1.0.0", "2.0.0", "3.0.0", "3.0.1"]


def test_a_note_type_has_the_time_of_the_release_that_last_changed_its_css(author):
    author.write({**FIRST, "apple": "Green."}, 2)
    author.release("1.0.1", 3)
    assert [t.mod for t in read_package(author.package("1.0.1")).notetypes] == [NOW + DAY]
    (author.deck / "theme.css").write_text("/* new */")
    author.write({**FIRST, "apple": "Green."}, 4)
    assert author.release("2.0.0", 5).suggested == "2.0.0"
    assert [t.mod for t in read_package(author.package("2.0.0")).notetypes] == [NOW + 5 * DAY]
    assert mods(author.packed("2.0.0")) == {"apple": 3, "bear": 1, "cat": 1, "dog": 1}


def test_a_release_writes_commits_and_tags_its_files(author):
    author.write({**FIRST, "apple": "Green *and* red."}, 2)
    done = author.release("1.0.1", 3)
    assert done.suggested == "1.0.1" and not author.git("status", "--porcelain")
    assert author.git("log", "--format=%s", "-1").strip() == "Release Test Deck 1.0.1"
    assert sorted(author.git("show", "--format=", "--name-only").split()) == [
        "notes/CHANGELOG.md",
        "notes/deck.lock",
        "notes/deck.toml",
    ]
    assert author.git("tag", "--points-at", "HEAD").split() == ["test-deck-1.0.1"]
    mark = "# deck.lock, beside this file, remembers the notes of this deck: commit it too.\nlock = true\n"
    assert (author.deck / "deck.toml").read_text().replace(mark, "") == TOML.replace("0.1.0", "1.0.1")
    assert sorted(path.name for path in done.folder.iterdir()) == [
        "CHANGES.txt",
        "SHA256SUMS",
        "test-deck-1.0.1-diff.html",
        "test-deck-1.0.1.apkg",
    ]
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=done.folder, check=True)
    assert (author.deck / "CHANGELOG.md").read_text() == (
        "# Changelog\n\n## 1.0.1 (2023-11-17)\n\n### Changed (1)\n\n- What is apple? (Back)\n\n"
        "## 1.0.0 (2023-11-15)\n\nThe first release: 4 notes, 4 cards.\n"
    )
    assert done.made.changes == (done.folder / "CHANGES.txt").read_text()
    # A build after the release writes the same bytes.
    built = build_in_process(author.deck, author.out, NOW + 9 * DAY, locked=True)
    assert built.package.read_bytes() == author.package("1.0.1").read_bytes()


def test_a_fresh_clone_of_the_tag_makes_the_same_files(author, tmp_path):
    author.write({"apple": "Green.", "bear": "Brown."}, 2)
    author.release("1.1.0", 3)
    author.git("clone", "--quiet", str(author.home), str(tmp_path / "clone"))
    clone = Author(tmp_path / "clone")
    done = clone.release("1.1.0", 9, after=author.out / "test-deck-1.0.0")
    assert done.again and clone.git("status", "--porcelain") == ""
    assert {path.name: path.read_bytes() for path in done.folder.iterdir()} == {
        path.name: path.read_bytes() for path in (author.out / "test-deck-1.1.0").iterdir()
    }


def test_a_changelog_section_of_the_author_is_not_changed(beginner):
    beginner.write(FIRST, 0)
    (beginner.deck / "CHANGELOG.md").write_text("# News\n\n## 1.0.0 (soon)\n\nMy own words.\n")
    beginner.git("add", "--all")
    beginner.git("commit", "--quiet", "--message", "news")
    assert beginner.release("1.0.0", 1).made.changes == "## 1.0.0 (soon)\n\nMy own words.\n"
    assert (beginner.deck / "CHANGELOG.md").read_text() == "# News\n\n## 1.0.0 (soon)\n\nMy own words.\n"


def tree(home: Path) -> dict[str, str]:
    """Path → SHA-256 of all files below `home`, with those of git. The index is left out, because git rewrites it at each command."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name != "index"
    }


def test_a_dry_run_writes_nothing(beginner):
    beginner.write(FIRST, 0)
    before = tree(beginner.home)
    done = beginner.release("1.0.0", 1, dry_run=True)
    assert "4 notes" in done.made.changes and len(done.import_tests) == 1
    assert tree(beginner.home) == before and not done.folder.exists()


def spoil_checksum(author: Author) -> None:
    with open(author.package("1.0.0"), "ab") as file:
        file.write(b"more")


def write_on(author: Author, text: str = "Green.", **more) -> None:
    author.write({**FIRST, "apple": text}, 2, **more)


def lose_last(author: Author) -> None:
    write_on(author)
    shutil.rmtree(author.out / "test-deck-1.0.0")


def tag_elsewhere(author: Author) -> None:
    author.git("tag", "test-deck-1.1.0")
    write_on(author)


def warn(author: Author) -> None:
    write_on(author)
    (author.deck / "empty.md").write_text("No question at all.\n")
    author.git("add", "--all")
    author.git("commit", "--quiet", "--message", "an empty file")


def unbuilt(author: Author) -> None:
    (author.deck / "apple.md").write_text("# D\n\n## What is apple?\n\nUnbuilt.\n")
    author.git("commit", "--quiet", "--all", "--message", "unbuilt")


def other_deck(author: Author) -> None:
    """Change the id in deck.toml. The lock is from an older deckgen, which did not write the id of the deck into it."""
    (author.deck / "deck.toml").write_text(author.toml().replace("0123456789abcdef", "another"))
    lock = author.deck / "deck.lock"
    lock.write_text(
        without_checksums(lock.read_text()).replace('{"deck": "0123456789abcdef", "name": "Test Deck"}\n', "")
    )
    write_on(author)


def leave_folder(author: Author) -> None:
    write_on(author)
    (author.out / "test-deck-1.1.0").mkdir()


def ignore(author: Author) -> None:
    (author.home / ".gitignore").write_text("build/\nsecret.md\n")
    author.write({**FIRST, "secret": "Kept at home."}, 2)


def ignore_what_notes_use(author: Author) -> None:
    (author.home / ".gitignore").write_text("build/\nnew.png\nown.py\n")
    write_deck(author.deck, {"new.png": PIXEL, "figures/own.py": "X = 1\n"})
    write_on(author, "Green. ![new](new.png)")


def forget_author(author: Author) -> None:
    write_on(author)
    author.git("config", "user.name", "")


def lose_line(author: Author) -> None:
    lock = author.deck / "deck.lock"
    lock.write_text(
        "".join(line for line in lock.read_text().splitlines(keepends=True) if not line.startswith('{"release"'))
    )
    write_on(author)


def release_and_swap(author: Author) -> None:
    """Swap the rows of two releases in the lock, as a union merge does if the later release is merged first."""
    write_on(author)
    author.release("1.2.0", 2)
    lock = author.deck / "deck.lock"
    lines = lock.read_text().splitlines(keepends=True)
    one, other = (n for n, line in enumerate(lines) if line.startswith('{"release"'))
    lines[one], lines[other] = lines[other], lines[one]
    lock.write_text("".join(lines))
    write_on(author, "Yellow.")


def begin_merge(author: Author) -> None:
    author.git("checkout", "--quiet", "-b", "side")
    write_on(author)
    author.git("checkout", "--quiet", "main")
    author.git("merge", "--no-ff", "--no-commit", "side")


def run_ahead(author: Author) -> None:
    lock = author.deck / "deck.lock"
    lock.write_text(
        without_checksums(lock.read_text()).replace(f'"mod": {NOW + DAY}, "state"', '"mod": 4000000000, "state"')
    )
    write_on(author)


# Name of a case → what the author does after releasing 1.0.0, the version of the next release, and its error.
REFUSED = {
    "not committed": (
        lambda author: write_on(author, commit=False),
        "1.1.0",
        "files are not committed: apple.md, deck.lock",
    ),
    "a new file": (lambda author: (author.home / "new.txt").touch(), "1.1.0", "files are not committed: new.txt"),
    "not higher": (write_on, "0.9.0", "0.9.0 is not higher than the last release, 1.0.0"),
    "a pre-release of the last": (write_on, "1.0.0-rc.1", "1.0.0-rc.1 is not higher than the last release, 1.0.0"),
    "no version": (write_on, "next", "is not a version"),
    "changed since": (write_on, "1.0.0", "the tag test-deck-1.0.0 exists already"),
    "ignored by git": (ignore, "1.1.0", "git ignores files of the deck: secret.md"),
    "a picture and code ignored by git": (
        ignore_what_notes_use,
        "1.1.0",
        "git ignores files of the deck: new.png, own.py",
    ),
    "no author": (forget_author, "1.1.0", "git var: Committer identity unknown"),
    "a release that the lock lost": (lose_line, "1.1.0", "releases have tags but are not in the lock: 1.0.0"),
    "releases out of order": (release_and_swap, "1.1.5", "1.1.5 is not higher than the last release, 1.2.0"),
    "a merge": (begin_merge, "1.1.0", "a merge is not finished"),
    "the clock": (run_ahead, "1.1.0", "has a change from 2096-10-02 07:06 UTC, which is in the future"),
    "lock not up to date": (unbuilt, "1.1.0", "the lock is not up to date: 0 added, 1 changed"),
    "last package lost": (lose_last, "1.1.0", "the package of release 1.0.0 is missing"),
    "last package another": (spoil_checksum, "1.1.0", "is not the package that was released as 1.0.0"),
    "tag taken": (tag_elsewhere, "1.1.0", "the tag test-deck-1.1.0 exists already"),
    "a warning": (warn, "1.1.0", "empty.md:1:1: error: no questions found"),
    "another deck": (other_deck, "1.1.0", "1.0.0 is a release of another deck"),
    "a folder in the way": (leave_folder, "1.1.0", "exists, but the lock has no release 1.1.0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_release_changes_no_file(author, case):
    edit, version, message = REFUSED[case]
    edit(author)
    before = tree(author.home)
    with pytest.raises(DeckError) as refused:
        author.release(version, 3)
    assert message in str(refused.value)
    assert tree(author.home) == before


def test_a_version_is_not_released_again_with_other_content(author):
    write_on(author)
    before = tree(author.home)
    with pytest.raises(DeckError, match="1.0.0 was released before with other content"):
        author.release("1.0.0", 3, allow_dirty=True)
    assert tree(author.home) == before


def test_notes_below_the_output_folder_must_be_committed_too(beginner):
    beginner.write(FIRST, 0)
    (beginner.deck / "apple.md").write_text("# D\n\n## What is apple?\n\nNot committed.\n")
    build_in_process(beginner.deck, beginner.out, NOW + DAY)
    with pytest.raises(DeckError, match="files are not committed: apple.md, deck.lock"):
        release(replace(beginner.options("1.0.0", 2), out=beginner.home), lambda what, done, total: None)


def test_the_same_command_repairs_a_damaged_folder(beginner):
    beginner.write(FIRST, 0)
    whole = beginner.release("1.0.0", 1)
    package = beginner.package("1.0.0").read_bytes()
    beginner.package("1.0.0").write_bytes(b"damaged")
    assert not whole.again and beginner.release("1.0.0", 2).again
    assert beginner.package("1.0.0").read_bytes() == package


def test_the_same_command_completes_a_release_that_a_git_hook_interrupted(beginner):
    beginner.write(FIRST, 0)
    hook = beginner.home / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(
        DeckError,
        match="git commit: no .the release is made; solve the problem and run the same command again to commit and tag it",
    ):
        beginner.release("1.0.0", 1)
    hook.unlink()
    assert not beginner.release("1.0.0", 2).again
    assert beginner.git("status", "--porcelain") == "" and beginner.git("tag", "--points-at", "HEAD").split() == [
        "test-deck-1.0.0"
    ]
    assert mods(beginner.packed("1.0.0")) == dict.fromkeys(FIRST, 1)


def test_releases_in_the_same_second_get_increasing_times(author):
    """Anki updates a note only if its time is later."""
    author.write({**FIRST, "apple": "Green."}, 1)
    author.release("1.0.1", 1)
    author.write({"apple": "Green.", "bear": "Brown."}, 1)
    author.release("1.0.2", 1)
    times = [
        author.packed("1.0.0")["apple"].mod,
        author.packed("1.0.1")["apple"].mod,
        author.packed("1.0.2", "-cleanup")["cat"].mod,
    ]
    assert times == sorted(set(times))


def test_a_full_version_is_compared_with_the_last_full_version(author):
    """Few learners have its pre-releases."""
    write_on(author)
    assert "What is apple?" in author.release("1.0.1-rc.1", 3).made.changes
    done = author.release("1.0.1", 4)
    assert "What is apple?" in done.made.changes and mods(author.packed("1.0.1"))["apple"] == 4


def test_import_tests_are_run_for_the_cleanup_package_too(author):
    author.write({"apple": "Red."}, 2)
    assert [found.package.path.name for found in author.release("2.0.0", 3).import_tests] == [
        "test-deck-2.0.0.apkg",
        "test-deck-2.0.0-cleanup.apkg",
    ]


def test_the_last_package_is_found_by_its_checksum_if_the_slug_changed(author):
    (author.deck / "deck.toml").write_text(author.toml().replace("test-deck", "other"))
    author.write({"apple": "Red."}, 2)
    assert author.release("2.0.0", 3, after=author.out / "test-deck-1.0.0").folder.name == "other-2.0.0"


def test_a_release_warns_of_a_low_version_and_a_new_name(author):
    (author.deck / "deck.toml").write_text(author.toml().replace("Test Deck", "New Name"))
    author.write({"apple": "Red."}, 2)
    messages = [problem.message for problem in author.release("1.0.1", 3).problems]
    assert messages == [
        "the changes of this release require the version 2.0.0 instead of 1.0.1",
        "the deck now has the name New Name: cards that learners have stay in the deck with the old name, "
        "and new cards go to the deck with the new name",
    ]


def test_a_release_keeps_the_line_ends_of_the_author(beginner):
    news = "\ufeff# News\r\n\r\n## 0.9.0\r\n\r\nOld.\r\n"
    beginner.write(FIRST, 0)
    (beginner.deck / "CHANGELOG.md").write_bytes(news.encode())
    (beginner.deck / "deck.toml").write_bytes(TOML.replace("\n", "\r\n").encode())
    beginner.git("-c", "core.autocrlf=false", "add", "--all")
    beginner.git("commit", "--quiet", "--message", "line ends")
    section = beginner.release("1.0.0", 1).made.changes.replace("\n", "\r\n")
    assert (beginner.deck / "CHANGELOG.md").read_bytes().decode() == news.replace("## 0.9.0", f"{section}\r\n## 0.9.0")
    assert (beginner.deck / "deck.toml").read_bytes().decode() == TOML.replace("0.1.0", "1.0.0").replace("\n", "\r\n")
    assert beginner.release("1.0.0", 2).again


def test_a_note_type_keeps_its_time_while_it_is_out_of_use(beginner):
    """It gets a later time only if its CSS changed."""
    beginner.write({**FIRST, "eel": "{{c1::Long}}."}, 0)
    beginner.release("1.0.0", 1)
    beginner.write(FIRST, 2)
    beginner.release("2.0.0", 3)
    package = beginner.packed("1.0.0")["eel"].notetype
    for version, day, css in (("2.1.0", 5, ""), ("3.0.0", 9, "/* new */")):
        if css:
            (beginner.deck / "theme.css").write_text(css)
        beginner.write({**FIRST, "eel": "{{c1::Long}}."}, day - 1)
        beginner.release(version, day)
        (found,) = [t for t in read_package(beginner.package(version)).notetypes if t.id == package.id]
        assert found.mod == (NOW + day * DAY if css else package.mod)
        if not css:
            beginner.write(FIRST, 6)
            beginner.release("2.9.0", 7)


SECTIONS = (
    "# News\n\n## [Unreleased]\n\n- Soon.\n\n## v1.1.0 - today\n\n```sh\n## no heading\n```\n\n## 1.0.0\n\nOld.\n"
)


def test_sections_of_a_changelog_are_found_and_added():
    assert section_of(SECTIONS, "1.1.0") == "## v1.1.0 - today\n\n```sh\n## no heading\n```\n"
    assert section_of(SECTIONS, "1.0.0") == "## 1.0.0\n\nOld.\n" and section_of(SECTIONS, "1.0") == ""
    added = with_section(SECTIONS, "1.2.0", "## 1.2.0\n\nNew.\n")
    assert added == SECTIONS.replace("## v1.1.0", "## 1.2.0\n\nNew.\n\n## v1.1.0")
    assert with_section(added, "1.2.0", "## 1.2.0\n\nOther.\n") == added
    assert with_section("", "1.0.0", "## 1.0.0\n\nNew.\n") == "# Changelog\n\n## 1.0.0\n\nNew.\n"


VERSIONS = [
    "version = '0.1.0'",
    'version="0.1.0" # now',
    '"version" = "0.1.0"',
    'version = """0.1.0"""',
    "\tversion = '''0.1.0'''",
    'description = """\nversion = "0.1.0"\n"""\nversion = "0.1.0"',
]


@pytest.mark.parametrize("line", VERSIONS)
def test_only_the_version_in_deck_toml_is_changed(line, tmp_path):
    text = f'\ufeffid = "1"\r\n{line}\r\nname = "D"\r\nslug = "d"\r\n[macros]\r\nversion = "0.1.0"\r\n'
    (tmp_path / "deck.toml").write_bytes(text.encode())
    changed = with_version(replace(read_project(tmp_path), version="2.0.0"))
    before, _, after = text.partition("[macros]")
    above, _, below = before.rpartition("0.1.0")
    assert changed == f"{above}2.0.0{below}[macros]{after}"


def test_a_failed_import_test_stops_a_release(author, monkeypatch):
    """A field gets another name, and the note type keeps its id. Anki would put the notes into another note type."""
    from deckgen.package import write

    write_on(author)
    before = tree(author.home)
    plain = write._model

    def other(deck, notetype, mod):
        return plain(deck, replace(notetype, fields=(*notetype.fields[:-1], Field("Another", "spare"))), mod)

    monkeypatch.setattr(write, "_model", other)
    with pytest.raises(DeckError) as refused:
        author.release("1.1.0", 3)
    assert "not updated" in str(refused.value) and tree(author.home) == before


def test_a_release_without_git_needs_allow_dirty(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "# D\n\n## Q?\n\nA.\n"})
    build_in_process(deck, tmp_path / "out", NOW)
    result = run("release", deck, "1.0.0", "--out", tmp_path / "out", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert (
        result.returncode == 1
        and "is not in a git repository (run git init and commit the files, or use --allow-dirty" in result.stderr
    )
    result = run("release", deck, "1.0.0", "--out", tmp_path / "out", "--allow-dirty")
    assert result.returncode == 0 and result.stdout.endswith("not committed, not tagged\n"), result.stderr
    assert (tmp_path / "out" / "test-deck-1.0.0" / "test-deck-1.0.0.apkg").exists()
