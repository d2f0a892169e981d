"""The version in deck.toml, changed where it stands."""

import re
import tomllib

from deckgen.problems import DeckError
from deckgen.project import FILE, Project

_VERSION = re.compile(r"""^([ \t]*["']?version["']?[ \t]*=[ \t]*)(["'])[^"'\n]*\2""", re.M)


def with_version(project: Project) -> str:
    """The text of the project's deck.toml with the project's version, all else as the author wrote it."""
    path = project.root / FILE
    text = path.read_bytes().decode()
    changed = _VERSION.sub(rf"\g<1>\g<2>{project.version}\g<2>", text, count=1)
    if tomllib.loads(changed.removeprefix("\ufeff")) != {**tomllib.loads(text.removeprefix("\ufeff")), "version": project.version}:
        raise DeckError.at(str(path), "the version cannot be changed where it stands", code="deck-toml", hint=f'write version = "{project.version}" on a line of its own')
    return changed
