"""Version numbers of a deck: which is higher, and which a change calls for. Semantic versions (https://semver.org)."""

from deckgen.diff.compare import Diff
from deckgen.versions import version_key


def is_higher(version: str, other: str) -> bool:
    """Whether `version` comes after `other`."""
    return version_key(version) > version_key(other)


def is_final(version: str) -> bool:
    """Whether a version is not a pre-release."""
    return version_key(version).prerelease is None


def suggested_version(version: str, diff: Diff) -> str:
    """The version that a change calls for after `version`: major where learners lose something, minor where they win notes, else patch.

    A note type that changed counts as a loss: an import writes over the learner's own templates and look.
    """
    loss = diff.removed or any(change.old and change.new for change in diff.types)
    return str(version_key(version).next_version("major" if loss else "minor" if diff.added else "patch"))
