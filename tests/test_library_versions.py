"""The versions of libraries are in the keys of the cache."""

import sys

import pytest

from deckgen import cache


@pytest.mark.parametrize("library", ["msgspec", "Markdown"])
def test_another_version_of_a_library_makes_another_key(tmp_path, monkeypatch, library):
    versions = cache.code_versions.__wrapped__
    before = versions()
    (tmp_path / f"{library}-99.1.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert versions() != before
