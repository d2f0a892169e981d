"""Version numbers: their order, and that of a build between two releases. Semantic versions (https://semver.org)."""

from collections.abc import Iterable

from semver import Version

_DEVELOPMENT = "dev"


def version_key(version: str) -> Version:
    """A key that sorts versions. A pre-release (`1.0.0-rc.1`) comes before its release. Raises ValueError for other text."""
    return Version.parse(version)


def development_version(releases: Iterable[str]) -> str:
    """The version of a build after the highest of some releases: above it, and below every possible next release.

    `1.0.1-dev` after `1.0.0`, `1.1.0-rc.1.dev` after `1.1.0-rc.1`.
    """
    last = max(map(version_key, releases))
    if last.prerelease:
        return str(last.replace(prerelease=f"{last.prerelease}.{_DEVELOPMENT}"))
    return str(last.bump_patch().replace(prerelease=_DEVELOPMENT))
