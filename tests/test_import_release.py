"""Releases of an imported deck: an edited note is an update, and a deleted note is in the cleanup package."""

from pathlib import Path

from anki_decks import engine_package
from decks import build, git, run
from engine import collection, import_package, schedules, study

from deckgen.package.read import read_package

NOW = 1_700_000_000


def commit(deck):
    git(deck, "add", ".")
    git(deck, "commit", "-qm", "notes")


def test_an_imported_deck_is_released_and_retires_notes(tmp_path):
    original = engine_package(tmp_path, legacy=False)
    deck = tmp_path / "deck"
    assert run("import", original, deck).returncode == 0
    (deck / ".gitignore").write_text("build/\n")
    git(deck, "init", "-q")
    for key, value in (("user.name", "Author"), ("user.email", "author@example.org")):
        git(deck, "config", key, value)
    commit(deck)
    assert run("release", ".", "1.0.0", cwd=deck).returncode == 0
    file = deck / "langues-français.md"
    text = file.read_text()
    file.write_text(text[: text.index("## sea")] + text[text.index("## house") :].replace("maison", "la maison"))
    summary = build(deck, tmp_path / "out", NOW)
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 1, 1)
    commit(deck)
    result = run("release", ".", "1.1.0", cwd=deck)
    assert result.returncode == 0, result.stderr
    folder = deck / "build" / "langues-1.1.0"
    (retired,) = read_package(folder / "langues-1.1.0-cleanup.apkg").notes
    assert (retired.guid, "langues::retired" in retired.tags) == ("w1", True)
    with collection(tmp_path / "learner") as col:
        import_package(col, original)
        study(col, 6)
        before = schedules(col)
        for name, updated in (("langues-1.1.0.apkg", 1), ("langues-1.1.0-cleanup.apkg", 1)):
            done = import_package(col, folder / name)
            assert (done.new, done.updated, done.conflicting) == (0, updated, 0)
        assert schedules(col) == before


def test_a_lost_lock_comes_back_from_a_package(tmp_path):
    original = engine_package(tmp_path, legacy=True)
    deck = tmp_path / "deck"
    assert run("import", original, deck).returncode == 0
    package = build(deck, tmp_path / "out", NOW)["package"]
    (deck / "deck.lock").unlink()
    result = run("lock", "from", package, deck)
    assert result.returncode == 0, result.stderr
    summary = build(deck, tmp_path / "out2", NOW)
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 0, 0)
    before, after = read_package(original), read_package(Path(summary["package"]))
    assert {note.guid: note.notetype for note in after.notes} == {note.guid: note.notetype for note in before.notes}
