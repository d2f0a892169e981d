"""Change the version in deck.toml, and nothing else in the file."""

import re

from deckgen.deck_toml import toml_values
from deckgen.lazy_patterns import lazy_pattern
from deckgen.problems import DeckError
from deckgen.project import FILE, Project

_VERSION = lazy_pattern(r"^([ \t]*[\"']?version[\"']?[ \t]*=[ \t]*)(\"{3}|'{3}|[\"'])(?:(?!\2).)*\2", re.M)


def with_version(project: Project) -> str:
    """The text of deck.toml with the version of the project. All other text stays as the author wrote it.

    Raises DeckError if the line of the version cannot be found.
    """
    path = project.root / FILE
    text = path.read_bytes().decode()
    wanted = {**toml_values(text), "version": project.version}
    # A match may be inside a multi-line text or a table. Then other values change, or none, and the next match is tried.
    for match in _VERSION.finditer(text):
        changed = f"{text[: match.start()]}{match[1]}{match[2]}{project.version}{match[2]}{text[match.end() :]}"
        if toml_values(changed) == wanted:
            return changed
    raise DeckError.at(
        str(path),
        "the line of the version cannot be found",
        code="deck-toml",
        hint=f'write version = "{project.version}" on a separate line',
    )
