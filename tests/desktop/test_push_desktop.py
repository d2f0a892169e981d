"""Test `deckgen push` with the real add-on in the real desktop program of Anki."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anki_desktop import desktop_with_ankiconnect
from push_tests import KEY, Deck, PushTests


class TestPushIntoTheDesktop(PushTests):
    @pytest.fixture
    def deck(self, tmp_path: Path) -> Iterator[Deck]:
        with desktop_with_ankiconnect(tmp_path, apiKey=KEY) as (_, url):
            yield Deck(tmp_path, url)
