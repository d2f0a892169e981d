"""The pages of docs/reference are those that the code gives, and the site has all pages."""

import pytest
import yaml
from decks import run
from tools.reference import FOLDER, ROOT, example_of, pages

from deckgen.cli import COMMANDS
from deckgen.parse.dialects import DIALECTS

PAGES = pages()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_page_is_that_of_the_code(path):
    assert path.read_text("utf-8") == PAGES[path], "make reference"


def test_the_reference_has_no_other_pages():
    assert {path for path in FOLDER.iterdir()} == PAGES.keys()


def test_each_command_has_a_section():
    text = PAGES[FOLDER / "commands.md"]
    assert [name for name in COMMANDS if f"\n## deckgen {name}\n" not in text] == []


def test_commands_have_their_short_option_for_help_after_their_pages_were_made():
    """click stores the option for help with the first context of a command."""
    assert [run(*words, "-h").returncode for words in ((), ("check",), ("lock", "same"))] == [0, 0, 0]


def test_each_dialect_has_an_example_that_is_read_as_it():
    for dialect in DIALECTS:
        _, parsed = example_of(dialect)
        assert parsed.dialect == dialect.name and len(parsed.notes) > 1


def in_navigation(items) -> set[str]:
    """The pages that a part of the navigation names."""
    if isinstance(items, str):
        return {items}
    return set().union(*(in_navigation(each) for each in (items.values() if isinstance(items, dict) else items)))


def test_the_site_has_all_pages():
    listed = in_navigation(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])
    assert listed == {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
