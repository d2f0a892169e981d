"""The description on the deck's page, as Anki's engine shows it."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from anki.lang import set_lang, tr_legacyglobal
from bs4 import BeautifulSoup
from decks import DECK_TOML, build_in_process, run, write_deck
from engine import collection, import_package
from packages import members

from deckgen.commonmark import is_self_contained
from deckgen.translations import TRANSLATIONS

NOW = 1_700_000_000
NOTES = {"a.md": "# Sect\n\n## Why?\n\nSo.\n"}
FACTS = """author = "A *B* [C](D) _e_ `f` <b>g</b> &amp; \\\\ ~h~"
license = "- CC\\n\\n# BY"
homepage = "https://example.org/a_(b)*c*?d=e&copy=f"
description = "Of the **deck**."
"""


def package(home: Path, toml: str, **files: str) -> Path:
    deck = write_deck(home / "deck", {**NOTES, **files, "deck.toml": DECK_TOML + toml})
    return build_in_process(deck, home / "out", NOW).package


def shown(home: Path, package: Path) -> BeautifulSoup:
    """Return the description of the imported deck as Anki's overview shows it."""
    with collection(home / "learner") as col:
        import_package(col, package)
        deck = col.decks.by_name("Test Deck")
        assert deck["md"] is True
        return BeautifulSoup(col.render_markdown(deck["desc"]), "html.parser")


def test_the_engine_shows_the_description_and_unchanged_values(tmp_path):
    page = shown(tmp_path, package(tmp_path, FACTS))
    assert [child.name for child in page.find_all(recursive=False)] == ["p", "ul", "p", "p"]
    assert page.p.strong.text == "deck"
    assert [item.text for item in page.find_all("li")] == [
        "Version 1.0.0",
        r"Author: A *B* [C](D) _e_ `f` <b>g</b> &amp; \ ~h~",
        "Licence: - CC # BY",
        "Home page: https://example.org/a_(b)*c*?d=e&copy=f",
    ]
    assert [link["href"] for link in page.find_all("a")] == ["https://example.org/a_(b)*c*?d=e&copy=f"]
    assert {child.name for child in page.ul.find_all()} == {"li", "a"}


def test_a_deck_with_all_notes_in_sub_decks_has_a_description(tmp_path):
    path = package(tmp_path, 'sections = "decks"\n')
    assert [item.text for item in shown(tmp_path, path).find_all("li")] == ["Version 1.0.0"]


def test_an_update_brings_the_new_description(tmp_path):
    for version in ("1.0.0", "1.1.0"):
        path = build_in_process(
            write_deck(tmp_path / "deck", {**NOTES, "deck.toml": DECK_TOML.replace("1.0.0", version)}),
            tmp_path / "out",
            NOW,
        ).package
        assert shown(tmp_path, path).li.text == f"Version {version}"


@pytest.mark.parametrize("language, locale", [("en", "en"), ("zh", "zh-CN")])
def test_texts_use_the_words_of_ankis_dialog(tmp_path, language, locale):
    text = shown(tmp_path, package(tmp_path, f'language = "{language}"\n')).text
    set_lang(locale)
    labels = [
        label()
        for label in (
            tr_legacyglobal.importing_update_notes,
            tr_legacyglobal.importing_update_if_newer,
            tr_legacyglobal.importing_update_always,
        )
    ]
    set_lang("en")
    assert all(label in text for label in labels), labels
    assert "{" not in text
    assert TRANSLATIONS[language].retired.format(version="2.0.0", tag="deck::retired").count("tag:deck::retired") == 1


def test_a_changed_description_changes_only_the_package(tmp_path):
    one, again, other = (
        package(tmp_path / name, toml) for name, toml in (("1", FACTS), ("2", FACTS), ("3", FACTS.replace("Of", "For")))
    )
    assert one.read_bytes() == again.read_bytes() != other.read_bytes()
    rows = []
    for path in (one, other):
        connection = sqlite3.connect(":memory:")
        connection.deserialize(members(path)["collection.anki2"])
        decks = json.loads(connection.execute("SELECT decks FROM col").fetchone()[0])
        for deck in decks.values():
            deck["desc"] = re.sub("^(Of|For)", "", deck["desc"])
        rows.append(
            [
                decks,
                *(connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("notes", "cards")),
                connection.execute("SELECT crt, mod, scm, models, dconf FROM col").fetchall(),
            ]
        )
    assert rows[0] == rows[1]
    assert (tmp_path / "1" / "deck" / "deck.lock").read_bytes() == (tmp_path / "3" / "deck" / "deck.lock").read_bytes()


@pytest.mark.parametrize(
    "text, fine",
    [
        ("", True),
        ("- a\n- b", True),
        ("```\ncode <x>\n```", True),
        ("<https://example.org>", True),
        ("1 < 2 & `<b>`", True),
        ("> quoted", True),
        ("```\nopen", False),
        ("<b>bold</b>", False),
        ("<!-- open", False),
        ("<div>\n", False),
        ("text <br> text", False),
        ("~~~", False),
    ],
)
def test_is_self_contained(text, fine):
    assert is_self_contained(text) == fine


@pytest.mark.parametrize(
    "line, message",
    [
        ('description = "<b>x</b>"', "description is not Markdown without HTML and with all blocks closed"),
        ('homepage = "javascript:alert(1)"', "homepage is not a web address (https://…)"),
        ('homepage = "https://example.org/a b"', "homepage is not a web address (https://…)"),
        ('language = "tlh"', "language is not one of en, zh"),
    ],
)
def test_a_wrong_value_is_an_error_at_its_line(tmp_path, line, message):
    deck = write_deck(tmp_path, {**NOTES, "deck.toml": f"{DECK_TOML}{line}\n"})
    result = run("build", "--out", "out", cwd=deck)
    assert (result.returncode, result.stderr) == (1, f"deck.toml:5:1: error: {message} [deck-toml]\n")
