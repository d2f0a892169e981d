"""The version in deck.toml, changed where it stands."""

import re

from deckgen.deck_toml import toml_values
from deckgen.problems import DeckError
from deckgen.project import FILE, Project

_VERSION = re.compile(r"^([ \t]*[\"']?version[\"']?[ \t]*=[ \t]*)(\"{3}|'{3}|[\"'])(?:(?!\2).)*\2", re.M)


def with_version(project: Project) -> str:
    """The text of the project's deck.toml with the project's version, all else as the author wrote it."""
    path = project.root / FILE
    text = path.read_bytes().decode()
    wanted = {**toml_values(text), "version": project.version}
    # What looks like the version may be in a text of several lines, or in a table: then other values change, or none.
    for match in _VERSION.finditer(text):
        changed = f"{text[: match.start()]}{match[1]}{match[2]}{project.version}{match[2]}{text[match.end() :]}"
        if toml_values(changed) == wanted:
            return changed
    raise DeckError.at(
        str(path),
        "the version cannot be changed where it stands",
        code="deck-toml",
        hint=f'write version = "{project.version}" on a line of its own',
    )
