"""Test the client of AnkiConnect with the real add-on in the real desktop program of Anki."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anki_desktop import PROFILE, desktop_with_ankiconnect

from deckgen.ankiconnect import Client, Connection
from deckgen.problems import DeckError

KEY = "a-key-that-is-never-printed"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with desktop_with_ankiconnect(tmp_path_factory.mktemp("desktop"), apiKey=KEY) as (_, address):
        yield address


def test_the_open_profile_is_returned(url: str):
    assert Client(Connection(url, KEY)).require(PROFILE) == PROFILE


def test_another_profile_is_refused(url: str):
    with pytest.raises(DeckError) as error:
        Client(Connection(url, KEY)).require("Work")
    assert f"the profile that is open in Anki is “{PROFILE}”, not “Work”" in str(error.value)
    assert error.value.problems[0].code == "anki-profile"


@pytest.mark.parametrize("key", ["", "another-key"])
def test_a_wrong_key_is_refused_and_not_printed(url: str, key: str):
    with pytest.raises(DeckError) as error:
        Client(Connection(url, key)).require()
    assert error.value.problems[0].code == "ankiconnect-key"
    assert KEY not in str(error.value)
    assert not key or key not in str(error.value)


def test_an_action_that_the_add_on_does_not_know_says_that_it_is_too_old(url: str):
    with pytest.raises(DeckError) as error:
        Connection(url, KEY).call("actionOfALaterVersion")
    assert error.value.problems[0].code == "ankiconnect-old"


def test_a_package_that_anki_refuses_is_an_error_with_the_text_of_anki(url: str, tmp_path: Path):
    broken = tmp_path / "broken.apkg"
    broken.write_bytes(b"no zip file")
    with pytest.raises(DeckError) as error:
        Client(Connection(url, KEY)).import_package(broken)
    assert error.value.problems[0].code == "anki-refused"
    assert "importPackage" in str(error.value)
