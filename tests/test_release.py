"""Releases, in a real git repository and checked by Anki's engine: what learners get, what is refused, what a fresh clone makes of a tag."""

import hashlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from decks import PIXEL, build_in_process, run, write_deck
from desk import DAY, FIRST, NOW, TOML, Desk, new_desk
from engine import collection, import_package, media_problems, render_errors, schedules, study

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
def desk(tmp_path) -> Desk:
    return new_desk(tmp_path / "desk")


def mods(notes: dict[str, PackedNote]) -> dict[str, float]:
    """The day on which each note was stamped."""
    return {name: (note.mod - NOW) / DAY for name, note in notes.items()}


def test_what_learners_get(desk, tmp_path):
    """An edited note is stamped with the release, one edited and edited back is as it was; who edits notes keeps that on all others."""
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    assert mods(desk.packed("1.0.0")) == dict.fromkeys(FIRST, 1)
    with collection(tmp_path / "learner") as col:
        assert import_package(col, desk.package("1.0.0")).new == 4
        study(col, 3)
        desk.write({**FIRST, "apple": "Green.", "dog": "White."}, 2)
        desk.write({"apple": "Green.", "bear": "Brown.", "dog": "Black.", "eel": "Long."}, 3)
        # The learner edits apple after the author did, before the release; the correction must reach them all the same.
        learn_on_day(col, 4)
        before = schedules(col)
        done = desk.release("1.1.0", 5)
        assert mods(desk.packed("1.1.0")) == {"apple": 5, "bear": 1, "dog": 1, "eel": 5}
        got = import_package(col, desk.package("1.1.0"))
        assert (got.new, got.updated) == (1, 1)
        assert {key: schedule for key, schedule in schedules(col).items() if key in before} == before
        fields = {note.fields[0]: (note.fields[1], note.tags) for note in map(col.get_note, col.find_notes(""))}
        assert fields["What is apple?"][0] == "<p>Green.</p>" and "mine" not in fields["What is apple?"][1]
        assert "mine" in fields["What is bear?"][1] and fields["What is dog?"][0].endswith("My own remark.")
        cat = banner_and_back(desk, col, done)
        assert {key: schedule for key, schedule in schedules(col).items() if key in before} == before
        assert render_errors(col) == [] and media_problems(col)["missing"] == []
        assert col.get_note(cat)["Status"] == ""


def learn_on_day(col, day: float) -> None:
    for note in map(col.get_note, col.find_notes("")):
        note.tags.append("mine")
        if "dog" in note.fields[0]:
            note.fields[1] += "My own remark."
        col.update_note(note)
        col.db.execute("update notes set mod = ? where id = ?", NOW + day * DAY, note.id)


def banner_and_back(desk: Desk, col, done: ReleaseResult) -> int:
    """The retired note is found by its tag, with a banner; when it comes back, both are gone. The id of the note."""
    assert done.suggested == "2.0.0" and [note.fields[0] for note in done.made.diff.removed] == ["What is cat?"]
    got = import_package(col, desk.package("1.1.0", "-cleanup"))
    assert (got.new, got.updated) == (0, 1)
    # Engines up to 24.11 give a note that they update the time of the import, which is that of the machine, not of this story.
    col.db.execute("update notes set mod = min(mod, ?)", NOW + 6 * DAY)
    (found,) = col.find_notes("tag:test-deck::retired")
    note = col.get_note(found)
    assert (
        note.fields[0] == "What is cat?" and "1.1.0" in note["Status"] and note["Status"] in note.cards()[0].question()
    )
    desk.write({**FIRST, "apple": "Green.", "eel": "Long."}, 6)
    back = desk.release("1.2.0", 7)
    assert back.made.cleanup is None and back.suggested == "1.2.0"
    assert import_package(col, desk.package("1.2.0")).updated == 1
    assert col.find_notes("tag:test-deck::retired") == []
    return found


def test_a_cleanup_package_holds_all_that_was_ever_retired(desk):
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    desk.write({name: text for name, text in FIRST.items() if name != "cat"}, 2)
    desk.release("2.0.0", 3)
    desk.write({"apple": "Red.", "bear": "Brown."}, 4)
    desk.release("3.0.0", 5)
    assert mods(desk.packed("3.0.0", "-cleanup")) == {"cat": 5, "dog": 5}
    assert [media.size for media in read_package(desk.package("3.0.0", "-cleanup")).media] == [len(PIXEL)]
    # Nobody has the notes that came and went between two releases.
    desk.write({"apple": "Red.", "bear": "Brown.", "fox": "Red."}, 6)
    desk.write({"apple": "Red.", "bear": "Brown."}, 7)
    desk.release("3.0.1", 8, allow_empty=True)
    assert mods(desk.packed("3.0.1", "-cleanup")) == {"cat": 8, "dog": 8}
    lock = load_lock((desk.deck / "deck.lock").read_text(), "deck.lock")
    assert [made.release for made in lock.releases] == ["1.0.0", "2.0.0", "3.0.0", "3.0.1"]


def test_a_look_that_did_not_change_is_not_stamped(desk):
    """Note types bear the time of the release in which they last changed."""
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    desk.write({**FIRST, "apple": "Green."}, 2)
    desk.release("1.0.1", 3)
    assert [t.mod for t in read_package(desk.package("1.0.1")).notetypes] == [NOW + DAY]
    (desk.deck / "theme.css").write_text("/* new */")
    desk.write({**FIRST, "apple": "Green."}, 4)
    assert desk.release("2.0.0", 5).suggested == "2.0.0"
    assert [t.mod for t in read_package(desk.package("2.0.0")).notetypes] == [NOW + 5 * DAY]
    assert mods(desk.packed("2.0.0")) == {"apple": 3, "bear": 1, "cat": 1, "dog": 1}


def test_what_is_written_committed_and_tagged(desk):
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    desk.write({**FIRST, "apple": "Green *and* red."}, 2)
    done = desk.release("1.0.1", 3)
    assert done.suggested == "1.0.1" and not desk.git("status", "--porcelain")
    assert desk.git("log", "--format=%s", "-1").strip() == "Release Test Deck 1.0.1"
    assert sorted(desk.git("show", "--format=", "--name-only").split()) == [
        "notes/CHANGELOG.md",
        "notes/deck.lock",
        "notes/deck.toml",
    ]
    assert desk.git("tag", "--points-at", "HEAD").split() == ["test-deck-1.0.1"]
    mark = "# deck.lock, beside this file, remembers the notes of this deck: commit it too.\nlock = true\n"
    assert (desk.deck / "deck.toml").read_text().replace(mark, "") == TOML.replace("0.1.0", "1.0.1")
    assert sorted(path.name for path in done.folder.iterdir()) == [
        "CHANGES.txt",
        "SHA256SUMS",
        "test-deck-1.0.1-diff.html",
        "test-deck-1.0.1.apkg",
    ]
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=done.folder, check=True)
    assert (desk.deck / "CHANGELOG.md").read_text() == (
        "# Changelog\n\n## 1.0.1 (2023-11-17)\n\n### Changed (1)\n\n- What is apple? (Back)\n\n"
        "## 1.0.0 (2023-11-15)\n\nThe first release: 4 notes, 4 cards.\n"
    )
    assert done.made.changes == (done.folder / "CHANGES.txt").read_text()
    # From now on a build gives what was released, to the byte.
    built = build_in_process(desk.deck, desk.out, NOW + 9 * DAY, locked=True)
    assert built.package.read_bytes() == desk.package("1.0.1").read_bytes()


def test_a_fresh_clone_makes_the_same_release_of_its_tag(desk, tmp_path):
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    desk.write({"apple": "Green.", "bear": "Brown."}, 2)
    desk.release("1.1.0", 3)
    desk.git("clone", "--quiet", str(desk.home), str(tmp_path / "clone"))
    clone = Desk(tmp_path / "clone")
    done = clone.release("1.1.0", 9, after=desk.out / "test-deck-1.0.0")
    assert done.again and clone.git("status", "--porcelain") == ""
    assert {path.name: path.read_bytes() for path in done.folder.iterdir()} == {
        path.name: path.read_bytes() for path in (desk.out / "test-deck-1.1.0").iterdir()
    }


def test_a_section_that_the_author_wrote_stays(desk):
    desk.write(FIRST, 0)
    (desk.deck / "CHANGELOG.md").write_text("# News\n\n## 1.0.0 (soon)\n\nMy own words.\n")
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--message", "news")
    assert desk.release("1.0.0", 1).made.changes == "## 1.0.0 (soon)\n\nMy own words.\n"
    assert (desk.deck / "CHANGELOG.md").read_text() == "# News\n\n## 1.0.0 (soon)\n\nMy own words.\n"


def tree(home: Path) -> dict[str, str]:
    """All files and their content, git's among them, without what git rewrites at any look."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name != "index"
    }


def test_a_dry_run_writes_nothing(desk):
    desk.write(FIRST, 0)
    before = tree(desk.home)
    done = desk.release("1.0.0", 1, dry_run=True)
    assert "4 notes" in done.made.changes and len(done.import_tests) == 1
    assert tree(desk.home) == before and not done.folder.exists()


def spoil_checksum(desk: Desk) -> None:
    with open(desk.package("1.0.0"), "ab") as file:
        file.write(b"more")


def write_on(desk: Desk, text: str = "Green.", **more) -> None:
    desk.write({**FIRST, "apple": text}, 2, **more)


def lose_last(desk: Desk) -> None:
    write_on(desk)
    shutil.rmtree(desk.out / "test-deck-1.0.0")


def tag_elsewhere(desk: Desk) -> None:
    desk.git("tag", "test-deck-1.1.0")
    write_on(desk)


def warn(desk: Desk) -> None:
    write_on(desk)
    (desk.deck / "empty.md").write_text("No question at all.\n")
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--message", "an empty file")


def unbuilt(desk: Desk) -> None:
    (desk.deck / "apple.md").write_text("# D\n\n## What is apple?\n\nUnbuilt.\n")
    desk.git("commit", "--quiet", "--all", "--message", "unbuilt")


def other_deck(desk: Desk) -> None:
    """The lock is that of another deck, by an older deckgen, which did not note for which deck it was made."""
    (desk.deck / "deck.toml").write_text(desk.toml().replace("0123456789abcdef", "another"))
    lock = desk.deck / "deck.lock"
    lock.write_text(lock.read_text().replace('{"deck": "0123456789abcdef", "name": "Test Deck"}\n', ""))
    write_on(desk)


def leave_folder(desk: Desk) -> None:
    write_on(desk)
    (desk.out / "test-deck-1.1.0").mkdir()


def ignore(desk: Desk) -> None:
    (desk.home / ".gitignore").write_text("build/\nsecret.md\n")
    desk.write({**FIRST, "secret": "Kept at home."}, 2)


def ignore_what_notes_use(desk: Desk) -> None:
    (desk.home / ".gitignore").write_text("build/\nnew.png\nown.py\n")
    write_deck(desk.deck, {"new.png": PIXEL, "figures/own.py": "X = 1\n"})
    write_on(desk, "Green. ![new](new.png)")


def forget_author(desk: Desk) -> None:
    write_on(desk)
    desk.git("config", "user.name", "")


def lose_line(desk: Desk) -> None:
    lock = desk.deck / "deck.lock"
    lock.write_text(
        "".join(line for line in lock.read_text().splitlines(keepends=True) if not line.startswith('{"release"'))
    )
    write_on(desk)


def release_and_swap(desk: Desk) -> None:
    """What a union merge makes of the lock where the later release was merged first."""
    write_on(desk)
    desk.release("1.2.0", 2)
    lock = desk.deck / "deck.lock"
    lines = lock.read_text().splitlines(keepends=True)
    one, other = (n for n, line in enumerate(lines) if line.startswith('{"release"'))
    lines[one], lines[other] = lines[other], lines[one]
    lock.write_text("".join(lines))
    write_on(desk, "Yellow.")


def begin_merge(desk: Desk) -> None:
    desk.git("checkout", "--quiet", "-b", "side")
    write_on(desk)
    desk.git("checkout", "--quiet", "main")
    desk.git("merge", "--no-ff", "--no-commit", "side")


def run_ahead(desk: Desk) -> None:
    lock = desk.deck / "deck.lock"
    lock.write_text(lock.read_text().replace(f'"mod": {NOW + DAY}, "state"', '"mod": 4000000000, "state"'))
    write_on(desk)


# What was done to a desk that released 1.0.0, the version ordered next, and what is said of it.
REFUSED = {
    "not committed": (
        lambda desk: write_on(desk, commit=False),
        "1.1.0",
        "not everything is committed: apple.md, deck.lock",
    ),
    "a new file": (lambda desk: (desk.home / "new.txt").touch(), "1.1.0", "not everything is committed: new.txt"),
    "not higher": (write_on, "0.9.0", "0.9.0 is not higher than 1.0.0"),
    "a pre-release of the last": (write_on, "1.0.0-rc.1", "1.0.0-rc.1 is not higher than 1.0.0"),
    "no version": (write_on, "next", "is not a version"),
    "changed since": (write_on, "1.0.0", "the tag test-deck-1.0.0 is there already"),
    "ignored by git": (ignore, "1.1.0", "git ignores what the deck is made of: secret.md"),
    "a picture and code ignored by git": (
        ignore_what_notes_use,
        "1.1.0",
        "git ignores what the deck is made of: new.png, own.py",
    ),
    "no author": (forget_author, "1.1.0", "git var: Committer identity unknown"),
    "a release that the lock lost": (lose_line, "1.1.0", "tags of releases that the lock does not know: 1.0.0"),
    "releases out of order": (release_and_swap, "1.1.5", "1.1.5 is not higher than 1.2.0"),
    "a merge": (begin_merge, "1.1.0", "a merge is not finished"),
    "the clock": (run_ahead, "1.1.0", "knows a change of 2096-10-02 07:06 UTC, which is still to come"),
    "lock not up to date": (unbuilt, "1.1.0", "the lock is not up to date: 0 added, 1 changed"),
    "last package lost": (lose_last, "1.1.0", "the package of release 1.0.0 is not there"),
    "last package another": (spoil_checksum, "1.1.0", "is not the package that was released as 1.0.0"),
    "tag taken": (tag_elsewhere, "1.1.0", "the tag test-deck-1.1.0 is there already"),
    "a warning": (warn, "1.1.0", "empty.md:1:1: error: no questions found"),
    "another deck": (other_deck, "1.1.0", "was a release of another deck"),
    "a folder in the way": (leave_folder, "1.1.0", "exists, but the lock has no release 1.1.0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_changes_nothing(desk, case):
    deed, version, said = REFUSED[case]
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    deed(desk)
    before = tree(desk.home)
    with pytest.raises(DeckError) as refused:
        desk.release(version, 3)
    assert said in str(refused.value)
    assert tree(desk.home) == before


def test_what_was_released_is_not_released_again_with_other_notes(desk):
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    write_on(desk)
    before = tree(desk.home)
    with pytest.raises(DeckError, match="1.0.0 is released already, and what it would hold now is something else"):
        desk.release("1.0.0", 3, allow_dirty=True)
    assert tree(desk.home) == before


def test_notes_that_stand_where_packages_go_are_looked_at(desk):
    desk.write(FIRST, 0)
    (desk.deck / "apple.md").write_text("# D\n\n## What is apple?\n\nNot committed.\n")
    build_in_process(desk.deck, desk.out, NOW + DAY)
    with pytest.raises(DeckError, match="not everything is committed: apple.md, deck.lock"):
        release(replace(desk.order("1.0.0", 2), out=desk.home), lambda what, done, total: None)


def test_a_damaged_folder_is_made_whole(desk):
    desk.write(FIRST, 0)
    whole = desk.release("1.0.0", 1)
    package = desk.package("1.0.0").read_bytes()
    desk.package("1.0.0").write_bytes(b"damaged")
    assert not whole.again and desk.release("1.0.0", 2).again
    assert desk.package("1.0.0").read_bytes() == package


def test_a_hook_that_refuses_the_commit(desk):
    """The release is made then, and the same command finishes it."""
    desk.write(FIRST, 0)
    hook = desk.home / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(
        DeckError,
        match="git commit: no .the release is made; once this is mended, the same command commits and tags it",
    ):
        desk.release("1.0.0", 1)
    hook.unlink()
    assert not desk.release("1.0.0", 2).again
    assert desk.git("status", "--porcelain") == "" and desk.git("tag", "--points-at", "HEAD").split() == [
        "test-deck-1.0.0"
    ]
    assert mods(desk.packed("1.0.0")) == dict.fromkeys(FIRST, 1)


def test_two_releases_in_one_second(desk):
    """Anki takes only what is strictly newer."""
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    desk.write({**FIRST, "apple": "Green."}, 1)
    desk.release("1.0.1", 1)
    desk.write({"apple": "Green.", "bear": "Brown."}, 1)
    desk.release("1.0.2", 1)
    times = [
        desk.packed("1.0.0")["apple"].mod,
        desk.packed("1.0.1")["apple"].mod,
        desk.packed("1.0.2", "-cleanup")["cat"].mod,
    ]
    assert times == sorted(set(times))


def test_a_full_version_is_compared_with_the_last_full_one(desk):
    """Its pre-releases are what few learners have."""
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    write_on(desk)
    assert "What is apple?" in desk.release("1.0.1-rc.1", 3).made.changes
    done = desk.release("1.0.1", 4)
    assert "What is apple?" in done.made.changes and mods(desk.packed("1.0.1"))["apple"] == 4


def test_the_cleanup_package_is_tested_too(desk):
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    desk.write({"apple": "Red."}, 2)
    assert [found.package.path.name for found in desk.release("2.0.0", 3).import_tests] == [
        "test-deck-2.0.0.apkg",
        "test-deck-2.0.0-cleanup.apkg",
    ]


def test_a_slug_that_changed(desk):
    """The last package is known by its checksum, whatever it is called."""
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    (desk.deck / "deck.toml").write_text(desk.toml().replace("test-deck", "other"))
    desk.write({"apple": "Red."}, 2)
    assert desk.release("2.0.0", 3, after=desk.out / "test-deck-1.0.0").folder.name == "other-2.0.0"


def test_warnings(desk):
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    (desk.deck / "deck.toml").write_text(desk.toml().replace("Test Deck", "New Name"))
    desk.write({"apple": "Red."}, 2)
    said = [problem.message for problem in desk.release("1.0.1", 3).problems]
    assert said == [
        "by its changes 1.0.1 should be 2.0.0",
        "the deck is now called New Name: cards that learners have stay where they are, "
        "new ones come under the new name",
    ]


def test_line_ends_stay_as_the_author_has_them(desk):
    news = "\ufeff# News\r\n\r\n## 0.9.0\r\n\r\nOld.\r\n"
    desk.write(FIRST, 0)
    (desk.deck / "CHANGELOG.md").write_bytes(news.encode())
    (desk.deck / "deck.toml").write_bytes(TOML.replace("\n", "\r\n").encode())
    desk.git("-c", "core.autocrlf=false", "add", "--all")
    desk.git("commit", "--quiet", "--message", "line ends")
    section = desk.release("1.0.0", 1).made.changes.replace("\n", "\r\n")
    assert (desk.deck / "CHANGELOG.md").read_bytes().decode() == news.replace("## 0.9.0", f"{section}\r\n## 0.9.0")
    assert (desk.deck / "deck.toml").read_bytes().decode() == TOML.replace("0.1.0", "1.0.0").replace("\n", "\r\n")
    assert desk.release("1.0.0", 2).again


def test_a_note_type_out_of_use_for_a_release(desk):
    """When it comes back it is what it was, unless its look changed meanwhile."""
    desk.write({**FIRST, "eel": "{{c1::Long}}."}, 0)
    desk.release("1.0.0", 1)
    desk.write(FIRST, 2)
    desk.release("2.0.0", 3)
    package = desk.packed("1.0.0")["eel"].notetype
    for version, day, css in (("2.1.0", 5, ""), ("3.0.0", 9, "/* new */")):
        if css:
            (desk.deck / "theme.css").write_text(css)
        desk.write({**FIRST, "eel": "{{c1::Long}}."}, day - 1)
        desk.release(version, day)
        (found,) = [t for t in read_package(desk.package(version)).notetypes if t.id == package.id]
        assert found.mod == (NOW + day * DAY if css else package.mod)
        if not css:
            desk.write(FIRST, 6)
            desk.release("2.9.0", 7)


SECTIONS = (
    "# News\n\n## [Unreleased]\n\n- Soon.\n\n## v1.1.0 - today\n\n```sh\n## no heading\n```\n\n## 1.0.0\n\nOld.\n"
)


def test_sections_of_a_changelog():
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
def test_the_version_is_changed_where_it_stands(line, tmp_path):
    text = f'\ufeffid = "1"\r\n{line}\r\nname = "D"\r\nslug = "d"\r\n[macros]\r\nversion = "0.1.0"\r\n'
    (tmp_path / "deck.toml").write_bytes(text.encode())
    changed = with_version(replace(read_project(tmp_path), version="2.0.0"))
    before, _, after = text.partition("[macros]")
    above, _, below = before.rpartition("0.1.0")
    assert changed == f"{above}2.0.0{below}[macros]{after}"


def test_a_promise_that_is_broken_stops_a_release(desk, monkeypatch):
    """Here a field was renamed without its id: Anki would put the notes into another note type."""
    from deckgen.package import write

    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    write_on(desk)
    before = tree(desk.home)
    plain = write._model

    def other(deck, notetype, mod):
        return plain(deck, replace(notetype, fields=(*notetype.fields[:-1], Field("Another", "spare"))), mod)

    monkeypatch.setattr(write, "_model", other)
    with pytest.raises(DeckError) as refused:
        desk.release("1.1.0", 3)
    assert "not updated" in str(refused.value) and tree(desk.home) == before


def test_without_git(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "# D\n\n## Q?\n\nA.\n"})
    build_in_process(deck, tmp_path / "out", NOW)
    result = run("release", deck, "1.0.0", "--out", tmp_path / "out", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert result.returncode == 1 and "is not in a git repository (--allow-dirty" in result.stderr
    result = run("release", deck, "1.0.0", "--out", tmp_path / "out", "--allow-dirty")
    assert result.returncode == 0 and result.stdout.endswith("not committed, not tagged\n"), result.stderr
    assert (tmp_path / "out" / "test-deck-1.0.0" / "test-deck-1.0.0.apkg").exists()
