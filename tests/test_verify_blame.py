"""Test which of two packages a finding is about, and the findings about packages without a common note."""

import json
from pathlib import Path

import genanki
import pytest
from author import FIRST, released_author
from decks import PIXEL, build, package_of, run, write_deck
from packages import altered

from deckgen.verify.check import check_import_tests
from deckgen.verify.import_test import run_import_tests

NOW = 1_700_000_000
NOTES = {"gone": "It goes. ![p](p.png)", "stays": "It stays.", "edited": "As it was."}
# Another value of the first of the spare fields.
FIELD = "UPDATE col SET models = json_set(models, '$.\"' || (SELECT mid FROM notes LIMIT 1) || '\".flds[8].{}', {})"
MODELS = "UPDATE col SET models = replace(models, '{}', '{}')"


def page(notes: dict[str, str]) -> str:
    return "# D\n" + "".join(f"\n## What is {name}?\n\n{text}\n" for name, text in notes.items())


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> tuple[Path, Path]:
    """An old package of three notes, and a new package. In the new one a note is removed and a note is edited."""
    home = tmp_path_factory.mktemp("blame")
    deck = write_deck(home / "deck", {"a.md": page(NOTES), "p.png": PIXEL})
    old = package_of(build(deck, home / "one", NOW))
    write_deck(deck, {"a.md": page({"stays": NOTES["stays"], "edited": "As it is."})})
    return old, package_of(build(deck, home / "two", NOW + 60))


def findings(new: Path, old: Path) -> list[tuple[str, str, str]]:
    """The severity, the code and the package of each finding."""
    return [
        (finding.severity, finding.code, finding.package.name)
        for finding in check_import_tests(run_import_tests(new, old))
    ]


# Name of a case → the statements that break a note of the old package only, and the codes of the findings.
OLD_FAULTS = {
    "a picture is missing": (["UPDATE notes SET flds = replace(flds, 'src=\"p-', 'src=\"q-')"], ["media-missing"]),
    "no card": (["DELETE FROM cards WHERE nid IN (SELECT id FROM notes WHERE flds LIKE '%gone%')"], ["no-card"]),
}


@pytest.mark.parametrize("case", OLD_FAULTS)
def test_a_defect_of_the_old_package_only_is_a_warning_about_it(packages, tmp_path, case):
    """The new package does not have the note, and cannot repair it. So it may be released."""
    statements, codes = OLD_FAULTS[case]
    old = altered(packages[0], tmp_path / "old.apkg", *statements)
    found = findings(packages[1], old)
    assert found == [("warning", code, "old.apkg") for code in codes]
    result = run("verify", packages[1], "--after", old)
    assert result.returncode == 0 and result.stdout.endswith("every import went as expected\n")
    assert f"\n{old}: warning: over the last one, studied: " in result.stdout


def test_a_defect_of_the_new_package_is_an_error_about_it(packages, tmp_path):
    new = altered(
        packages[1],
        tmp_path / "new.apkg",
        "DELETE FROM cards WHERE nid IN (SELECT id FROM notes WHERE flds LIKE '%edited%')",
    )
    assert findings(new, packages[0]) == [("error", "no-card", "new.apkg")]
    result = run("verify", new, "--after", packages[0], "--json")
    (finding,) = json.loads(result.stdout)["findings"]
    assert result.returncode == 1 and finding["package"] == str(new)
    assert (
        f"\n{new}: error: into an empty collection: 1 notes have no card: What is edited? [no-card]\n"
        in run("verify", new).stdout
    )


def test_a_defect_of_both_packages_is_reported_once_about_the_new_one(packages, tmp_path):
    old, new = (
        altered(path, tmp_path / f"{name}.apkg", MODELS.format('"qfmt": "', '"qfmt": "{{Nope}}'))
        for name, path in zip(("old", "new"), packages)
    )
    found = check_import_tests(run_import_tests(new, old))
    assert {
        finding.package.name
        for finding in found
        if "Nope" in finding.message and "What is stays? (card 1)" in finding.what
    } == {"new.apkg"}
    assert [finding.what for finding in found if finding.package.name == "old.apkg"] == [("What is gone? (card 1)",)]


def test_a_note_type_that_anki_renames_for_the_old_package_is_a_warning_about_it(packages, tmp_path):
    """The note type of the old package has the name Basic, which a stock note type has."""
    found = findings(packages[1], theirs(tmp_path / "old.apkg", "Basic"))
    assert found == [("warning", "notetype-taken", "old.apkg"), ("warning", "nothing-shared", packages[1].name)]


def test_a_repeated_guid_of_the_old_package_is_a_warning_about_it(packages, tmp_path):
    old = altered(
        packages[0],
        tmp_path / "old.apkg",
        "UPDATE notes SET guid = (SELECT guid FROM notes WHERE flds LIKE '%edited%') WHERE flds LIKE '%gone%'",
    )
    assert ("warning", "guid-repeated", "old.apkg") in findings(packages[1], old)
    assert not [code for severity, code, _ in findings(packages[1], old) if severity == "error"]


def test_a_changed_note_type_names_the_fields_that_changed(packages, tmp_path):
    new = altered(packages[1], tmp_path / "new.apkg", FIELD.format("id", 77), FIELD.format("name", "'Other'"))
    (finding,) = [
        finding for finding in check_import_tests(run_import_tests(new, packages[0])) if finding.code == "not-updated"
    ]
    assert finding.package == new and "field Other added, field Spare1 removed" in finding.message


def test_the_same_titles_with_other_guids_are_an_error(packages, tmp_path):
    """The lock was lost. Learners would get the notes a second time."""
    deck = write_deck(
        tmp_path / "deck",
        {
            "a.md": page({"stays": "It stays.", "edited": "Anew."}),
            "deck.toml": 'id = "other"\nname = "Test Deck"\nslug = "d"\nversion = "1.0.0"\n',
        },
    )
    new = package_of(build(deck, tmp_path / "out", NOW + 60))
    result = run("verify", new, "--after", packages[0])
    assert result.returncode == 1
    assert (
        f"{new}: error: over the last one, studied: no note has the guid of a note in {packages[0]}, but 2 of 2 have the title of one: learners would get "
        "these notes a second time; was deck.lock lost or replaced?: What is stays?; What is edited? [guids-lost]\n"
    ) in result.stdout
    assert findings(packages[1], packages[1]) == []


def theirs(path: Path, name: str) -> Path:
    """Write a package of another tool. Its note type has this name."""
    model = genanki.Model(
        1607392319,
        name,
        fields=[{"name": "Q"}, {"name": "A"}],
        templates=[{"name": "Card", "qfmt": "{{Q}}", "afmt": "{{FrontSide}}<hr>{{A}}"}],
    )
    deck = genanki.Deck(2059400110, "Theirs")
    deck.add_note(genanki.Note(model, ["Capital of France?", "Paris"]))
    genanki.Package(deck).write_to_file(path, timestamp=NOW)
    return path


def test_a_package_of_another_deck_is_a_warning(packages, tmp_path):
    assert findings(packages[1], theirs(tmp_path / "theirs.apkg", "Their Model")) == [
        ("warning", "nothing-shared", packages[1].name)
    ]


def test_a_cleanup_package_may_have_no_note_in_common_with_the_last_release(tmp_path):
    author = released_author(tmp_path / "author")
    rest = {name: text for name, text in FIRST.items() if name != "dog"}
    author.write(rest, 2)
    author.release("2.0.0", 3)
    author.write({**rest, "apple": "Green."}, 4)
    done = author.release("2.0.1", 5)
    assert done.made.cleanup and done.problems == ()
