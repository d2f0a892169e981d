"""What must be true before a release is made: its version, the state of the git repository, the files that git ignores."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from deckgen.files import leftovers
from deckgen.identity.lock import Lock, LockedRelease
from deckgen.pipeline import Draft, lock_path
from deckgen.problems import DeckError
from deckgen.project import CHANGELOG, FILE, Project
from deckgen.project_rules import is_version
from deckgen.release.names import release_name
from deckgen.release.options import ReleaseOptions
from deckgen.release.repository import Repository, repository_of
from deckgen.release.version import final, higher
from deckgen.sources import read_project
from deckgen.versions import version_key

_NAMED = 5


def project_of(options: ReleaseOptions) -> Project:
    """The project as the version that is ordered."""
    if not is_version(options.version):
        raise DeckError.at(options.version, 'is not a version like "1.4.0"', code="release-version")
    return replace(read_project(options.root), version=options.version)


def records(lock: Lock, options: ReleaseOptions) -> tuple[LockedRelease | None, LockedRelease | None]:
    """What the lock remembers of this release, if it was made already, and of the one that it is compared with.

    That is the one before; for a full version the full one before, which is what most learners have, and not its own pre-releases.
    """
    known = sorted(lock.releases, key=lambda release: version_key(release.release))
    made = next((release for release in known if release.release == options.version), None)
    newest = known[-1] if known else None
    if newest and newest is not made and (made or not higher(options.version, newest.release)):
        raise DeckError.at(
            str(options.root),
            f"{options.version} is not higher than {newest.release}, the last release",
            code="release-version",
        )
    earlier = [
        release for release in known if release is not made and (final(release.release) or not final(options.version))
    ]
    return made, earlier[-1] if earlier else None


def repository(project: Project, options: ReleaseOptions, lock: Lock, made: LockedRelease | None) -> Repository:
    """The git repository of the deck. Raises DeckError if a release cannot be committed there."""
    found = repository_of(options.root)
    if found is None:
        raise _error(options, "is not in a git repository", "--allow-dirty releases without commit and tag")
    on = found.tagged(release_name(project))
    if on and not (made and on == found.head()):
        raise _error(
            options,
            f"the tag {release_name(project)} is there already",
            "choose a higher version, or, if nobody has it, delete the tag",
        )
    if made is None:
        _require_known(found, project, options, lock)
    _require_clean(found, project, options, interrupted=made is not None and not on)
    if not on:
        found.require_author()
    return found


def require_committed(git: Repository, plan: Draft, options: ReleaseOptions) -> None:
    """Raise DeckError if git ignores a file that the deck is made of: a clone of the tag would lack it."""
    project = plan.project
    media = [item.path for item in plan.deck.media if item.path.resolve().is_relative_to(options.root.resolve())]
    code = [
        path
        for folder in {project.figures_code, project.frozen}
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    cache = options.out.resolve()
    made_of = [
        path
        for path in (*project.files(), *release_files(project), *media, *code)
        if not path.resolve().is_relative_to(cache)
    ]
    if ignored := git.ignored(made_of):
        raise _error(
            options,
            f"git ignores what the deck is made of: {_names(ignored)}",
            "take it out of .gitignore, and commit it",
        )


def release_files(project: Project) -> tuple[Path, ...]:
    """The files next to the notes that a release changes. The lock is first."""
    return lock_path(project), project.root / FILE, project.root / CHANGELOG


def _require_known(found: Repository, project: Project, options: ReleaseOptions, lock: Lock) -> None:
    """Raise DeckError if the lock lacks a release that has a tag: the next release would be compared with an older one."""
    tags = {version for version in found.versions(f"{project.slug}-") if is_version(version)}
    if unknown := tags - {release.release for release in lock.releases}:
        raise _error(
            options,
            f"there are tags of releases that the lock does not know: {', '.join(sorted(unknown, key=version_key))}",
            "merge them, or take their lines over into the lock; what they shared must be known to what follows",
        )


def _require_clean(found: Repository, project: Project, options: ReleaseOptions, *, interrupted: bool) -> None:
    if found.merging():
        raise _error(options, "a merge is not finished", "git commit, or git merge --abort")
    # What a release that was interrupted has changed already is its own.
    own = [
        *(release_files(project) if interrupted else ()),
        *(left for path in release_files(project) for left in leftovers(path)),
    ]
    if loose := sorted(set(found.changed(options.root, options.out)) - {path.resolve() for path in own}):
        raise _error(
            options,
            f"not everything is committed: {_names(loose)}",
            "commit it; --allow-dirty releases without commit and tag",
        )


def _names(paths: Iterable[Path]) -> str:
    names = [path.name for path in paths]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _error(options: ReleaseOptions, message: str, hint: str) -> DeckError:
    return DeckError.at(str(options.root), message, code="release-git", hint=hint)
