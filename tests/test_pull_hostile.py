"""Packages of strangers: nothing but notes and media is written, and no package makes deckgen fail."""

import hashlib
from pathlib import Path

import pytest
from decks import PIXEL, run
from engine import collection
from packages import altered, packed
from pulling import DAY, NOW, Editing, find, new_editing, save

from deckgen.conflict import conflicts

FILES = {"a.md": "# Colours\n\n## What is red?\n\nA warm colour.\n\n## What is blue?\n\nA cold colour.\n"}


@pytest.fixture
def editing(tmp_path) -> Editing:
    return new_editing(tmp_path, FILES)


def digests(folder: Path) -> dict[str, str]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def with_answer(editing: Editing, html: str, **files: bytes) -> Path:
    """A package in which somebody wrote `html` into the answer about red, on day 1."""
    quoted = html.replace("'", "''")
    package = next(editing.out.glob("*.apkg"))
    statement = f"UPDATE notes SET mod = {NOW + DAY}, flds = replace(flds, '<p>A warm colour.</p>', '{quoted}') WHERE flds LIKE '%warm%'"
    return altered(package, editing.folder / "stranger.apkg", statement, **files)


@pytest.mark.parametrize(
    "html",
    [
        "<p>x</p>\n<<<<<<< a\n=======\n>>>>>>> b\n",
        "---\ndeckgen: {skip: true}\n---\n# New\n\n## A question?\n\nAn answer.",
        "<p>x</p><script>alert(1)</script>",
        "<p>x</p><!-- a comment",
        "<p>" + "<div>" * 3000 + "deep" + "</div>" * 3000 + "</p>",
        "<p>" + "<b>" * 500 + "deep</p>",
        "<p>\u202e\u0007 control</p>",
        "```\n<p>x</p>",
        "$$ <p>x</p>",
        "<p>{{c1::a cloze}}</p>",
        '<p><img src="figure:evil?x=1"></p>',
        '<p><img src="../../etc/passwd"><img src="/etc/passwd"></p>',
        "",
    ],
)
def test_an_edit_changes_its_note_only_or_is_refused(editing, html):
    before = digests(editing.deck)
    result = editing.pull(where=with_answer(editing, html))
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 1)
    after = digests(editing.deck)
    assert after.keys() == before.keys()
    text = editing.texts()["a.md"]
    assert text.startswith("# Colours\n\n## What is red?\n\n")
    assert text.endswith("\n\n## What is blue?\n\nA cold colour.\n")
    assert not conflicts(text.split("\n"))
    listed = run("list", editing.deck / "a.md")
    assert len(listed.stdout.splitlines()) == 2, text


@pytest.mark.parametrize("name", ["evil.md", "evil.toml", "deck.lock", ".hidden.png", "../up.png", "a/b.png", "x.svg"])
def test_only_media_are_written_and_only_next_to_the_notes(editing, name):
    map_ = f'{{"0": "{name}"}}'.encode()
    package = with_answer(editing, f'<p>A warm colour.<img src="{name}"></p>', media=map_, **{"0": PIXEL})
    before = set(digests(editing.folder))
    result = editing.pull(where=package)
    assert "Traceback" not in result.stderr
    new = {path for path in set(digests(editing.folder)) - before if path != "stranger.apkg"}
    assert all(path.startswith("notes/img/") and path.endswith((".png", ".svg")) for path in new)


def test_a_guid_that_the_lock_cannot_store_is_refused(editing):
    package = next(editing.out.glob("*.apkg"))
    statement = "UPDATE notes SET guid = 'a \"b' WHERE flds LIKE '%warm%'"
    result = editing.pull(where=altered(package, editing.folder / "stranger.apkg", statement))
    assert "its guid has characters that the lock does not store" in result.stderr
    editing.build(3)


def test_a_time_of_change_in_the_far_future_is_no_time_of_a_build(editing):
    package = next(editing.out.glob("*.apkg"))
    statement = f"UPDATE notes SET mod = {2**39}, flds = replace(flds, 'warm', 'hot') WHERE flds LIKE '%warm%'"
    result = editing.pull(where=altered(package, editing.folder / "stranger.apkg", statement))
    assert result.returncode == 0, result.stderr
    assert "A hot colour." in editing.texts()["a.md"]
    assert str(2**39) not in (editing.deck / "deck.lock").read_text()
    assert editing.import_into(editing.learner, editing.build(3)).updated == 1


def test_a_note_type_with_more_fields_is_read_by_their_names(editing):
    with collection(editing.editor) as col:
        note = find(col, "What is red")
        notetype = note.note_type()
        field = col.models.new_field("Mine")
        col.models.add_field(notetype, field)
        col.models.reposition_field(notetype, field, 0)
        col.models.update_dict(notetype)
        note = find(col, "What is red") if find(col, "What is red").fields else note
        note["Back"] = note["Back"].replace("warm", "hot")
        save(col, note)
    result = editing.pull()
    assert result.returncode == 0, result.stderr
    assert "A hot colour." in editing.texts()["a.md"]


def test_a_package_of_another_deck_has_no_notes_of_this_one(editing, tmp_path):
    other = new_editing(tmp_path / "other", {**FILES, "deck.toml": _OTHER})
    before = digests(editing.deck)
    result = editing.pull(where=next(other.out.glob("*.apkg")))
    assert result.returncode == 0
    assert digests(editing.deck) == before


def test_a_package_without_a_collection(editing):
    result = editing.pull(where=packed(editing.folder / "empty.apkg", {"media": b"{}"}))
    assert result.returncode == 1
    assert "[package-none]" in result.stderr


_OTHER = 'id = "fedcba9876543210"\nname = "Other"\nslug = "other"\nversion = "1.0.0"\n'
