"""Test the version of a build after a release. Learners who import such builds get the next release."""

import json

import pytest
from author import DAY, FIRST, NOW, Author, released_author
from decks import build, build_in_process, package_of, run, write_deck
from engine import collection, import_package, schedules, study

from deckgen.deck_description import version_in_description
from deckgen.package.read import read_package
from deckgen.versions import development_version, version_key


@pytest.fixture
def author(tmp_path) -> Author:
    return released_author(tmp_path / "author")


def built(author: Author, day: float) -> str:
    """Build on a day. Return the file name of the package."""
    return build_in_process(author.deck, author.out, int(NOW + day * DAY)).package.name


def edit_toml(author: Author, old: str, new: str) -> None:
    path = author.deck / "deck.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_build_has_the_released_version_only_with_the_released_content(author):
    assert built(author, 2) == "test-deck-1.0.0.apkg"
    released = author.package("1.0.0").read_bytes()
    assert (author.out / "test-deck-1.0.0.apkg").read_bytes() == released
    author.write({**FIRST, "apple": "Green."}, 3, commit=False)
    assert built(author, 3) == "test-deck-1.0.1-dev.apkg"
    assert (author.out / "test-deck-1.0.0.apkg").read_bytes() == released
    decks = read_package(author.out / "test-deck-1.0.1-dev.apkg").decks.values()
    (description,) = filter(None, (deck.description for deck in decks))
    assert version_in_description(description) == "1.0.1-dev" and "- Version 1.0.1-dev\n" in description
    assert 'version = "1.0.0"' in author.toml(), "deck.toml is the author's"


def test_a_changed_description_gives_a_development_version(author):
    edit_toml(author, '"Tests."', '"More tests."')
    assert built(author, 2) == "test-deck-1.0.1-dev.apkg"


def test_a_build_uses_a_version_that_the_author_raised(author):
    edit_toml(author, "1.0.0", "1.1.0")
    assert built(author, 2) == "test-deck-1.1.0.apkg"


def test_a_build_after_a_pre_release_has_a_development_version_of_it(author):
    author.write({**FIRST, "apple": "Green."}, 2)
    author.release("1.1.0-rc.1", 3)
    author.write({**FIRST, "apple": "Yellow."}, 4)
    assert built(author, 4) == "test-deck-1.1.0-rc.1.dev.apkg"
    author.release("1.1.0-rc.2", 5)
    assert author.release("1.1.0", 6).suggested == "1.0.1"


def test_without_a_release_all_builds_have_the_version_of_deck_toml(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "# D\n\n## Q?\n\nA.\n"})
    for n, answer in enumerate(("A", "B")):
        write_deck(deck, {"a.md": f"# D\n\n## Q?\n\n{answer}.\n"})
        summary = build(deck, tmp_path / "out", NOW + n)
        assert (package_of(summary).name, summary["version"]) == ("test-deck-1.0.0.apkg", "1.0.0")


@pytest.mark.parametrize(
    "releases, version, following",
    [
        (["1.0.0"], "1.0.1-dev", "1.0.1-rc.1"),
        (["1.0.0", "1.10.0", "1.9.0"], "1.10.1-dev", "1.10.1"),
        (["1.0.0-rc.1"], "1.0.0-rc.1.dev", "1.0.0-rc.2"),
        (["1.0.0-rc.1", "1.0.0"], "1.0.1-dev", "1.0.1"),
        (["0.0.0"], "0.0.1-dev", "0.0.1"),
    ],
)
def test_a_development_version_is_between_the_releases(releases, version, following):
    assert development_version(releases) == version
    assert max(map(version_key, releases)) < version_key(version) < version_key(following)


def test_learners_with_a_development_package_get_the_next_release(author, tmp_path):
    """Notes change in the package and again after it, only in it, or only after it. One is added in it and retired after it."""
    with collection(tmp_path / "learner") as col:
        import_package(col, author.package("1.0.0"))
        study(col, 3)
        before = schedules(col)
        author.write({**FIRST, "apple": "Green.", "bear": "White.", "eel": "Long.", "fly": "Small."}, 2)
        assert built(author, 2) == "test-deck-1.0.1-dev.apkg"
        got = import_package(col, author.out / "test-deck-1.0.1-dev.apkg")
        assert (got.new, got.updated) == (2, 2)
        # Engines up to 24.11 give updated notes the time of the import. This is the time of the machine, not of this test.
        col.db.execute("update notes set mod = min(mod, ?)", NOW + 2 * DAY)
        author.write(
            {**FIRST, "apple": "Yellow.", "bear": "White.", "cat": "Black. ![a dot](dot.png)", "eel": "Long."}, 3
        )
        author.release("1.1.0", 4)
        got = import_package(col, author.package("1.1.0"))
        assert (got.new, got.conflicting) == (0, 0)
        held = {note.fields[0]: note.fields[1] for note in map(col.get_note, col.find_notes(""))}
        released = {note.fields[0]: note.fields[1] for note in author.packed("1.1.0").values()}
        assert {name: held[name] for name in released} == released
        assert {key: schedule for key, schedule in schedules(col).items() if key in before} == before


def test_build_json_and_diff_show_the_development_version(author):
    author.write({**FIRST, "apple": "Green."}, 3, commit=False)
    result = run("build", author.deck, "--out", author.out, "--json", now=int(NOW + 3 * DAY))
    assert json.loads(result.stdout)["version"] == "1.0.1-dev"
    old, new = author.package("1.0.0"), author.out / "test-deck-1.0.1-dev.apkg"
    assert run("diff", old, new).stdout.startswith("Test Deck 1.0.0 → 1.0.1-dev: 0 added, 1 changed,")


def test_the_output_and_the_diff_page_of_a_release_name_both_versions(author):
    author.write({**FIRST, "apple": "Green."}, 2)
    result = run("release", author.deck, "1.0.1", "--out", author.out, now=int(NOW + 3 * DAY))
    assert (
        "\nTest Deck 1.0.0 → 1.0.1: 0 added, 1 changed, 0 removed, 0 moved, 3 unchanged; these changes suggest"
        in result.stdout
    )
    page = (author.out / "test-deck-1.0.1" / "test-deck-1.0.1-diff.html").read_text()
    assert "<title>Test Deck 1.0.0 → 1.0.1</title>" in page and "<h1>Test Deck 1.0.0 → 1.0.1</h1>" in page
    assert '<p class="facts">test-deck-1.0.0.apkg → test-deck-1.0.1.apkg</p>' in page


@pytest.mark.parametrize(
    "description, version",
    [
        ("- Version 1.0.0\n- Author: A\n\nmore", "1.0.0"),
        ("Since 0.9.0.\n\n- 版本 2.0.0-rc.1", "2.0.0-rc.1"),
        ("- Version 1\n\n- Version 1.0.0", "1.0.0"),
        ("- Version 0.9.0\n\n- Version 1.0.0", "1.0.0"),
        ("Version 1.0.0", None),
        ("- Version one", None),
        ("- Version 1.0.0 and more", None),
        ("", None),
    ],
)
def test_the_version_is_read_from_a_description(description, version):
    assert version_in_description(description) == version
