"""Pictures with the path that they have on a website: `/img/a.png` is in a folder of the site that `media` names."""

import pytest
from decks import DECK_TOML, PIXEL, build, package_of, run, write_deck

from deckgen.package.read import read_package

NOTE = "# A\n\n## What is shown?\n\n![a pixel](/img/a.png)\n"
NOW = 1_700_000_000


@pytest.mark.parametrize(
    "media, place",
    [([], "img/a.png"), (["static"], "static/img/a.png"), (["../static", "other"], "../static/img/a.png")],
)
def test_a_path_from_the_root_is_found_in_the_deck_and_in_its_media_folders(media, place, tmp_path):
    files = {"deck.toml": f"{DECK_TOML}media = {media}\n", "sub/a.md": NOTE, place: PIXEL, "other/b.png": PIXEL}
    deck = write_deck(tmp_path / "site" / "content", files)
    checked = run("check", deck)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert len(read_package(package_of(build(deck, tmp_path / "out", NOW))).media) == 1


def test_a_missing_one_says_where_it_was_looked_for(tmp_path):
    deck = write_deck(tmp_path / "content", {"sub/a.md": NOTE, "static/img/a.png": PIXEL})
    hint = 'looked in the deck\'s folder and those of media; for a folder of a website: media = ["static"] in deck.toml'
    assert run("check", deck).stderr.endswith(f":5:12: warning: no file /img/a.png ({hint}) [media-missing]\n")


def test_no_path_leads_out_of_the_folders(tmp_path):
    files = {"deck.toml": f'{DECK_TOML}media = ["static"]\n', "a.md": NOTE.replace("/img", "/../../x"), "static/b": b""}
    deck = write_deck(tmp_path / "content", {**files, "../x/a.png": PIXEL})
    write_deck(tmp_path / "x", {"a.png": PIXEL})
    assert "[media-outside]" in run("check", deck).stderr


def test_a_picture_that_moves_between_the_folders_is_found_again(tmp_path):
    """The cache knows the file by what its name stood for."""
    files = {"deck.toml": f'{DECK_TOML}media = ["static"]\n', "a.md": NOTE, "static/img/a.png": PIXEL}
    deck = write_deck(tmp_path / "content", files)
    first = package_of(build(deck, tmp_path / "out", NOW)).read_bytes()
    (deck / "img").mkdir()
    (deck / "static/img/a.png").rename(deck / "img/a.png")
    assert package_of(build(deck, tmp_path / "out", NOW + 1)).read_bytes() == first
    (deck / "img/a.png").unlink()
    assert "[media-missing]" in run("check", deck).stderr
