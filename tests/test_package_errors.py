"""What Anki would refuse or misread is told before a package is written."""

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
    "change, told",
    [
        ({}, []),
        ({"fields": ("Why?", "a\x1fb")}, [(0, "a field holds the character U+001F, which Anki parts fields with")]),
        ({"cards": ()}, [(0, "the note would have no card")]),
        ({"tags": ("x", "Leech")}, [(0, "the tag leech is Anki's own")]),
    ],
)
def test_a_note(change, told):
    assert list(package_errors([PackageNote(**{**NOTE, **change})], [])) == told


@pytest.mark.parametrize(
    "name, fine", [("a-0123.png", True), ("图.png", False), ("a b.png", False), ("x" * 121, False), ("", False)]
)
def test_a_name_of_media(name, fine):
    found = list(package_errors([], [Media(name, Path("a.png"))]))
    assert found == ([] if fine else [(None, f"{name} is not a name for media")])
