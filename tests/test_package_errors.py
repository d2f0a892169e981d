"""Test that notes and media that Anki would refuse or misread are reported before a package is written."""

from pathlib import Path

import pytest

from deckgen.model import Media
from deckgen.package.write import PackageNote, package_errors

NOTE = {
    "guid": "g",
    "kind": "basic",
    "fields": ("Why?", "So."),
    "tags": ("a",),
    "deck": "D",
    "mod": 1,
    "cards": (0,),
}


@pytest.mark.parametrize(
    "change, errors",
    [
        ({}, []),
        ({"fields": ("Why?", "a\x1fb")}, [(0, "a field has the character U+001F, which Anki uses to separate fields")]),
        ({"cards": ()}, [(0, "the note would have no card")]),
        ({"tags": ("x", "Leech")}, [(0, "the tag leech is reserved by Anki")]),
    ],
)
def test_errors_of_a_note(change, errors):
    assert list(package_errors([PackageNote(**{**NOTE, **change})], [])) == errors


@pytest.mark.parametrize(
    "name, valid", [("a-0123.png", True), ("图.png", False), ("a b.png", False), ("x" * 121, False), ("", False)]
)
def test_errors_of_a_media_name(name, valid):
    found = list(package_errors([], [Media(name, Path("a.png"))]))
    assert found == ([] if valid else [(None, f"{name} is not a valid name of a media file")])
