"""A problem of the front matter is reported at the line of its key."""

import pytest
from decks import run, write_deck


@pytest.mark.parametrize(
    "front, line",
    [
        # The same words are above the key in a text, a comment and another mapping.
        ("---\ntitle: |\n  deck: of cards\ndeck: 5\n---", 4),
        ("---\n# deck: old\ndeck: 5\n---", 3),
        ("---\nextra: {level: 2}\ndeckgen:\n  level: 9\n---", 4),
        ("---\nextra: {level: 2}\ndeckgen: {dialect: heading,\n  level: 9}\n---", 4),
        ('---\n"deck" : 5\n---', 2),
        ("---\n? deck\n: 5\n---", 2),
        ("---\ndefaults: &d {level: 9}\ndeckgen:\n  <<: *d\n---", 3),
        ("---\ntags: [a, leech]\n---", 2),
        ("+++\n# deck = 1\ndeck = 5\n+++", 3),
        ("+++\n[deckgen]\nlevel = 9\n+++", 3),
        ("+++\ntitle = 'D'\ndeckgen.level = 9\n+++", 3),
    ],
)
def test_the_line_of_a_key(front, line, tmp_path):
    write_deck(tmp_path, {"a.md": f"{front}\n\n# D\n\n## What is a query?\n\nA.\n"})
    told = run("check", "a.md", cwd=tmp_path).stderr.splitlines()
    assert [each.split(": ")[0] for each in told if ": error: " in each] == [f"a.md:{line}:1"], told
