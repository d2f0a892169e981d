"""Test imports as AnkiConnect does them: schedules, options and the learner's edits stay."""

import json
import re
from pathlib import Path

import pytest
from anki.collection import Collection
from anki.importing import AnkiPackageImporter
from anki.lang import set_lang
from decks import PIXEL, build, package_of, run, write_deck
from engine import ENGINE, collection, import_package, schedules, study
from packages import altered

from deckgen.verify.check import check_import_tests
from deckgen.verify.engine import Learner
from deckgen.verify.import_test import run_import_tests
from deckgen.verify.importer import Importer

SHIM = (26, 9)  # the first engine in which the add-on uses the engine's own importer
NOW = 1_700_000_000
NOTES = """## What is a query? {.reversed}

What a position asks for.

![p](p.png)

## Which parts has a block?

{{c1::Attention}} and {{c2::a feed-forward layer}}.

## What is a key?

What a position offers.
"""
EDITED = NOTES.replace("What a position offers", "All that a position offers") + "\n## New?\n\nYes.\n"
# The package's decks get a preset of the author.
AUTHOR_PRESET = (
    """UPDATE col SET dconf = json_set(dconf, '$."1500000000000"', json_set(json_extract(dconf, '$."1"'),
    '$.id', 1500000000000, '$.name', 'Author', '$.new.perDay', 99))""",
    """UPDATE col SET decks = replace(decks, '"conf": 1,', '"conf": 1500000000000,')""",
)
NEW_FIELD = (
    """UPDATE col SET models = (SELECT json_group_object(key, json_set(value, '$.mod', 1700003600, '$.flds[#]',
    json_set(json_extract(value, '$.flds[0]'), '$.name', 'New', '$.id', 12345, '$.ord', json_array_length(value, '$.flds'))))
    FROM json_each(models))""",
    "UPDATE notes SET flds = flds || char(31)",
)


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("packages")
    deck = write_deck(home / "deck", {"a.md": NOTES, "p.png": PIXEL})
    old = package_of(build(deck, home / "one", NOW))
    write_deck(deck, {"a.md": EDITED})
    return old, package_of(build(deck, home / "two", NOW + 3600))


def codes(new: Path, old: Path, importer: Importer = Importer.ANKICONNECT) -> set[str]:
    return {finding.code for finding in check_import_tests(run_import_tests(new, old, importer))}


def test_packages_of_deckgen_are_imported_as_expected(packages):
    old, new = packages
    result = run("verify", new, "--after", old, "--as", "ankiconnect", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert (found["as"], found["kept"], found["findings"]) == ("ankiconnect", True, [])
    numbers = ("new", "updated", "duplicate", "conflicting", "schedules_changed", "options_changed")
    assert [[test[key] for key in numbers] for test in found["import_tests"]] == [
        [4, 0, 0, 0, 0, 0],
        [1, 1, 2, 0, 0, 0],
        [1, 1, 2, 0, 0, 0],
    ]


def test_the_desktop_is_the_default(packages):
    assert json.loads(run("verify", packages[0], "--json").stdout)["as"] == "desktop"


def test_schedules_in_a_package_do_not_replace_those_of_the_learner(packages, tmp_path):
    studied = "UPDATE cards SET type = 2, queue = 2, ivl = 30, due = 40, factor = 2500, reps = 3"
    assert codes(altered(packages[1], tmp_path / "studied.apkg", studied), packages[0]) == set()


def test_a_preset_in_a_package_is_an_error(packages, tmp_path):
    """deckgen packs none: AnkiConnect would replace the learner's options. The dialog of the desktop program does not."""
    preset = altered(packages[1], tmp_path / "preset.apkg", *AUTHOR_PRESET)
    assert codes(preset, packages[0]) == {"deck-options"}
    assert codes(preset, packages[0], Importer.DESKTOP) == set()


def test_a_new_field_makes_anki_skip_the_corrections_of_the_same_package(packages, tmp_path):
    """AnkiConnect merges the note types, and their notes count as edited now.

    The desktop program makes a second note type, and so does the importer that AnkiConnect uses in older engines.
    """
    field = altered(packages[1], tmp_path / "field.apkg", *NEW_FIELD)
    merged = {"unchanged-updated", "altered-by-anki", "full-sync"}
    assert (merged if ENGINE >= SHIM else {"not-updated", "notetype-plus"}) <= codes(field, packages[0])
    assert "notetype-plus" in codes(field, packages[0], Importer.DESKTOP)


def content(col: Collection) -> tuple:
    """What an import can change: notes, cards with their schedules, decks, presets and note types. Times of the import are left out."""
    return (
        col.db.all("select guid, mod, tags, flds from notes order by guid"),
        {key: (deck, *rest) for key, (_, deck, *rest) in schedules(col).items()},
        [(deck.name, col.decks.config_dict_for_deck_id(deck.id)["new"]["perDay"]) for deck in decks(col)],
        # The older importer gives a second note type a random number.
        [
            (re.sub(r"-\w{5}$", "", name.name), [field["name"] for field in col.models.get(name.id)["flds"]])
            for name in col.models.all_names_and_ids()
        ],
    )


def decks(col: Collection):
    return sorted(col.decks.all_names_and_ids(), key=lambda deck: deck.name)


@pytest.mark.parametrize("change", [(), AUTHOR_PRESET, NEW_FIELD], ids=["plain", "preset", "field"])
def test_the_import_is_the_one_of_the_add_on(packages, tmp_path, change):
    """The add-on calls AnkiPackageImporter. `deckgen verify` sets its options itself, and counts what it did."""
    new = altered(packages[1], tmp_path / "new.apkg", *change)
    found = []
    for imported in (
        lambda col: AnkiPackageImporter(col, str(new)).run(),
        lambda col: Learner(col, Importer.ANKICONNECT).import_package(new),
    ):
        with collection(tmp_path / str(len(found))) as col:
            set_lang("en_US")
            import_package(col, packages[0])
            study(col, 2)
            imported(col)
            found.append(content(col))
    if change is NEW_FIELD:  # the merge gives all notes the time of the import
        found = [([row[:1] + row[2:] for row in map(tuple, each[0])], *each[1:]) for each in found]
    assert stable(found[0]) == stable(found[1])


def stable(found: tuple) -> tuple:
    """Without the ids of decks and the times of answers, which differ between two collections."""
    notes, cards, options, types = found
    return (
        notes,
        {key: (kind, queue, ivl, factor, reps) for key, (_, kind, queue, _, ivl, factor, reps, *_) in cards.items()},
        options,
        types,
    )
