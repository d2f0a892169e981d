"""Compare version numbers, and make the version of a build between two releases. Versions are semantic (https://semver.org)."""

from collections.abc import Iterable

from semver import Version

_DEVELOPMENT = "dev"


def version_key(version: str) -> Version:
    """Return a sort key. A pre-release (`1.0.0-rc.1`) comes before its release. Raises ValueError if it is no version."""
    return Version.parse(version)


def development_version(releases: Iterable[str]) -> str:
    """Return the version of a build after the highest of some releases.

    It is above that release, and below every possible next release: `1.0.1-dev` after `1.0.0`, `1.1.0-rc.1.dev` after
    `1.1.0-rc.1`.
    """
    last = max(map(version_key, releases))
    if last.prerelease:
        return str(last.replace(prerelease=f"{last.prerelease}.{_DEVELOPMENT}"))
    return str(last.bump_patch().replace(prerelease=_DEVELOPMENT))
