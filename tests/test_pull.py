"""deckgen pull: where the edits come from, what they began with, and which of them are taken. The cases of who edited what are case files."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from anki.collection import ExportAnkiPackageOptions
from click.testing import CliRunner
from decks import BOXES, PIXEL, build, git, package_of, run, with_pictures, write_deck
from engine import collection, import_package
from pulling import DAY, NOW, Editing, edit, find, new_editing, save

from deckgen.cli import main
from deckgen.conflict import conflicts

RED = "## What is red?\n\nA warm colour of the sun, of blood and of roses.\n\n"
BLUE = "## What is blue?\n\nA cold colour.\n"
FILES = {"a.md": f"# Colours\n\n{RED}{BLUE}"}


@pytest.fixture
def editing(tmp_path) -> Editing:
    return new_editing(tmp_path, FILES)


def edit_red(editing: Editing, old: str = "of roses", new: str = "of all roses", day: int = 1) -> None:
    """Edit the answer about red in the collection of the editor."""
    with collection(editing.editor) as col:
        note = find(col, "What is red")
        assert old in note["Back"]
        note["Back"] = note["Back"].replace(old, new)
        save(col, note, day)


def rewrite(editing: Editing, old: str, new: str) -> None:
    """Edit the note file as its author."""
    path = editing.deck / "a.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# Where edits come from


def test_a_collection_that_is_open_in_anki_is_read_and_not_touched(editing):
    """The edit is in the write-ahead log, and Anki keeps the collection locked."""
    with collection(editing.editor) as col:
        edit(col, "edit What is red | Back | of roses => of all roses")
        before = digests(editing.editor)
        assert (editing.editor / "collection.anki2-wal").stat().st_size > 0
        result = editing.pull()
        assert digests(editing.editor) == before
    assert result.returncode == 0, result.stderr
    assert "of all roses" in editing.texts()["a.md"]


@pytest.mark.parametrize("legacy", [True, False])
def test_edits_come_from_a_package_without_schedules(editing, legacy):
    edit_red(editing)
    package = editing.folder / "mended.apkg"
    with collection(editing.editor) as col:
        options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
        col.export_anki_package(out_path=str(package), options=options, limit=None)
    result = editing.pull(where=package)
    assert result.returncode == 0, result.stderr
    assert "of all roses" in editing.texts()["a.md"]


def test_a_package_says_nothing_of_notes_that_it_does_not_have(editing):
    package = editing.folder / "mended.apkg"
    with collection(editing.editor) as col:
        edit(col, "delete What is blue")
        options = ExportAnkiPackageOptions(with_scheduling=False, legacy=True)
        col.export_anki_package(out_path=str(package), options=options, limit=None)
        col.export_collection_package(str(editing.folder / "whole.colpkg"), include_media=False, legacy=False)
    assert "missing" not in editing.pull(where=package).stdout
    assert "missing    notes/a.md:7" in editing.pull(where=editing.folder / "whole.colpkg").stdout


@pytest.mark.parametrize(
    "where, content, code",
    [
        ("gone.apkg", None, "file-unreadable"),
        ("text.apkg", b"text", "package-zip"),
        ("gone.anki2", None, "file-unreadable"),
        ("text.anki2", b"text", "pull-collection"),
        (".", None, "file-unreadable"),
    ],
)
def test_what_cannot_be_read_is_an_error(editing, where, content, code):
    if content:
        (editing.folder / where).write_bytes(content)
    before = digests(editing.deck)
    result = editing.pull(where=where)
    assert result.returncode == 1
    assert f"[{code}]" in result.stderr
    assert digests(editing.deck) == before


def test_a_deck_that_was_never_built_has_nothing_to_compare_with(tmp_path):
    write_deck(tmp_path / "notes", FILES)
    result = run("pull", tmp_path / "notes", "--from", "anki")
    assert result.returncode == 1
    assert "[pull-unbuilt]" in result.stderr


# What edits began with


def test_an_edit_of_an_older_version_does_not_undo_the_author(editing):
    """The author built another version after the import. The edit in Anki is of the older one, and newer than the build."""
    first = editing.build(0)
    kept = shutil.copy(first, editing.folder / "first.apkg")
    rewrite(editing, "warm colour", "hot colour")
    editing.build(1)
    edit_red(editing, day=2)
    result = editing.pull("--base", kept, day=3)
    assert result.returncode == 0, result.stderr
    assert "A hot colour of the sun, of blood and of all roses." in editing.texts()["a.md"]


def test_the_base_is_found_in_git(editing):
    git(editing.deck, "init")
    git(editing.deck, "add", "-A")
    git(editing.deck, "commit", "-m", "First")
    rewrite(editing, "warm colour", "hot colour")
    editing.build(1)
    shutil.rmtree(editing.out)
    git(editing.deck, "commit", "-am", "Second")
    edit_red(editing, day=2)
    result = editing.pull(day=3)
    assert result.returncode == 0, result.stderr
    assert "A hot colour of the sun, of blood and of all roses." in editing.texts()["a.md"]
    assert git(editing.deck, "status", "--short").split() == ["M", "a.md", "M", "deck.lock"]


def test_without_a_base_nothing_is_guessed(editing):
    """Neither a package nor git has the last build, and both sides differ from each other: both are in a conflict."""
    edit_red(editing)
    rewrite(editing, "warm colour", "hot colour")
    shutil.rmtree(editing.out)
    result = editing.pull()
    assert result.returncode == 1
    text = editing.texts()["a.md"]
    assert "<<<<<<< notes\nA hot colour of the sun, of blood and of roses.\n=======\n" in text
    assert "=======\nA warm colour of the sun, of blood and of all roses.\n>>>>>>> Anki\n" in text


def test_an_old_version_in_anki_is_no_edit(editing):
    kept = shutil.copy(editing.build(0), editing.folder / "first.apkg")
    rewrite(editing, "warm colour", "hot colour")
    editing.build(1)
    before = digests(editing.deck)
    result = editing.pull("--base", kept)
    assert result.stdout == "editor: 1 unedited, 1 of older builds; written: nothing\n"
    assert digests(editing.deck) == before


def test_an_old_version_that_no_package_has_is_reported_and_not_taken(editing):
    rewrite(editing, "warm colour", "hot colour")
    editing.build(1)
    before = digests(editing.deck)
    result = editing.pull()
    assert "notes/a.md:3:1: warning: the note in Anki is older than the last build" in result.stderr
    assert digests(editing.deck) == before


def test_a_note_as_a_release_stamped_it_is_no_edit(editing):
    for version, day in (("1.0.0", 1), ("1.1.0", 3)):
        done = run("release", editing.deck, version, "--out", editing.out, "--allow-dirty", now=NOW + day * DAY)
        assert done.returncode == 0, done.stderr
        if day == 1:
            (package,) = (path for path in editing.out.glob("*/*.apkg") if "cleanup" not in path.name)
            editing.import_into(editing.editor, package)
            rewrite(editing, "warm colour", "hot colour")
            editing.build(2)
    shutil.rmtree(editing.out)
    result = editing.pull(day=4)
    assert result.stdout == "editor: 1 unedited, 1 of older builds; written: nothing\n"


def test_a_package_of_another_deck_is_no_base(editing, tmp_path):
    other = write_deck(
        tmp_path / "other",
        {**FILES, "deck.toml": 'id = "fedcba9876543210"\nname = "Other"\nslug = "other"\nversion = "1.0.0"\n'},
    )
    package = package_of(build(other, tmp_path / "other-out", NOW))
    rewrite(editing, "warm colour", "hot colour")
    edit_red(editing)
    result = editing.pull("--base", package)
    assert result.returncode == 1
    assert "[package-other]" in result.stderr


# What is written


def test_either_side_of_a_conflict_is_complete(editing):
    edit_red(editing, "A warm colour", "A glowing colour")
    rewrite(editing, "warm colour", "hot colour")
    result = editing.pull()
    assert result.returncode == 1
    text = editing.texts()["a.md"]
    lines = text.splitlines(keepends=True)
    ((first, last),) = conflicts(text.split("\n"))
    middle = lines.index("=======\n") + 1
    sides = [
        "".join([*lines[: first - 1], *side, *lines[last:]])
        for side in (lines[first : middle - 1], lines[middle : last - 1])
    ]
    assert sides == [FILES["a.md"].replace("warm", "hot"), FILES["a.md"].replace("warm", "glowing")]
    for side in sides:
        (editing.deck / "a.md").write_text(side)
        editing.build(3)


def test_bytes_outside_the_note_stay(tmp_path):
    """The file has a byte order mark, Windows line ends, trailing spaces, and no line end at its end."""
    text = f"\ufeff# Colours  \n\n<!-- a comment -->\n\n{RED}{BLUE}".replace("\n", "\r\n").removesuffix("\r\n")
    editing = new_editing(tmp_path, {"a.md": text.encode()})
    edit_red(editing)
    assert editing.pull().returncode == 0
    assert (editing.deck / "a.md").read_bytes() == text.replace("of roses", "of all roses").encode()


def test_a_dry_run_shows_the_change_and_writes_nothing(editing):
    edit_red(editing)
    before = digests(editing.deck)
    result = editing.pull("--dry-run")
    assert result.returncode == 0
    assert "+A warm colour of the sun, of blood and of all roses.\n" in result.stdout
    assert "deck.lock" not in result.stdout.split("edited")[0]
    assert digests(editing.deck) == before


def test_the_result_as_json(editing):
    edit_red(editing)
    found = json.loads(editing.pull("--json").stdout)
    (note,) = found["notes"]
    assert (note["outcome"], note["file"], note["line"], note["edited"]) == ("edited", "notes/a.md", 3, NOW + DAY)
    assert note["fields"]["Back"]["anki"] == note["fields"]["Back"]["notes"].replace("of roses", "of all roses")
    assert found["unedited"] == 1


def test_a_second_pull_changes_nothing(editing):
    edit_red(editing)
    editing.pull()
    before = digests(editing.deck)
    assert editing.pull().stdout == "editor: 2 unedited; written: nothing\n"
    assert digests(editing.deck) == before


def test_a_build_after_a_pull_changes_nothing_in_the_lock(editing):
    edit_red(editing)
    editing.pull()
    before = digests(editing.deck)
    built = build(editing.deck, editing.out, NOW + 3 * DAY, "--locked")
    assert (built["changed"], built["added"]) == (0, 0)
    assert digests(editing.deck) == before


def test_a_note_whose_text_is_all_new_keeps_its_guid(editing):
    with collection(editing.editor) as col:
        note = find(col, "What is red")
        note["Front"], note["Back"] = "Wovon handelt der Text?", "<p>Von etwas ganz anderem.</p>"
        save(col, note)
    assert editing.pull().returncode == 0
    package = editing.build(3)
    assert editing.import_into(editing.learner, package).updated == 1


# Which edits are taken


def test_only_the_named_notes_are_taken(editing):
    edit_red(editing)
    with collection(editing.editor) as col:
        edit(col, "edit What is blue | Back | cold => cool")
        guid = find(col, "What is blue").guid
    result = editing.pull("--only", guid)
    assert "A cool colour." in editing.texts()["a.md"]
    assert "of all roses" not in editing.texts()["a.md"]
    assert "skipped" in result.stdout


@pytest.mark.parametrize(
    "answers, taken",
    [
        ("y\nn\n", (True, False)),
        ("n\ny\n", (False, True)),
        ("?\na\n", (True, True)),
        ("q\n", (False, False)),
        ("n\nq\n", (False, False)),
    ],
)
def test_the_author_picks(editing, answers, taken, monkeypatch):
    edit_red(editing)
    with collection(editing.editor) as col:
        edit(col, "edit What is blue | Back | cold => cool")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW + 2 * DAY))
    arguments = ["pull", str(editing.deck), "--from", str(editing.editor), "--out", str(editing.out), "--pick"]
    result = CliRunner().invoke(main, arguments, input=answers)
    assert result.exit_code == 0, result.output
    text = editing.texts()["a.md"]
    assert ("of all roses" in text, "A cool colour." in text) == taken
    assert "of {+all +}roses" in result.output


# Media and figures


def test_a_pasted_picture_is_stored_next_to_the_notes(editing):
    with collection(editing.editor) as col:
        name = col.media.write_data("paste me.png", PIXEL)
        note = find(col, "What is red")
        note["Back"] += f'<div><img src="{name}"></div>'
        save(col, note)
    result = editing.pull()
    assert result.returncode == 0, result.stderr
    assert (editing.deck / "img" / "paste-me.png").read_bytes() == PIXEL
    assert "img/paste-me.png" in editing.texts()["a.md"]
    package = editing.build(3)
    editing.import_into(editing.editor, package)
    with collection(editing.editor) as col:
        assert not col.media.check().missing


def test_figures_stay_references_and_occlusions_keep_their_masks(tmp_path):
    text = (
        "# Boxes\n\n## What is drawn?\n\nTwo boxes of one size.\n\n![](figure:boxes)\n\n"
        "## Which boxes are there?\n\n![](figure:boxes){.occlude}\n\nBoth are green.\n"
    )
    deck = write_deck(tmp_path / "notes", {"a.md": text, "figures/boxes.py": BOXES})
    with_pictures(deck)
    editing = new_editing(tmp_path, {"a.md": text})
    with collection(editing.editor) as col:
        note = find(col, "What is drawn")
        note["Back"] = note["Back"].replace("one size", "the same size")
        save(col, note)
        (occlusion,) = [col.get_note(n) for n in col.find_notes("") if "image-occlusion" in col.get_note(n).fields[0]]
        name = next(key for key, _ in occlusion.items() if "Both are green" in occlusion[key])
        occlusion[name] = occlusion[name].replace("green", "dark green")
        save(col, occlusion)
    result = editing.pull()
    assert result.returncode == 0, result.stderr
    assert editing.texts()["a.md"] == text.replace("one size", "the same size").replace("green", "dark green")
    package = editing.build(3)
    done = editing.import_into(editing.editor, package)
    assert (done.updated, done.duplicate) == (0, 2)


def test_moved_masks_are_reported(tmp_path):
    text = "# Boxes\n\n## Which boxes are there?\n\n![](figure:boxes){.occlude}\n\nBoth are green.\n"
    deck = write_deck(tmp_path / "notes", {"a.md": text, "figures/boxes.py": BOXES})
    with_pictures(deck)
    editing = new_editing(tmp_path, {"a.md": text})
    with collection(editing.editor) as col:
        (number,) = col.find_notes("")
        note = col.get_note(number)
        note.fields[0] = note.fields[0].replace("left=.1", "left=.2")
        save(col, note)
    result = editing.pull()
    assert "unplaced   notes/a.md:3" in result.stdout
    assert "[pull-unplaced]" in result.stderr
    assert editing.texts()["a.md"] == text


@pytest.mark.parametrize("where", ["notes/.hidden.md", "notes/a.txt", "outside.md"])
def test_new_notes_need_a_note_file(editing, where):
    result = editing.pull("--new-to", where)
    assert result.returncode == 1
    assert "[pull-file]" in result.stderr


def test_new_notes_go_to_the_end_of_the_named_file(editing):
    with collection(editing.editor) as col:
        edit(col, "add Q&A | Front=What is green? | Back=A colour of leaves.")
        edit(col, "edit What is blue | Back | cold => cool")
    result = editing.pull("--new-to", "notes/a.md")
    assert result.returncode == 0, result.stderr
    package = editing.build(3)
    done = editing.import_into(editing.editor, package)
    # The note gets the tag of its section, so it is updated.
    assert (done.new, done.updated, done.duplicate) == (0, 1, 2)
    assert import_counts(editing, package) == (1, 1, 1)


def import_counts(editing: Editing, package: Path) -> tuple[int, int, int]:
    with collection(editing.learner) as col:
        done = import_package(col, package)
        return done.new, done.updated, done.duplicate
