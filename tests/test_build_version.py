"""After a release, builds with other content have another version. Learners who import them still get the next release."""

import json

import pytest
from decks import build, build_in_process, package_of, run, write_deck
from desk import DAY, FIRST, NOW, Desk, new_desk
from engine import collection, import_package, schedules, study

from deckgen.deck_description import version_in_description
from deckgen.package.read import read_package
from deckgen.versions import development_version, version_key


@pytest.fixture
def desk(tmp_path) -> Desk:
    desk = new_desk(tmp_path / "desk")
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    return desk


def built(desk: Desk, day: float) -> str:
    """Build the deck and return the name of the package."""
    return build_in_process(desk.deck, desk.out, int(NOW + day * DAY)).package.name


def edit_toml(desk: Desk, old: str, new: str) -> None:
    path = desk.deck / "deck.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_only_the_release_is_built_with_its_version(desk):
    assert built(desk, 2) == "test-deck-1.0.0.apkg"
    released = desk.package("1.0.0").read_bytes()
    assert (desk.out / "test-deck-1.0.0.apkg").read_bytes() == released
    desk.write({**FIRST, "apple": "Green."}, 3, commit=False)
    assert built(desk, 3) == "test-deck-1.0.1-dev.apkg"
    assert (desk.out / "test-deck-1.0.0.apkg").read_bytes() == released
    (description,) = filter(None, read_package(desk.out / "test-deck-1.0.1-dev.apkg").decks.values())
    assert version_in_description(description) == "1.0.1-dev" and "- Version 1.0.1-dev\n" in description
    assert 'version = "1.0.0"' in desk.toml(), "deck.toml is the author's"


def test_a_changed_description_gives_another_version(desk):
    edit_toml(desk, '"Tests."', '"More tests."')
    assert built(desk, 2) == "test-deck-1.0.1-dev.apkg"


def test_a_raised_version_is_used(desk):
    edit_toml(desk, "1.0.0", "1.1.0")
    assert built(desk, 2) == "test-deck-1.1.0.apkg"


def test_the_version_after_a_pre_release(desk):
    desk.write({**FIRST, "apple": "Green."}, 2)
    desk.release("1.1.0-rc.1", 3)
    desk.write({**FIRST, "apple": "Yellow."}, 4)
    assert built(desk, 4) == "test-deck-1.1.0-rc.1.dev.apkg"
    desk.release("1.1.0-rc.2", 5)
    assert desk.release("1.1.0", 6).suggested == "1.0.1"


def test_without_a_release_the_version_stays(tmp_path):
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
def test_the_development_version_is_between_releases(releases, version, following):
    assert development_version(releases) == version
    assert max(map(version_key, releases)) < version_key(version) < version_key(following)


def test_a_release_updates_an_imported_development_package(desk, tmp_path):
    """A note changed before and after it, one only before, one only after; one was added before it and retired after it."""
    with collection(tmp_path / "learner") as col:
        import_package(col, desk.package("1.0.0"))
        study(col, 3)
        before = schedules(col)
        desk.write({**FIRST, "apple": "Green.", "bear": "White.", "eel": "Long.", "fly": "Small."}, 2)
        assert built(desk, 2) == "test-deck-1.0.1-dev.apkg"
        got = import_package(col, desk.out / "test-deck-1.0.1-dev.apkg")
        assert (got.new, got.updated) == (2, 2)
        # Engines up to 24.11 set the time of an updated note to the time of the import, which is the clock of this machine.
        col.db.execute("update notes set mod = min(mod, ?)", NOW + 2 * DAY)
        desk.write(
            {**FIRST, "apple": "Yellow.", "bear": "White.", "cat": "Black. ![a dot](dot.png)", "eel": "Long."}, 3
        )
        desk.release("1.1.0", 4)
        got = import_package(col, desk.package("1.1.0"))
        assert (got.new, got.conflicting) == (0, 0)
        held = {note.fields[0]: note.fields[1] for note in map(col.get_note, col.find_notes(""))}
        released = {note.fields[0]: note.fields[1] for note in desk.packed("1.1.0").values()}
        assert {name: held[name] for name in released} == released
        assert {key: schedule for key, schedule in schedules(col).items() if key in before} == before


def test_a_build_prints_its_version(desk):
    desk.write({**FIRST, "apple": "Green."}, 3, commit=False)
    result = run("build", desk.deck, "--out", desk.out, "--json", now=int(NOW + 3 * DAY))
    assert json.loads(result.stdout)["version"] == "1.0.1-dev"
    old, new = desk.package("1.0.0"), desk.out / "test-deck-1.0.1-dev.apkg"
    assert run("diff", old, new).stdout.startswith("Test Deck 1.0.0 → 1.0.1-dev: 0 added, 1 changed,")


def test_the_titles_of_a_release_have_the_versions(desk):
    desk.write({**FIRST, "apple": "Green."}, 2)
    result = run("release", desk.deck, "1.0.1", "--out", desk.out, now=int(NOW + 3 * DAY))
    assert (
        "\nTest Deck 1.0.0 → 1.0.1: 0 added, 1 changed, 0 removed, 0 moved, 3 unchanged; these changes suggest"
        in result.stdout
    )
    page = (desk.out / "test-deck-1.0.1" / "test-deck-1.0.1-diff.html").read_text()
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
def test_the_version_in_a_description(description, version):
    assert version_in_description(description) == version
