"""The versions of Python and of libraries on the machine that draws. Manifests record them; keys do not contain them."""

import platform
import sys
from collections.abc import Iterable
from functools import lru_cache

from deckgen import __version__
from deckgen.doctor.install import library_command
from deckgen.figures.discover import LIBRARIES
from deckgen.figures.key import DRAWING_MODULES, Dependency, font_digests, style_digest
from deckgen.problems import FigureError

# matplotlib computes layouts with kiwisolver and contours with contourpy.
DRAWING_LIBRARIES = ("matplotlib", "numpy", "pillow", "contourpy", "kiwisolver")
# Modules that draw pictures, help to draw them, or refuse them.
STYLE_MODULES = (*DRAWING_MODULES, "contrast", "diagram", "labels", "layout", "lint", "plots", "worker")


def environment(names: Iterable[str]) -> tuple[Dependency, ...]:
    """Return what must be equal on all machines that draw the figures of one build.

    `names` are the libraries that the figures import. Raises FigureError if the drawing libraries are not installed.
    """
    return Dependency("library", "deckgen", __version__), *drawing_environment(), *other_versions(frozenset(names))


def library_versions(environment: Iterable[Dependency]) -> dict[str, str]:
    """Return the versions of the libraries in an environment, by name."""
    return {each.name: each.value for each in environment if each.kind == "library"}


@lru_cache(maxsize=1)
def drawing_environment() -> tuple[Dependency, ...]:
    """Return what all pictures are drawn with. Reads metadata and does not import the libraries.

    Raises FigureError if a library is not installed.
    """
    # Only a build that draws needs this. To import it is slow.
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = [Dependency("library", name, version(name)) for name in DRAWING_LIBRARIES]
    except PackageNotFoundError as error:
        hint = library_command(("matplotlib", "numpy", "Pillow"))
        raise FigureError(f"{error.name} is not installed", code="figure-library", hint=hint) from None
    return (
        Dependency("library", "Python", platform.python_version()),
        *found,
        *font_digests(),
        *(Dependency("style", name, style_digest(name)) for name in STYLE_MODULES),
    )


@lru_cache(maxsize=64)
def other_versions(names: frozenset[str]) -> tuple[Dependency, ...]:
    """Return the versions of the other libraries that figure code imports by these names."""
    names = names - LIBRARIES - sys.stdlib_module_names
    if not names:
        return ()
    from importlib.metadata import packages_distributions, version

    # This reads the metadata of every installed distribution. It is slow and rarely needed.
    providers = packages_distributions()
    found = {(each, version(each)) for name in names for each in providers.get(name, [])}
    return tuple(Dependency("library", *pair) for pair in sorted(found))
