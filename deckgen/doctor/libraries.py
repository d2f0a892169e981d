"""Checks of Python, of deckgen itself and of its libraries."""

import platform
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from packaging.requirements import Requirement

from deckgen import DISTRIBUTION, __version__
from deckgen.doctor.check import Check, State, shown_path
from deckgen.doctor.install import library_command

# Extra → what needs its libraries.
EXTRAS = {
    "figures": "to compute figures; a build takes frozen pictures without it",
    "preview": "deckgen preview",
    "verify": "Anki's engine, for deckgen verify and deckgen release",
}
_OTHER_PROJECT = "deckgen"


def library_checks() -> Iterator[Check]:
    """Yield the checks of Python, deckgen, its required libraries, and each extra."""
    yield Check("system", State.OK, platform.platform(), "")
    yield Check("Python", State.OK, f"{platform.python_version()}, {shown_path(sys.executable)}", "")
    yield Check("deckgen", State.OK, __version__, shown_path(Path(__file__).parents[1]))
    yield from _other_project()
    wanted = _requirements()
    yield _libraries("libraries", [each for each in wanted if _is_needed(each, "")], "all commands", State.WRONG)
    for extra, purpose in EXTRAS.items():
        needed = [each for each in wanted if _is_needed(each, extra) and not _is_needed(each, "")]
        yield _libraries(f"extra {extra}", needed, purpose, State.MISSING)


def extra_command(extra: str) -> str:
    """Return the command that installs what an extra of deckgen needs and this environment lacks."""
    needed = [each for each in _requirements() if _is_needed(each, extra) and not _is_needed(each, "")]
    lacking = [f"{each.name}{each.specifier}" for each in needed if not _is_installed(each)]
    return library_command(lacking or [f"{DISTRIBUTION}[{extra}]"])


def _other_project() -> Iterator[Check]:
    """Yield a check if the other project with the name deckgen is installed. Both write the same folder and the same command.

    An installation of deckgen before it had its present name in the index has the same version, and is in the same place.
    """
    try:
        other = distribution(_OTHER_PROJECT)
    except PackageNotFoundError:
        return
    if other.version != __version__:
        yield Check(
            "another deckgen",
            State.WRONG,
            f"{other.version}, another project with this name",
            "it overwrites files of this deckgen",
            f"pip uninstall {_OTHER_PROJECT}, then install {DISTRIBUTION} again",
        )


def _requirements() -> list[Requirement]:
    """The libraries that deckgen names in its metadata. Empty if deckgen is not installed, only imported from a folder."""
    try:
        return [Requirement(each) for each in distribution(DISTRIBUTION).requires or ()]
    except PackageNotFoundError:
        return []


def _is_needed(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _libraries(name: str, wanted: Sequence[Requirement], purpose: str, if_missing: State) -> Check:
    """Check that libraries are installed, in a version that deckgen accepts."""
    lacking = [each for each in wanted if not _is_installed(each)]
    present = ", ".join(f"{each.name} {version(each.name)}" for each in wanted if each not in lacking)
    if not lacking:
        return Check(name, State.OK, present or "deckgen is not installed as a package", purpose)
    missing = ", ".join(_found(each) for each in lacking)
    return Check(
        name, if_missing, missing, purpose, library_command(f"{each.name}{each.specifier}" for each in lacking)
    )


def _is_installed(requirement: Requirement) -> bool:
    try:
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except PackageNotFoundError:
        return False


def _found(requirement: Requirement) -> str:
    """A library that is missing, or has a version that deckgen does not accept."""
    try:
        return f"{requirement.name} {version(requirement.name)} is not {requirement.specifier}"
    except PackageNotFoundError:
        return f"{requirement.name} is not installed"
