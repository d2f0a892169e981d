"""Test `deckgen push` with Anki's engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ankiconnect_server import ankiconnect_server
from push_tests import KEY, Deck, PushTests


class TestPushIntoTheEngine(PushTests):
    @pytest.fixture
    def deck(self, tmp_path: Path) -> Iterator[Deck]:
        with ankiconnect_server(tmp_path / "collection", KEY) as url:
            yield Deck(tmp_path, url)
