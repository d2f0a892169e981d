"""deckgen import: a package of any program becomes a deck with the same identities. Anki's engine is the judge."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from anki._backend import RustBackend
from anki_decks import MEDIA, collection_package, engine_package, genanki_package
from decks import build, run
from engine import cards, collection, import_package, note_types, render_errors, schedules, study

from deckgen.package.read import read_media, read_package
from deckgen.to_markdown import normal_html

NOW = 1_780_000_000
PACKAGES = {
    "genanki": genanki_package,
    "engine": lambda folder: engine_package(folder, legacy=False),
    "legacy": lambda folder: engine_package(folder, legacy=True),
    "colpkg": collection_package,
}


@pytest.fixture(scope="module", params=PACKAGES)
def imported(request, tmp_path_factory):
    """The original package, the folder of the new deck, and its package."""
    folder = tmp_path_factory.mktemp(request.param)
    original = PACKAGES[request.param](folder)
    result = run("import", original, folder / "deck", now=NOW)
    assert result.returncode == 0, result.stderr
    summary = build(folder / "deck", folder / "out", NOW)
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 0, 0)
    return original, folder / "deck", Path(summary["package"])


def test_the_package_has_the_same_identities(imported):
    original, _, built = (read_package(path) if path.is_file() else path for path in imported)
    used = {note.notetype.id: note.notetype for note in original.notes}
    assert {each.id: each for each in built.notetypes} == used
    assert {each.guid for each in built.notes} == {each.guid for each in original.notes}
    before = {note.guid: note for note in original.notes}
    for note in built.notes:
        old = before[note.guid]
        assert note.notetype.id == old.notetype.id
        assert note.decks == old.decks[:1]
        assert set(note.tags) == set(old.tags) - {"marked"}
        assert [card.ordinal for card in note.cards] == [card.ordinal for card in old.cards]
        for mine, theirs in zip(note.notetype.fields, old.notetype.fields):
            assert (mine.font, mine.size, mine.rtl, mine.tag) == (theirs.font, theirs.size, theirs.rtl, theirs.tag)


def test_the_fields_look_the_same(imported):
    original, _, built = (read_package(path) if path.is_file() else path for path in imported)
    before = {note.guid: note for note in original.notes}
    names = _names(original, built)
    for note in built.notes:
        for name, html in note.named().items():
            assert normal_html(_with(html, names)) == normal_html(before[note.guid].named()[name]), (note.guid, name)
        assert note.mod == before[note.guid].mod


def test_learners_keep_their_progress(imported, tmp_path):
    original, _, built = imported
    with _learner(tmp_path / "learner", original) as col:
        study(col, 6)
        before, shown, types = schedules(col), _shown(col), note_types(col)
        done = import_package(col, built)
        assert (done.new, done.updated, done.conflicting) == (0, 0, 0)
        assert schedules(col) == before
        assert _shown(col) == shown
        assert note_types(col) == types


def test_an_edit_reaches_learners_and_keeps_their_progress(imported, tmp_path):
    original, deck, _ = imported
    file = next(path for path in sorted(deck.glob("*.md")) if "perro" in path.read_text() or "tree" in path.read_text())
    changed = tmp_path / "deck"
    run_copy(deck, changed)
    text = (changed / file.name).read_text()
    (changed / file.name).write_text(text.replace("hound", "big dog").replace("mer", "la mer"))
    summary = build(changed, tmp_path / "out", NOW + 1000)
    assert (summary["added"], summary["changed"], summary["retired"]) == (0, 1, 0)
    with _learner(tmp_path / "learner", original) as col:
        study(col, 6)
        before = schedules(col)
        done = import_package(col, Path(summary["package"]))
        assert (done.new, done.updated, done.conflicting) == (0, 1, 0)
        assert schedules(col) == before
        assert any("big dog" in field or field == "la mer" for card in cards(col) for field in card.note().fields)


def test_new_learners_see_the_same_cards(imported, tmp_path):
    original, _, built = imported
    names = _names(read_package(original), read_package(built))
    shown = []
    for n, package in enumerate((original, built)):
        with _learner(tmp_path / str(n), package) as col:
            shown.append(_shown(col, names if n else {}))
            faults = [each for each in render_errors(col) if "No cloze" not in each]
            if not n:
                expected = faults
    assert shown[0] == shown[1]
    assert len(faults) == len(expected)


def test_media_are_written_and_packed(imported):
    original, deck, built = imported
    assert {path.name for path in (deck / "media").iterdir()} == {name for name in MEDIA if not name.startswith("_")}
    before, after = read_package(original), read_package(built)
    shown = "".join(field for note in before.notes for field in note.fields)
    used = {each.name for each in before.media if each.name in shown or each.name.startswith("_")}
    contents = read_media(after, {each.name for each in after.media})
    assert set(contents.values()) == {MEDIA[name] for name in used}
    assert [name for name in contents if name.startswith("_")] == [name for name in used if name.startswith("_")]


@contextmanager
def _learner(folder, package):
    """A collection with the notes of a package. A collection package becomes the collection."""
    folder.mkdir()
    if package.suffix == ".colpkg":
        RustBackend().import_collection_package(
            col_path=str(folder / "collection.anki2"),
            backup_path=str(package),
            media_folder=str(folder / "collection.media"),
            media_db=str(folder / "collection.media.db2"),
        )
    with collection(folder) as col:
        if package.suffix != ".colpkg":
            import_package(col, package)
        yield col


def _shown(col, names=None):
    """Guid and ordinal of each card → the normal forms of its sides."""
    found = {}
    for card in cards(col):
        sides = (re.sub("(?s)<style>.*?</style>", "", side) for side in (card.question(), card.answer()))
        found[card.note().guid, card.ord] = tuple(normal_html(_with(side, names or {})) for side in sides)
    return found


def _names(original, built):
    """Name of a media file in the new package → its name in the original."""
    digests = {each.digest: each.name for each in original.media}
    return {each.name: digests[each.digest] for each in built.media}


def _with(html, names):
    for ours, theirs in names.items():
        html = re.sub(
            rf"{re.escape(ours)}|{re.escape(ours).replace(' ', '%20')}", lambda match, name=theirs: name, html
        )
    return html.replace("a%20b.png", "a b.png")


def run_copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(source)).write_bytes(path.read_bytes())
