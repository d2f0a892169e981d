"""What a picture depends on, as one digest: code, parameters, fonts, library versions, house style."""

import ast
import json
import platform
import sys
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from deckgen.figures.discover import LIBRARIES
from deckgen.figures.request import Request
from deckgen.figures.sources import Module, foreign_names, tree
from deckgen.problems import FigureError

HERE = Path(__file__).parent
HOUSE = (HERE / "style.py", HERE / "draw.py", HERE / "parts.py")


def fonts() -> list[Path]:
    """The house fonts, sorted."""
    return sorted((HERE / "fonts").glob("*.otf"))


def key(request: Request, modules: Iterable[Module]) -> str:
    """The cache key, 64 hex digits, of `request` drawn by `modules`: the figure's own and all that it imports.

    Comments and layout of the code do not count. FigureError where the drawing libraries are not installed.
    """
    modules = tuple(modules)
    parts = [
        str(request),
        [(module.name, ast.dump(tree(module))) for module in modules],
        surroundings(),
        other_versions(foreign_names(modules)),
    ]
    return sha256(json.dumps(parts).encode()).hexdigest()


@lru_cache(maxsize=1)
def surroundings() -> tuple[str, ...]:
    """What all pictures depend on. Read through metadata: the libraries themselves are not imported."""
    digests = (sha256(path.read_bytes()).hexdigest() for path in (*fonts(), *HOUSE))
    try:
        return platform.python_version(), version("matplotlib"), version("numpy"), version("pillow"), *digests
    except PackageNotFoundError as error:
        hint = 'pip install "deckgen[figures]"'
        raise FigureError(f"{error.name} is not installed", code="figure-library", hint=hint) from None


def other_versions(names: set[str]) -> list[str]:
    """Versions of the further libraries that figure code imports by these names."""
    names = names - LIBRARIES - sys.stdlib_module_names
    if not names:
        return []
    # Reads the metadata of every installed distribution: slow, and seldom needed.
    providers = packages_distributions()
    return sorted(f"{each} {version(each)}" for name in names for each in providers.get(name, []))
