"""Write the description of a deck for its page in Anki, and read the version from a description."""

import re

from deckgen.commonmark import escape_line, link
from deckgen.project import Project
from deckgen.project_rules import is_version
from deckgen.translations import TRANSLATIONS


def deck_description(project: Project) -> str:
    """Return the deck's description in Markdown: the author's text, the facts of deck.toml, and how to update."""
    words = TRANSLATIONS[project.language]
    facts = [
        words.version.format(version=escape_line(project.version)),
        words.author.format(author=escape_line(project.author)) if project.author else "",
        words.license.format(license=escape_line(project.license)) if project.license else "",
        words.homepage.format(homepage=link(project.homepage)) if project.homepage else "",
    ]
    return "\n\n".join(
        filter(
            None,
            [project.description.strip(), "\n".join(f"- {fact}" for fact in facts if fact), words.update, words.always],
        )
    )


def version_in_description(description: str) -> str | None:
    """Return the version in a description in any language, or None."""
    found = _version_line(description)
    return found[1] if found else None


def description_without_version(description: str) -> str:
    """Return the description without the line of the version."""
    lines, found = description.splitlines(), _version_line(description)
    return "\n".join(line for n, line in enumerate(lines) if not found or n != found[0])


def _version_line(description: str) -> tuple[int, str] | None:
    """Return the index of the line of the version, and the version, or None.

    The last such line counts, because the author's text is above the facts.
    """
    patterns = [
        "- " + re.escape(words.version).replace(re.escape("{version}"), "([0-9A-Za-z.-]+)")
        for words in TRANSLATIONS.values()
    ]
    found = [
        (n, match[1])
        for n, line in enumerate(description.splitlines())
        for pattern in patterns
        if (match := re.fullmatch(pattern, line)) and is_version(match[1])
    ]
    return found[-1] if found else None
