"""What a picture depends on, one by one: code, parameters, data, fonts, library versions, house style."""

import ast
import json
import platform
import sys
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from deckgen import __version__
from deckgen.figures.discover import LIBRARIES
from deckgen.figures.request import Request, written
from deckgen.figures.sources import DataFile, Module, foreign_names, tree
from deckgen.problems import FigureError

HERE = Path(__file__).parent
HOUSE = ("style", "draw", "recorder", "lint", "labels", "contrast", "parts", "plots", "diagram", "layout", "worker", "isolate")
# What draws: matplotlib lays out with kiwisolver and finds contours with contourpy.
DRAWING = ("matplotlib", "numpy", "pillow", "contourpy", "kiwisolver")


@dataclass(frozen=True, slots=True)
class Dependency:
    """One thing that a picture depends on. `value` is a version, a parameter as written, or a digest."""

    kind: str
    name: str
    value: str


def fonts() -> list[Path]:
    """The house fonts, sorted."""
    return sorted((HERE / "fonts").glob("*.otf"))


def key(dependencies: Iterable[Dependency]) -> str:
    """The cache key, 64 hex digits, of a picture with these dependencies."""
    return digest(json.dumps([astuple(each) for each in dependencies]).encode())


def dependencies(request: Request, modules: Iterable[Module], data: Iterable[DataFile] = ()) -> tuple[Dependency, ...]:
    """All that the picture of `request` depends on, drawn by `modules`: the figure's own and all that it imports.

    Comments and layout of the code do not count. FigureError where the drawing libraries are not installed.
    """
    modules = tuple(modules)
    return (
        Dependency("figure", request.name, ""),
        *(Dependency("parameter", name, written(value)) for name, value in request.parameters),
        *(Dependency("code", module.name, code_digest(module)) for module in modules),
        *(Dependency("data", file.name, digest(file.content)) for file in data),
        *surroundings(),
        *other_versions(foreign_names(modules)),
    )


@lru_cache(maxsize=512)
def code_digest(module: Module) -> str:
    return digest(ast.dump(tree(module)).encode())


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@lru_cache(maxsize=1)
def surroundings() -> tuple[Dependency, ...]:
    """What all pictures depend on. Read through metadata: the libraries themselves are not imported."""
    try:
        versions = [Dependency("library", name, version(name)) for name in DRAWING]
    except PackageNotFoundError as error:
        hint = "pip install matplotlib numpy Pillow"
        raise FigureError(f"{error.name} is not installed", code="figure-library", hint=hint) from None
    return (
        Dependency("library", "Python", platform.python_version()),
        *versions,
        *(Dependency("font", path.stem, digest(path.read_bytes())) for path in fonts()),
        *(Dependency("style", name, digest((HERE / f"{name}.py").read_bytes())) for name in HOUSE),
    )


def environment(names: Iterable[str]) -> tuple[Dependency, ...]:
    """What must be the same wherever a figure is drawn that imports libraries of these names."""
    return Dependency("library", "deckgen", __version__), *surroundings(), *other_versions(set(names))


def other_versions(names: set[str]) -> list[Dependency]:
    """Versions of the further libraries that figure code imports by these names."""
    names = names - LIBRARIES - sys.stdlib_module_names
    if not names:
        return []
    # Reads the metadata of every installed distribution: slow, and seldom needed.
    providers = packages_distributions()
    found = {(each, version(each)) for name in names for each in providers.get(name, [])}
    return [Dependency("library", *pair) for pair in sorted(found)]
