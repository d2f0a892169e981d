"""Version numbers of a deck: which is higher, and which a change calls for. Semantic versions (https://semver.org)."""

from semver import Version

from deckgen.diff.compare import Diff


def higher(version: str, other: str) -> bool:
    """Whether `version` comes after `other`; pre-releases (`1.0.0-rc.1`) come before what they precede."""
    return Version.parse(version) > Version.parse(other)


def suggested(diff: Diff) -> str:
    """The part of the version to raise: major where learners lose something, minor where they win notes, else patch.

    A note type that changed counts as a loss: an import writes over the learner's own templates and look.
    """
    if diff.removed or any(change.old and change.new for change in diff.types):
        return "major"
    return "minor" if diff.added else "patch"


def following(version: str, diff: Diff) -> str:
    """The version that a change calls for after `version`."""
    return str(Version.parse(version).next_version(suggested(diff)))
