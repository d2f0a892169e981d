"""A deck that translates another: what it lacks, what has no original, and what has changed there since."""

import json
from pathlib import Path

import pytest
from decks import DECK_TOML, git, run, write_deck
from locks import without_checksums

NOW = 1_700_000_000


def note(id: str, answer: str) -> str:
    return f"## What is a {id}? {{#{id}}}\n\n{answer}\n\n"


QUERY, KEY = note("query", "What a token looks for, in a vector."), note("key", "What a token offers, in a vector.")
TRANSLATED = note("query", "Wonach ein Token sucht, als Vektor."), note("key", "Was ein Token anbietet, als Vektor.")


def page(*notes: str) -> str:
    return "# D\n\n" + "".join(notes)


def decks(folder: Path, original: str = page(QUERY, KEY), translated: str = page(*TRANSLATED)) -> Path:
    """The original deck in `folder`, and its translation in `folder`/de, both built."""
    write_deck(folder, {"deck.toml": f'{DECK_TOML}exclude = ["de"]\n', "a.md": original})
    toml = DECK_TOML.replace('"0123456789abcdef"', '"fedcba9876543210"') + 'translates = ".."\n'
    write_deck(folder / "de", {"deck.toml": toml, "a.md": translated})
    built(folder)
    return folder


def built(folder: Path, now: int = NOW, deck: str = "de", *options: str):
    return run("build", deck, "--out", "out", *options, cwd=folder, now=now)


def told(folder: Path, *paths: str) -> list[str]:
    """The place and code of each problem that `check` reports."""
    found = json.loads(run("check", *(paths or ("de",)), "--json", cwd=folder).stdout)
    return [f"{each['file']}:{each['line']} {each['severity']} {each['code']}" for each in found]


def originals(folder: Path) -> list[str]:
    return [row["original"] for row in rows(folder) if "original" in row]


def rows(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "de" / "deck.lock").read_text().splitlines() if line]


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


def test_translations_that_fit_are_not_told(tmp_path):
    decks(tmp_path)
    assert told(tmp_path) == [] and len(set(originals(tmp_path))) == 2


def test_notes_of_one_deck_alone_are_told(tmp_path):
    more = note("value", "What a token gives, in a vector."), note("mask", "Was ein Token nicht sieht.")
    decks(tmp_path, page(QUERY, KEY, more[0]), page(*TRANSLATED, more[1]))
    assert told(tmp_path) == ["a.md:11 warning translation-missing", "de/a.md:11 warning translation-extra"]
    # One file of several is not the whole deck.
    (tmp_path / "de" / "b.md").write_text(page(note("head", "Ein Teil der Attention.")))
    assert told(tmp_path, "de/b.md") == ["de/b.md:3 warning translation-extra"]


def test_notes_without_an_id_cannot_be_compared(tmp_path):
    decks(
        tmp_path, page(QUERY.replace(" {#query}", ""), KEY), page(TRANSLATED[0].replace(" {#query}", ""), TRANSLATED[1])
    )
    assert told(tmp_path) == ["a.md:3 warning translation-missing", "de/a.md:3 warning translation-extra"]


@pytest.mark.parametrize(
    "old, new",
    [
        ("looks for", "asks for"),
        ("What is a query?", "What does a query do?"),
        ("in a vector.\n\n## What is a key?", "in a vector.\n\nSource: a book\n\n## What is a key?"),
    ],
)
def test_a_changed_original_is_told_until_the_translation_is_edited(old, new, tmp_path):
    edit(decks(tmp_path), "a.md", old, new)
    assert told(tmp_path) == ["de/a.md:3 warning translation-stale"]
    # Building changes nothing, neither of the two decks.
    assert "translation-stale" in built(tmp_path, NOW + 1).stderr and built(tmp_path, NOW + 1, ".").returncode == 0
    assert told(tmp_path) == ["de/a.md:3 warning translation-stale"]
    edit(tmp_path, "de/a.md", "sucht", "fragt")
    assert told(tmp_path) == []
    assert built(tmp_path, NOW + 2).stderr == "" and told(tmp_path) == []


def test_white_space_changes_no_original(tmp_path):
    edit(decks(tmp_path), "a.md", "looks for, in", "looks for,\nin")
    assert told(tmp_path) == []


def test_confirming_changes_the_lock_and_not_the_package(tmp_path):
    edit(decks(tmp_path), "a.md", "looks for", "asks for")
    before = (tmp_path / "out").joinpath("test-deck-1.0.0.apkg").read_bytes()
    confirmed = run("lock", "confirm", "de/a.md:3", "de/a.md:9", cwd=tmp_path)
    assert confirmed.stdout == "de/a.md:3 fits its original\nde/a.md:9 fits its original\n"
    assert told(tmp_path) == []
    assert built(tmp_path, NOW + 9, "de", "--locked", "--strict").returncode == 0
    assert (tmp_path / "out").joinpath("test-deck-1.0.0.apkg").read_bytes() == before


def test_only_translations_can_be_confirmed(tmp_path):
    decks(tmp_path, translated=page(*TRANSLATED, note("mask", "Was ein Token nicht sieht.")))
    for place in ("de/a.md:11", "a.md:3"):
        built(tmp_path, NOW, ".")
        found = run("lock", "confirm", place, cwd=tmp_path)
        assert (found.returncode, "[lock-translation]" in found.stderr) == (1, True)


def test_a_stale_translation_stops_a_strict_build(tmp_path):
    edit(decks(tmp_path), "a.md", "looks for", "asks for")
    before = (tmp_path / "de" / "deck.lock").read_bytes()
    strict = built(tmp_path, NOW + 1, "de", "--strict")
    assert strict.returncode == 1 and "de/a.md:3:4: error: a.md:3 changed since it was translated" in strict.stderr
    assert (tmp_path / "de" / "deck.lock").read_bytes() == before


def test_a_lock_without_originals_is_read_and_completed(tmp_path):
    """As it is for a deck that says for the first time what it translates."""
    decks(tmp_path)
    lock = tmp_path / "de" / "deck.lock"
    whole = without_checksums(lock.read_text())
    bare = [
        json.dumps({key: value for key, value in json.loads(line).items() if key != "original"}, ensure_ascii=False)
        if line
        else ""
        for line in whole.split("\n")
    ]
    lock.write_text("\n".join(bare))
    edit(tmp_path, "a.md", "looks for", "asks for")
    locked = built(tmp_path, NOW + 1, "de", "--locked")
    assert locked.returncode == 1 and "only the lock changes" in locked.stderr
    assert told(tmp_path) == [] and "2 unchanged" in built(tmp_path, NOW + 1).stdout
    assert len(set(originals(tmp_path))) == 2 and originals(tmp_path) != [
        row["original"] for row in map(json.loads, filter(None, whole.split("\n"))) if "original" in row
    ]


def test_branches_that_edit_and_confirm_neighbours_merge(tmp_path):
    decks(tmp_path)
    edit(tmp_path, "a.md", "in a vector", "in one vector")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "first")):
        git(tmp_path, *words)
    git(tmp_path, "checkout", "-qb", "left")
    run("lock", "confirm", "de/a.md:3", cwd=tmp_path)
    git(tmp_path, "commit", "-qam", "left")
    git(tmp_path, "checkout", "-q", "main")
    edit(tmp_path, "de/a.md", "anbietet", "bietet")
    built(tmp_path, NOW + 5)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "right")
    assert told(tmp_path) == ["de/a.md:3 warning translation-stale"]
    git(tmp_path, "merge", "-q", "--no-edit", "left")
    assert told(tmp_path) == [] and built(tmp_path, NOW + 5, "de", "--locked").returncode == 0


def test_a_translation_that_is_merged_with_a_change_of_its_original_is_told(tmp_path):
    write_deck(
        decks(tmp_path),
        {
            "deck.toml": (tmp_path / "deck.toml").read_text(),
            ".gitattributes": "deck.lock merge=union\n",
            ".gitignore": "out\n",
        },
    )
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "first"), ("checkout", "-qb", "left")):
        git(tmp_path, *words)
    edit(tmp_path, "a.md", "looks for", "asks for")
    edit(tmp_path, "de/a.md", "What is a query?", "Was ist ein query?")
    built(tmp_path, NOW + 9)
    git(tmp_path, "commit", "-qam", "left")
    git(tmp_path, "checkout", "-q", "main")
    edit(tmp_path, "de/a.md", "sucht", "fragt")
    built(tmp_path, NOW + 5)
    git(tmp_path, "commit", "-qam", "right")
    git(tmp_path, "merge", "-q", "--no-edit", "left")
    assert told(tmp_path) == ["de/a.md:3 warning translation-stale"]
    assert "translation-stale" in built(tmp_path, NOW + 20).stderr and told(tmp_path) != []
    run("lock", "confirm", "de/a.md:3", cwd=tmp_path)
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    "translates, said",
    [
        ("../nowhere", "translates: no such folder: ../nowhere"),
        (".", "translates: . is not the folder of another deck"),
        ("img", "translates: img is not the folder of another deck"),
        ("", "translates is not a folder, relative to the deck's folder, with /"),
    ],
)
def test_a_folder_that_is_no_other_deck_is_an_error_at_its_line(translates, said, tmp_path):
    deck = write_deck(
        tmp_path / "deck", {"deck.toml": f'{DECK_TOML}translates = "{translates}"\n', "a.md": page(QUERY), "img/x": ""}
    )
    found = run("check", deck)
    assert (found.returncode, f"deck.toml:5:1: error: {said}" in found.stderr) == (1, True)


def test_an_original_that_cannot_be_read_is_told(tmp_path):
    (decks(tmp_path) / "a.md").write_bytes(b"\xff")
    found = run("check", "de", cwd=tmp_path)
    assert found.returncode == 1 and "a.md" in found.stderr and "[file-encoding]" in found.stderr
