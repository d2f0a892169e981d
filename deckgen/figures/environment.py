"""The machine that draws: versions of Python and of libraries. Written down beside a picture, and no part of its key."""

import platform
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version

from deckgen import __version__
from deckgen.figures.discover import LIBRARIES
from deckgen.figures.key import ALWAYS, Dependency, font_digests, style_digest
from deckgen.problems import FigureError

# What draws: matplotlib lays out with kiwisolver and finds contours with contourpy.
DRAWING = ("matplotlib", "numpy", "pillow", "contourpy", "kiwisolver")
# What draws, helps to draw, or refuses pictures.
STYLE = (*ALWAYS, "contrast", "diagram", "labels", "layout", "lint", "plots", "worker")


def environment(names: Iterable[str]) -> tuple[Dependency, ...]:
    """What must be the same wherever the figures of one build are drawn that import libraries of these names.

    FigureError where the drawing libraries are not installed.
    """
    return Dependency("library", "deckgen", __version__), *drawing(), *other_versions(frozenset(names))


def versions(environment: Iterable[Dependency]) -> dict[str, str]:
    """The versions that an environment names, for whoever reads where a picture was made."""
    return {each.name: each.value for each in environment if each.kind == "library"}


@lru_cache(maxsize=1)
def drawing() -> tuple[Dependency, ...]:
    """What all pictures are drawn with. Read through metadata: the libraries themselves are not imported."""
    try:
        found = [Dependency("library", name, version(name)) for name in DRAWING]
    except PackageNotFoundError as error:
        hint = "pip install matplotlib numpy Pillow"
        raise FigureError(f"{error.name} is not installed", code="figure-library", hint=hint) from None
    return (
        Dependency("library", "Python", platform.python_version()),
        *found,
        *font_digests(),
        *(Dependency("style", name, style_digest(name)) for name in STYLE),
    )


@lru_cache(maxsize=64)
def other_versions(names: frozenset[str]) -> tuple[Dependency, ...]:
    """Versions of the further libraries that figure code imports by these names."""
    names = names - LIBRARIES - sys.stdlib_module_names
    if not names:
        return ()
    # Reads the metadata of every installed distribution: slow, and seldom needed.
    providers = packages_distributions()
    found = {(each, version(each)) for name in names for each in providers.get(name, [])}
    return tuple(Dependency("library", *pair) for pair in sorted(found))
