"""Check the conditions of a release: its version, the state of the git repository, and the files that git ignores."""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from deckgen.files import leftovers
from deckgen.identity.lock import Lock, LockedRelease
from deckgen.pipeline import Draft, lock_path
from deckgen.problems import DeckError
from deckgen.project import CHANGELOG, FILE, Project
from deckgen.project_rules import is_version
from deckgen.release.names import release_name
from deckgen.release.options import ReleaseOptions
from deckgen.release.repository import Repository, repository_of
from deckgen.release.version import is_final, is_higher
from deckgen.sources import read_project
from deckgen.versions import version_key

_NAMED = 5


def project_of(options: ReleaseOptions) -> Project:
    """The project with the version of the release. Raises DeckError if the version or deck.toml is wrong."""
    if not is_version(options.version):
        raise DeckError.at(options.version, 'is not a version like "1.4.0"', code="release-version")
    return replace(read_project(options.root), version=options.version)


def find_releases(lock: Lock, options: ReleaseOptions) -> tuple[LockedRelease | None, LockedRelease | None]:
    """The rows of two releases in the lock: this release, and the previous release. None for a release that the lock does not have.

    A pre-release is compared with the version before it. Any other release is compared with the last full version,
    because most learners have that one. Raises DeckError if the version is not higher than the last release.
    """
    releases = sorted(lock.releases, key=lambda release: version_key(release.release))
    made = next((release for release in releases if release.release == options.version), None)
    newest = releases[-1] if releases else None
    if newest and newest is not made and (made or not is_higher(options.version, newest.release)):
        raise DeckError.at(
            str(options.root),
            f"{options.version} is not higher than the last release, {newest.release}",
            code="release-version",
            hint="choose a higher version",
        )
    earlier = [
        release
        for release in releases
        if release is not made and (is_final(release.release) or not is_final(options.version))
    ]
    return made, earlier[-1] if earlier else None


def require_repository(project: Project, options: ReleaseOptions, lock: Lock, made: LockedRelease | None) -> Repository:
    """The git repository of the deck. `made` is the release in the lock if it was made before.

    Raises DeckError if there is no repository, or the release cannot be committed and tagged there.
    """
    found = repository_of(options.root)
    if found is None:
        hint = "run git init and commit the files, or use --allow-dirty to release without commit and tag"
        raise _error(options, "is not in a git repository", hint)
    tagged = found.tagged(release_name(project))
    if tagged and not (made and tagged == found.head()):
        raise _error(
            options,
            f"the tag {release_name(project)} exists already",
            "choose a higher version, or delete the tag if nobody has the release",
        )
    if made is None:
        _require_known(found, project, options, lock)
    _require_clean(found, project, options, interrupted=made is not None and not tagged)
    if not tagged:
        found.require_author()
    return found


def require_committed(git: Repository, plan: Draft, options: ReleaseOptions) -> None:
    """Check that git ignores no file of the deck. Raises DeckError if it does: the file would be missing in a clone of the tag."""
    project = plan.project
    media = [item.path for item in plan.deck.media if item.path.resolve().is_relative_to(options.root.resolve())]
    code = [
        path
        for folder in {project.figures_code, project.frozen}
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    out = options.out.resolve()
    made_of = [
        path
        for path in (*project.files(), *release_files(project), *media, *code)
        if not path.resolve().is_relative_to(out)
    ]
    if ignored := git.ignored(made_of):
        raise _error(
            options,
            f"git ignores files of the deck: {_names(ignored)}",
            "remove them from .gitignore, and commit them",
        )


def release_files(project: Project) -> tuple[Path, ...]:
    """The files next to the notes that a release changes. The lock is first."""
    return lock_path(project), project.root / FILE, project.root / CHANGELOG


def _require_known(found: Repository, project: Project, options: ReleaseOptions, lock: Lock) -> None:
    """Raise DeckError if a release has a tag but is not in the lock. This release would be compared with the wrong one."""
    tags = {version for version in found.versions(f"{project.slug}-") if is_version(version)}
    if unknown := tags - {release.release for release in lock.releases}:
        raise _error(
            options,
            f"releases have tags but are not in the lock: {', '.join(sorted(unknown, key=version_key))}",
            "merge their branches, or copy their lines into the lock",
        )


def _require_clean(found: Repository, project: Project, options: ReleaseOptions, *, interrupted: bool) -> None:
    """Raise DeckError if a file is not committed, or a merge is not finished."""
    if found.merging():
        raise _error(options, "a merge is not finished", "run git commit or git merge --abort")
    # The changes of an interrupted release are committed with it.
    own = [
        *(release_files(project) if interrupted else ()),
        *(left for path in release_files(project) for left in leftovers(path)),
    ]
    if loose := sorted(set(found.changed(options.root, options.out)) - {path.resolve() for path in own}):
        raise _error(
            options,
            f"files are not committed: {_names(loose)}",
            "commit them, or use --allow-dirty to release without commit and tag",
        )


def _names(paths: Iterable[Path]) -> str:
    names = [path.name for path in paths]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _error(options: ReleaseOptions, message: str, hint: str) -> DeckError:
    return DeckError.at(str(options.root), message, code="release-git", hint=hint)
