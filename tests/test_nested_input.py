"""Values that are too deep, too many or too long are problems at their place, in less than 2 seconds of the processor."""

import pytest
from decks import DECK_TOML, run, write_deck

NOTE = "# Deck\n\n## What is a key?\n\nThat.\n"


def yaml(text: str) -> str:
    return f"---\n{text}\n---\n{NOTE}"


def toml(text: str) -> str:
    return f"+++\n{text}\n+++\n{NOTE}"


def aliases(first: str, use: str) -> str:
    """Eight lines, of which each uses the one before it nine times."""
    return "\n".join(
        [f"a0: &a0 {first}", *(f"a{n}: &a{n} {use.format(','.join([f'*a{n - 1}'] * 9))}" for n in range(1, 9))]
    )


DOTS = ".".join(["a"] * 20_000)
DIGITS = "9" * 10_000
CASES = {
    "lists": (
        {"a.md": "# Deck\n\n## What is a key?\n\n" + "1. " * 500 + "x\n"},
        "deck/a.md:3:1: error: the note is nested too deeply",
    ),
    "dots in deck.toml": (
        {"deck.toml": f"{DECK_TOML}[{DOTS}]\n"},
        "deck/deck.toml: error: is nested too deeply [deck-toml]",
    ),
    "a dotted key": (
        {"deck.toml": f"{DECK_TOML}{DOTS[:10_001]} = 1\n"},
        "deck/deck.toml: error: is nested too deeply [deck-toml]",
    ),
    "digits in deck.toml": (
        {"deck.toml": f"{DECK_TOML}level = {DIGITS}\n"},
        "deck/deck.toml: error: has a number with too many digits",
    ),
    "hex in deck.toml": (
        {"deck.toml": f"{DECK_TOML}level = 0x{DIGITS}\n"},
        "deck/deck.toml: error: has a number with too many digits",
    ),
    "dots": ({"a.md": toml(f"[{DOTS}]")}, "deck/a.md:1:1: error: front matter is nested too deeply"),
    "a list in itself": (
        {"a.md": yaml("title: x\na: &a [*a]")},
        "deck/a.md:3:1: error: front matter is not YAML: a is nested too deeply",
    ),
    "a mapping in itself": (
        {"a.md": yaml("a: &a {b: *a}")},
        "deck/a.md:2:1: error: front matter is not YAML: a is nested too deeply",
    ),
    "aliases": (
        {"a.md": yaml(aliases("[x]", "[{}]"))},
        "deck/a.md:7:1: error: front matter is not YAML: a5 has more than 20000 values",
    ),
    "merged aliases": (
        {"a.md": yaml(aliases("{x: 1}", "{{<<: [{}]}}"))},
        "deck/a.md:6:1: error: front matter is not YAML: a4 has more than 20000 values",
    ),
    "brackets": ({"a.md": yaml("a: " + "[" * 5000)}, "deck/a.md:1:1: error: front matter is nested too deeply"),
    "hex": (
        {"a.md": yaml(f"title: 0x{DIGITS}")},
        "deck/a.md:1:1: error: front matter has a number with too many digits",
    ),
    "digits": (
        {"a.md": yaml(f"title: {DIGITS}")},
        "deck/a.md:2:8: error: front matter is not YAML: a number has too many digits",
    ),
    "digits in TOML": (
        {"a.md": toml(f"title = {DIGITS}")},
        "deck/a.md:1:1: error: front matter is not TOML: a number has too many digits",
    ),
    "levels": (
        {"a.md": yaml("deck: " + "::".join(["a"] * 3000))},
        "deck/a.md:6:1: error: the name of the note's deck has 3000 levels, and 100 are allowed [package-invalid]",
    ),
    "levels of the deck": (
        {"deck.toml": DECK_TOML.replace("Test Deck", "::".join(["a"] * 3000))},
        "deck/a.md:3:1: error: the name of the note's deck has 3000 levels, and 100 are allowed [package-invalid]",
    ),
}


@pytest.mark.parametrize("files, problem", CASES.values(), ids=CASES)
def test_what_is_nested_too_deeply_is_a_problem_at_its_place(tmp_path, files, problem):
    write_deck(tmp_path / "deck", {"a.md": NOTE, **files})
    result = run("build", "deck", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(problem) and result.stderr.count("\n") == 1


def test_a_note_after_one_that_is_too_deep_is_rendered(tmp_path):
    write_deck(
        tmp_path / "deck", {"a.md": "# Deck\n\n## And?\n\n" + "1. " * 500 + "x\n\n## What is a key?\n\n1. one\n"}
    )
    result = run("list", "deck/a.md", "--json", cwd=tmp_path)
    assert result.returncode == 1 and "<ol>\\n<li>one</li>\\n</ol>" in result.stdout


def test_front_matter_with_aliases_is_read(tmp_path):
    write_deck(tmp_path / "deck", {"a.md": yaml("tags: &all [one, two]\ncategories: *all\ntitle: 7")})
    result = run("list", "deck", "--json", cwd=tmp_path)
    assert result.returncode == 0 and '"7::Deck",\n   "one",\n   "one::two",\n   "two"\n' in result.stdout
