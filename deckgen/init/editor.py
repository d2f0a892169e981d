"""What VS Code needs to run deckgen, to show its problems, and to complete deck.toml."""

import json
from collections.abc import Mapping
from pathlib import Path

from deckgen.init.repository import Place
from deckgen.jinja import fill_text
from deckgen.schemas import DECK_TOML, read_schema

_FILES = Path(__file__).parent / "files"


def editor_files(place: Place) -> Mapping[str, str]:
    """Return the texts of the files for VS Code, by their paths below the repository's root."""
    values = {"folder": json.dumps(place.folder, ensure_ascii=False)}
    return {
        ".vscode/tasks.json": fill_text(_FILES / "tasks.json", values),
        ".vscode/deck.schema.json": json.dumps(read_schema(DECK_TOML), ensure_ascii=False, indent=1) + "\n",
        ".taplo.toml": fill_text(_FILES / "taplo.toml", {}),
    }
