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


@pytest.mark.parametrize(
    "front, message",
    [
        ("title = 'D'\ndeck = ?", "3:8: error: front matter is not TOML: Invalid value"),
        ("[deckgen]\n\nlevel 2", "4:7: error: front matter is not TOML: Expected '=' after a key in a key/value pair"),
        ("title = 'D'\n\ntags = ['a',\n", "4:1: error: front matter is not TOML: Invalid value"),
        ('title = """\nD\n', "3:1: error: front matter is not TOML: Unterminated string"),
    ],
)
def test_the_place_of_an_error_in_toml(front, message, tmp_path):
    write_deck(tmp_path, {"a.md": f"+++\n{front}\n+++\n\n# D\n\n## What is a query?\n\nA.\n"})
    result = run("check", "a.md", cwd=tmp_path)
    assert result.returncode == 1 and f"a.md:{message} [front-matter]\n" in result.stderr, result.stderr


@pytest.mark.parametrize(
    "text, place",
    [("id = '1'\nname = ?\n", "2:8"), ("id = '1'\nname = 'D\n", "2:1"), ("id = '1'\n\ntags = ['a',\n\n", "3:1")],
)
def test_the_place_of_an_error_in_deck_toml(text, place, tmp_path):
    write_deck(tmp_path, {"deck.toml": text, "a.md": "# D\n\n## What is a query?\n\nA.\n"})
    result = run("check", ".", cwd=tmp_path)
    assert result.returncode == 1 and result.stderr.startswith(f"deck.toml:{place}: error: is not TOML: "), (
        result.stderr
    )


@pytest.mark.parametrize(
    "value, message",
    [
        ('!!int ""', "2:4: error: front matter is not YAML: “” is no int"),
        ("!!bool x", "2:4: error: front matter is not YAML: “x” is no bool"),
        ("!!timestamp x", "2:4: error: front matter is not YAML: “x” is no timestamp"),
        ("2001-02-30", "2:4: error: front matter is not YAML: day is out of range for month"),
        (r'"\UCCCCCCCC"', "1:1: error: front matter is not YAML: the number of a character is out of range"),
        (r'"\U00110000"', "1:1: error: front matter is not YAML: the number of a character is out of range"),
    ],
)
def test_a_value_that_does_not_fit_its_tag(value, message, tmp_path):
    write_deck(tmp_path, {"a.md": f"---\na: {value}\n---\n\n# D\n\n## What is a query?\n\nA.\n"})
    result = run("check", "a.md", cwd=tmp_path)
    assert result.returncode == 1 and f"a.md:{message} [front-matter]\n" in result.stderr, result.stderr
