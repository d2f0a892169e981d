"""deckgen import: what is refused, left out or taken out of packages that may come from anywhere."""

import random
import re
from pathlib import Path

import genanki
import pytest
from anki_html import AnkiHtml
from decks import PIXEL, build, run
from packages import altered

from deckgen.importer import import_deck
from deckgen.package.read import read_package
from deckgen.to_markdown import normal_html

NOW = 1_780_000_000
CSS = ".card { color: black; }\n"


def package(
    folder: Path, notes: list[tuple], *, media: dict[str, bytes] | None = None, cloze: bool = False, **model
) -> Path:
    """A package of genanki with notes of one type with three fields. A note is its fields and its guid."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = "{{cloze:One}}" if cloze else "{{One}}{{Two}}"
    settings = {
        "fields": [{"name": name} for name in ("One", "Two", "Three")],
        "templates": [{"name": "Card", "qfmt": shown, "afmt": shown + "{{Three}}"}],
        "css": CSS,
        "model_type": genanki.Model.CLOZE if cloze else genanki.Model.FRONT_BACK,
    }
    notetype = genanki.Model(1607392319, "Type: “x” & y", **(settings | model))
    deck = genanki.Deck(2059400110, "Deck")
    for *fields, guid in notes:
        deck.add_note(genanki.Note(notetype, [*fields, *[""] * (3 - len(fields))], guid=guid))
    for name, data in (media or {}).items():
        (folder / name).write_bytes(data)
    path = folder / "a.apkg"
    genanki.Package(deck, [str(folder / name) for name in media or {}]).write_to_file(str(path))
    return path


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path):
    path = package(tmp_path, [("a", "b", "g")])
    (tmp_path / "deck").mkdir()
    (tmp_path / "deck" / "own.md").write_text("own")
    result = run("import", path, tmp_path / "deck")
    assert result.returncode == 1
    assert (
        result.stderr
        == f"{tmp_path / 'deck'}: error: is not empty (name a folder that does not exist) [import-folder]\n"
    )
    assert [each.name for each in (tmp_path / "deck").iterdir()] == ["own.md"]


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "deck").mkdir()
    assert run("import", package(tmp_path, [("a", "b", "g")]), tmp_path / "deck").returncode == 0


def test_a_package_without_notes_writes_nothing(tmp_path):
    result = run("import", package(tmp_path, []), tmp_path / "deck")
    assert (result.returncode, "import-empty" in result.stderr) == (1, True)
    assert not (tmp_path / "deck").exists()


@pytest.mark.parametrize("arguments", [("nothing.apkg", "deck"), ("notes.md", "deck")])
def test_what_is_no_package_writes_nothing(arguments, tmp_path):
    (tmp_path / "notes.md").write_text("# x")
    result = run("import", *arguments, cwd=tmp_path)
    assert result.returncode == 1 and "error" in result.stderr and "Traceback" not in result.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["notes.md"]


def test_an_interrupted_import_leaves_nothing(tmp_path):
    def progress(what, done, total):
        if what == "rendering":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_deck(package(tmp_path / "p", [("a", "b", "g")]), tmp_path / "deck", "deck", NOW, progress)
    assert [each.name for each in tmp_path.iterdir()] == ["p"]


def test_two_notes_with_one_guid_are_told(tmp_path):
    path = package(tmp_path, [("a", "b", "g"), ("c", "d", "h")])
    path = altered(path, tmp_path / "twice.apkg", "UPDATE notes SET guid = 'g'")
    result = run("import", path, tmp_path / "deck")
    assert result.returncode == 0
    assert "two notes with the guid g; the second one was left out" in result.stderr
    assert build(tmp_path / "deck", tmp_path / "out", NOW)["notes"] == 1


def test_code_in_fields_is_told_and_taken_out_of_packages(tmp_path):
    html = 'a <script>alert(1)</script><img src="x" onerror="alert(2)"> b'
    result = run("import", package(tmp_path, [("a", html, "g")]), tmp_path / "deck", now=NOW)
    assert result.returncode == 0
    assert result.stderr.count("[html-unsafe]") == 2 and "[import-changed]" in result.stderr
    assert "<script>alert(1)</script>" in (tmp_path / "deck" / "deck.md").read_text()
    (note,) = read_package(Path(build(tmp_path / "deck", tmp_path / "out", NOW)["package"])).notes
    assert "script" not in note.fields[1] and "onerror" not in note.fields[1]
    # The learner gets the change.
    assert note.mod > read_package(tmp_path / "a.apkg").notes[0].mod


def test_pictures_with_code_are_left_out(tmp_path):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    path = package(tmp_path, [("a", '<img src="a.svg">', "g")], media={"a.svg": svg, "b.bin": b"x", "ok.png": PIXEL})
    result = run("import", path, tmp_path / "deck")
    assert "a.svg contains code, and was left out" in result.stderr
    assert "b.bin is no picture, sound or film, and was left out" in result.stderr
    assert [each.name for each in (tmp_path / "deck" / "media").iterdir()] == ["ok.png"]
    assert build(tmp_path / "deck", tmp_path / "out", NOW)["notes"] == 1


def test_formulas_with_errors_stay_and_do_not_stop_builds(tmp_path):
    html = "\\(\\frac{a\\) and \\[\\undefinedcommand{x}\\]"
    assert run("import", package(tmp_path, [("a", html, "g")]), tmp_path / "deck").returncode == 0
    (note,) = read_package(Path(build(tmp_path / "deck", tmp_path / "out", NOW)["package"])).notes
    assert normal_html(note.fields[1]) == normal_html(html)


def test_templates_that_anki_cannot_read_stay_as_they_are(tmp_path):
    templates = [
        {"name": "Broken", "qfmt": "{{#One}}{{One}}", "afmt": "{{Nothing}}"},
        {"name": "Same", "qfmt": "{{One}}", "afmt": "{{One}}"},
        {"name": "Same again", "qfmt": "{{One}}", "afmt": "{{One}}\r\nx"},
    ]
    path = package(tmp_path, [("a", "b", "g")], templates=templates[1:])
    path = altered(path, tmp_path / "b.apkg", "UPDATE col SET models = replace(models, '{{One}}\",', '{{#One}}\",')")
    assert run("import", path, tmp_path / "deck").returncode == 0
    (note,) = read_package(Path(build(tmp_path / "deck", tmp_path / "out", NOW)["package"])).notes
    assert [each.front for each in note.notetype.templates] == [
        each.front for each in read_package(path).notetypes[0].templates
    ]


def test_a_cloze_note_without_clozes_keeps_its_card(tmp_path):
    path = package(tmp_path, [("no cloze", "b", "g")], cloze=True)
    path = altered(
        path,
        tmp_path / "b.apkg",
        "INSERT INTO cards SELECT 1, id, 2059400110, 0, 1, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, '' FROM notes",
    )
    assert run("import", path, tmp_path / "deck").returncode == 0
    (note,) = read_package(Path(build(tmp_path / "deck", tmp_path / "out", NOW)["package"])).notes
    assert [card.ordinal for card in note.cards] == [0]


@pytest.mark.parametrize("split, files", [("deck", ["deck.md"]), ("one", ["notes.md"]), ("tag", ["untagged.md"])])
def test_splits(split, files, tmp_path):
    assert run("import", package(tmp_path, [("a", "b", "g")]), tmp_path / "deck", "--split", split).returncode == 0
    assert sorted(each.name for each in (tmp_path / "deck").glob("*.md")) == files
    assert build(tmp_path / "deck", tmp_path / "out", NOW)["notes"] == 1


def test_large_decks_have_several_files_in_order(tmp_path):
    path = package(tmp_path, [(f"question {n}", "b", f"g{n}") for n in range(1001)])
    assert run("import", path, tmp_path / "deck").returncode == 0
    assert sorted(each.name for each in (tmp_path / "deck").glob("*.md")) == ["deck-1.md", "deck-2.md", "deck-3.md"]
    built = read_package(Path(build(tmp_path / "deck", tmp_path / "out", NOW)["package"]))
    assert [note.fields[0] for note in built.notes] == [f"question {n}" for n in range(1001)]


def test_guids_of_any_text_stay(tmp_path):
    guids = ["a b", 'quote"', "back\\slash", "ü", "'", "x" * 500]
    path = package(tmp_path, [(f"q{n}", "b", guid) for n, guid in enumerate(guids)])
    assert run("import", path, tmp_path / "deck").returncode == 0
    built = read_package(Path(build(tmp_path / "deck", tmp_path / "out", NOW)["package"]))
    assert {note.guid for note in built.notes} == set(guids)


@pytest.mark.parametrize("count", [10, pytest.param(24, marks=pytest.mark.proof)])
@pytest.mark.parametrize("cloze", [False, True])
def test_random_fields_look_the_same_after_an_import_and_a_build(cloze, count, tmp_path):
    fields, source = AnkiHtml(7), random.Random(7)
    notes = []
    for n in range(count):
        first = fields.cloze() if cloze else fields.field(inline=True)
        notes.append((first, fields.field(), fields.field() if source.random() < 0.5 else "", f"g{n}"))
    path = package(tmp_path, notes, media={"a.png": PIXEL, "a b.png": PIXEL + b"2", "a.mp3": b"ID3"}, cloze=cloze)
    result = run("import", path, tmp_path / "deck")
    assert result.returncode == 0, result.stderr
    assert "[import-changed]" not in result.stderr
    built = read_package(Path(build(tmp_path / "deck", tmp_path / "out", NOW)["package"]))
    names = {each.digest: each.name for each in read_package(path).media}
    for note in built.notes:
        for html, original in zip(note.fields, notes[int(note.guid[1:])]):
            for each in built.media:
                html = html.replace(each.name, names[each.digest])
            assert normal_html(html) == normal_html(re.sub(r"a%20b", "a b", original)), note.guid
