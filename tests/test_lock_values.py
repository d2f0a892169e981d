"""The values of a lock are validated where they are read, and each row has a checksum. A wrong row is an error at its line."""

import json
import re
from collections.abc import Callable

import pytest
from decks import DECK_TOML, build_in_process, run, write_deck
from locks import without_checksums

from deckgen.identity.lock import load_lock
from deckgen.problems import DeckError

NOW = 1_700_000_000
FILES = {"a.md": "# Deck\n\n" + "\n\n".join(f"## What is {x}?\n\nThe answer for {x}." for x in ("a key", "a query"))}


@pytest.fixture
def deck(tmp_path):
    folder = write_deck(tmp_path / "deck", FILES)
    build_in_process(folder, tmp_path / "out", NOW)
    return folder


def problems_of(deck, text: str) -> list[str]:
    """Build the deck with another text of its lock. Return the lines of its problems."""
    (deck / "deck.lock").write_text(text)
    result = run("build", "deck", "--out", "out", cwd=deck.parent, now=NOW + 60)
    assert result.returncode == 1 and result.stdout == "", result.stdout
    assert (deck / "deck.lock").read_text() == text, "a lock that cannot be read is not changed"
    return result.stderr.splitlines()


def with_value(text: str, line: int, key: str, value: str) -> str:
    """Return the lock without checksums, with another JSON value of a key of a line (1-based)."""
    lines = without_checksums(text).split("\n")
    row = {**json.loads(lines[line - 1]), key: "VALUE"}
    lines[line - 1] = json.dumps(row).replace('"VALUE"', value)
    return "\n".join(lines)


@pytest.mark.parametrize(
    "line, key, value, message",
    [
        (6, "mod", str(2**63), "mod is not a time in seconds"),
        (6, "mod", "1000000000000", "mod is not a time in seconds"),
        (6, "mod", "0", "mod is not a time in seconds"),
        (6, "mod", "-5", "mod is not a time in seconds"),
        (6, "mod", "true", "mod is not a time in seconds"),
        (6, "mod", "1.5", "mod is not a time in seconds"),
        (6, "mod", "NaN", "mod is not a time in seconds"),
        (6, "mod", "null", "mod is not a time in seconds"),
        (6, "id", "{}", "id is not a text"),
        (6, "id", '""', "id is not a text"),
        (6, "file", "[]", "file is not a path"),
        (6, "file", r'"\ud800.md"', "file is not a path"),
        (6, "question", r'"\udc00"', "question is not a text"),
        (6, "asked", '"what"', "asked is not a digest"),
        (6, "sketch", '"123"', "sketch is not a sketch of an answer"),
        (6, "fields", "7", "fields is not a digest"),
        (6, "state", '["active"]', "state is neither active nor retired"),
        (6, "parts", '{"a": 70000}', "parts are not names with numbers"),
        (6, "dialect", "1", "no dialect"),
        (5, "guid", '""', "guid is not a guid"),
        (5, "guid", '"a\\u0001guid"', "guid is not a guid"),
        (5, "guid", "7", "guid is not a guid"),
        (5, "kind", "{}", "no note type"),
        (3, "mod", str(2**63), "mod is not a time in seconds"),
        (3, "mod", "true", "mod is not a time in seconds"),
        (3, "digest", "{}", "digest is not a digest"),
        (3, "fields", "[]", "no ids of a note type"),
        (3, "cloze", "1", "cloze is neither true nor false"),
        (2, "name", "{}", "no id and name of a deck"),
    ],
)
def test_a_wrong_value_is_an_error_at_its_line(deck, line, key, value, message):
    text = with_value((deck / "deck.lock").read_text(), line, key, value)
    # The two lines of a note are one row, which begins at the first one.
    assert problems_of(deck, text)[0] == (
        f"deck/deck.lock:{5 if line == 6 else line}:1: error: not an entry of a lock ({message}) "
        "(restore the lock from version control) [lock-line]"
    )


@pytest.mark.parametrize(
    "key, value, message",
    [
        ("release", '"1.0.' + "9" * 5000 + '"', "release is not a version"),
        ("release", '"1.0.' + "9" * 3000 + '"', "release is not a version"),
        ("time", "true", "time is not a time in seconds"),
        ("sha256", "[]", "sha256 is not a checksum"),
        ("cleanup", "{}", "cleanup is not a checksum"),
    ],
)
def test_a_wrong_value_of_a_release_is_an_error_at_its_line(deck, key, value, message):
    head, rest = (deck / "deck.lock").read_text().split("\n", 1)
    row = '{"release": "0.9.0", "time": 1600000000, "sha256": "ab"}'
    text = with_value(f"{head}\n{row}\n{rest}", 2, key, value)
    assert problems_of(deck, text)[0].startswith(f"deck/deck.lock:2:1: error: not an entry of a lock ({message}) (")


@pytest.mark.parametrize("line", [1, 3, 6])
def test_a_number_of_many_digits_is_an_error_at_its_line(deck, line):
    text = re.sub(r'("mod"|"deckgen-lock"): \d+', r"\1: " + "9" * 5000, (deck / "deck.lock").read_text())
    lines = text.split("\n")
    kept = (deck / "deck.lock").read_text().split("\n")
    kept[line - 1] = lines[line - 1]
    assert problems_of(deck, "\n".join(kept)) == [
        f"deck/deck.lock:{line}:1: error: the line has a number with too many digits "
        "(restore the lock from version control) [lock-line]"
    ]


def exchange_guids(text: str) -> str:
    first, second = re.findall(r'"guid": "(\w+)"', text)
    return text.replace(first, "other").replace(second, first).replace("other", second)


def flip_bit_of_guid(text: str) -> str:
    at = text.index('"guid": "') + len('"guid": "')
    return f"{text[:at]}{chr(ord(text[at]) ^ 1)}{text[at + 1 :]}"


@pytest.mark.parametrize(
    "damage, lines",
    [
        (exchange_guids, [5, 8]),
        (flip_bit_of_guid, [5]),
        (lambda text: text.replace('"state": "active"', '"state": "retired"', 1), [5]),
        (lambda text: text.replace(f'"mod": {NOW}', f'"mod": {NOW - 1}', 1), [3]),
        (lambda text: re.sub(r'"check": "\w+"', '"check": "00000000"', text, count=1), [2]),
        (lambda text: re.sub(r'"check": "\w+"', '"check": {}', text, count=1), [2]),
    ],
    ids=["two guids exchanged", "a bit of a guid", "a state", "a time", "a checksum", "no checksum"],
)
def test_a_row_that_deckgen_did_not_write_is_an_error_at_its_line(deck, damage: Callable[[str], str], lines: list[int]):
    assert problems_of(deck, damage((deck / "deck.lock").read_text())) == [
        f"deck/deck.lock:{line}:1: error: not an entry of a lock (it is not as deckgen wrote it: its check is wrong) "
        "(restore the lock from version control) [lock-line]"
        for line in lines
    ]


def test_every_bit_of_a_row_counts(deck):
    """No flipped bit of a note's lines gives another identity, another time or another state."""
    text = (deck / "deck.lock").read_text()
    before, start = load_lock(text, ""), text.index('{"guid"')
    end = text.index("\n\n", start)
    for at in range(start, end):
        for bit in range(7):
            flipped = text[:at] + chr(ord(text[at]) ^ (1 << bit)) + text[at + 1 :]
            try:
                after = load_lock(flipped, "")
            except DeckError:
                continue
            assert after == before, flipped[start:end]


def test_a_lock_without_checksums_is_read_and_gets_them_by_the_next_build(deck, tmp_path):
    lock = deck / "deck.lock"
    new = lock.read_text()
    lock.write_text(without_checksums(new).replace('"deckgen-lock": 4', '"deckgen-lock": 3'))
    assert build_in_process(deck, tmp_path / "out", NOW + 60).unchanged == 2
    assert lock.read_text() == new and new.count('"check": ') == 4


def test_a_version_that_is_too_long_for_a_file_name_is_an_error(tmp_path):
    for digits in (200, 5000):
        write_deck(
            tmp_path / "deck", {**FILES, "deck.toml": DECK_TOML.replace('"1.0.0"', '"1.0.' + "9" * digits + '"')}
        )
        result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW)
        assert (result.returncode, result.stderr) == (
            1,
            'deck/deck.toml:4:1: error: version is not a version like "1.4.0" [deck-toml]\n',
        )
