"""Compare version numbers of a deck, and suggest the next one. They are semantic versions (https://semver.org)."""

from deckgen.diff.compare import Diff
from deckgen.versions import version_key


def is_higher(version: str, other: str) -> bool:
    """Whether `version` is higher than `other`."""
    return version_key(version) > version_key(other)


def is_final(version: str) -> bool:
    """Whether a version is not a pre-release."""
    return version_key(version).prerelease is None


def suggested_version(version: str, diff: Diff) -> str:
    """The version after `version` that fits the changes: major if learners lose something, minor if they get new notes, else patch.

    A changed note type is a loss: the import overwrites changes that the learner made to its templates or CSS.
    """
    loss = diff.removed or any(change.old and change.new for change in diff.types)
    return str(version_key(version).next_version("major" if loss else "minor" if diff.added else "patch"))
