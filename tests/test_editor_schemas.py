"""The schemas of deck.toml and front matter say what the code says: keys, values, defaults."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from decks import write_deck
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from msgspec.structs import fields

from deckgen.lint import LINTS, USUAL_LINTS
from deckgen.overrides import KEYS, override_errors
from deckgen.parse import parse_file
from deckgen.parse.dialects import BY_NAME
from deckgen.parse.meta import Settings
from deckgen.parse.tool_metadata import DECK_KEYS, TAG_KEYS
from deckgen.project import Project
from deckgen.project_rules import REQUIRED, TEXT, rules_of
from deckgen.schemas import DECK_TOML, FRONT_MATTER, read_schema

ROOT = Path(__file__).parents[1]
SCHEMA = read_schema(DECK_TOML)
RULES = rules_of(tuple(BY_NAME), tuple(LINTS))
FRONT = read_schema(FRONT_MATTER)
DECK = {"id": "1", "name": "Deck", "slug": "deck", "version": "1.0.0"}
# Values that are right or nearly right for some key.
WORDS = (
    *(
        "",
        " ",
        "\t",
        "a",
        "a b",
        'a"b',
        "a/b",
        "/a",
        "../a",
        "a\\b",
        "a-b_c",
        "-a",
        "A",
        "collection",
        "backup",
        "注意力",
    ),
    *("1.0.0", "1.0", "01.0.0", "1.0.0-rc.1", "1.0.0-01", "1.0.0+x", "1.0.0-", "1" * 101 + ".0.0", "1.0.0-0a"),
    *("marked", "Leech", "leeches", "tags", "decks", "none", "drafts", "mathjax", "mathml", "mark", "cloze"),
    *("safe", "unsafe", "en", "zh", "fr", "https://a.org/b", "http://a", "https://", "ftp://a", "https://a b"),
    *("*.md", "/", " / ", "drafts/", *BY_NAME, *LINTS),
)
LEAVES = (*WORDS, True, False, *range(-1, 8), 1.5)
VALUES = (*LEAVES, [], {}, *([each] for each in LEAVES), *({"norm": each} for each in LEAVES))
# Values that are right or nearly right for `overrides`.
OVERRIDES = (
    *([{"files": "*.md", key: each}] for key in (*KEYS, "other") for each in (*LEAVES, ["a"], [1], ["a b"])),
    *([{"files": each}] for each in LEAVES),
    [{"dialect": "bold"}],
    [{"files": "*.md"}, {"files": "/"}],
)
# Texts of one line: `$` of Python and of JavaScript differ before a line end.
ANY = st.text(
    st.characters(codec="utf-8", exclude_categories=["Zl", "Zp"], exclude_characters="\n\r\x0b\x0c\x1c\x1d\x1e\x85")
)


def accepts(schema: dict, value: object) -> bool:
    return Draft7Validator(schema).is_valid(value)


def is_right(key: str, value: object) -> bool:
    """Whether deckgen accepts a value of a key of deck.toml."""
    right = RULES[key][0](value)
    return right and (key != "overrides" or not list(override_errors(value, {**RULES, "deck": TEXT})))


def test_the_schema_has_the_keys_of_deck_toml():
    assert set(SCHEMA["properties"]) == set(RULES)
    assert SCHEMA["required"] == list(REQUIRED)
    assert not accepts(SCHEMA, {**DECK, "other": 1}) and accepts(SCHEMA, DECK)
    assert set(SCHEMA["properties"]["overrides"]["items"]["properties"]) == set(KEYS)


def test_the_schema_has_the_defaults_of_deck_toml():
    project = Project(Path(), **DECK)
    for field in fields(Project):
        if field.name == "root" or field.name in REQUIRED:
            continue
        value = getattr(project, field.name)
        default = list(value) if isinstance(value, tuple) else value
        stated = SCHEMA["properties"][field.name].get("default")
        # Without these keys something is detected or not there, and no value of the key says that.
        if field.name in ("dialect", "level", "lint", "lock", "translates"):
            assert stated is None and not value, field.name
        else:
            assert stated == default and is_right(field.name, stated), field.name
    assert USUAL_LINTS  # what the description of lint calls the usual lints


@pytest.mark.parametrize("step", [40, pytest.param(1, marks=pytest.mark.proof)])
@pytest.mark.parametrize("key", RULES)
def test_the_schema_accepts_the_values_that_the_rules_accept(key, step):
    schema = SCHEMA["properties"][key]

    def compare(value) -> bool:
        right = is_right(key, value)
        # Only code can tell whether Markdown closes all its blocks. In editors such a description is accepted.
        if key != "description" or not isinstance(value, str):
            assert accepts(schema, value) == right, value
        return right

    overrides = OVERRIDES if key == "overrides" else OVERRIDES[::step]
    assert {compare(value) for value in (*VALUES, *overrides)} == {True, False}
    given(st.one_of(ANY, st.lists(ANY, max_size=2)))(compare_any(compare))()


def compare_any(compare):
    """Return a test of any value. Hypothesis wants a function that returns nothing."""

    def test(value) -> None:
        compare(value)

    return test


def test_the_decks_of_this_repository_and_the_example_of_the_documentation_are_valid():
    example_text = re.search(r"```toml\n(.*?)```", (ROOT / "docs/deck.md").read_text(), re.S)[1]
    texts = [path.read_text() for path in sorted((ROOT / "notes").rglob("deck.toml"))]
    assert len(texts) == 2
    for text in (*texts, example_text):
        errors = [error.message for error in Draft7Validator(SCHEMA).iter_errors(tomllib.loads(text))]
        assert errors == []


OWN = st.dictionaries(
    st.sampled_from([*FRONT["properties"]["deckgen"]["properties"], "other"]),
    st.one_of(st.sampled_from([*BY_NAME, "mark", "cloze", "nothing"]), st.booleans(), st.integers(-1, 8)),
    max_size=4,
)


@given(OWN)
@example({"dialect": "bold", "level": 3, "highlight": "cloze", "skip": True})
def test_the_schema_accepts_the_front_matter_that_deckgen_accepts(own):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.md"
        path.write_text(f"---\n{yaml.safe_dump({'deckgen': own})}---\n\ntext\n")
        problems = [
            each for each in parse_file(path, "a.md", "a.md", Settings()).problems if each.code == "front-matter"
        ]
    # A value of `skip` that is not true has no effect, and is no problem.
    schema_problems = not accepts(FRONT, {"deckgen": {key: value for key, value in own.items() if key != "skip"}})
    assert bool(problems) == schema_problems


def test_the_schema_has_the_keys_of_other_tools():
    """Each key names a deck, tags or a draft, and deckgen reads it as that."""

    def plain(key: str) -> str:
        return re.sub(r"[\s_-]", "", key).lower()

    known = {plain(key) for key in FRONT["properties"]}
    assert known == {
        *DECK_KEYS,
        *TAG_KEYS,
        "title",
        "tags",
        "categories",
        "category",
        "deckgen",
        "draft",
        "publish",
        "published",
    }


@pytest.mark.parametrize(
    "text, valid",
    [
        ("title: A\ntags: [a, 1]\ndate: 2024-01-01\nlayout: post\n", True),
        ("tags: a, b\ncategories: [[A, B], C]\ndraft: 'yes'\n", True),
        ("deckgen: {dialect: heading, level: 2}\n", True),
        ("tags: {a: 1}\n", False),
        ("deck: [A]\n", False),
        ("deckgen: heading\n", False),
    ],
)
def test_front_matter_as_files_have_it(tmp_path, text, valid):
    values = yaml.safe_load(text)
    values.pop("date", None)
    assert accepts(FRONT, values) == valid
    path = write_deck(tmp_path, {"a.md": f"---\n{text}---\n\n## Why?\n\nSo.\n"}) / "a.md"
    problems = parse_file(path, "a.md", "a.md", Settings()).problems
    assert (not any(each.code == "front-matter" for each in problems)) == valid
