"""How a deck changed from release to release. The locks of the releases are in git, at the tags of the releases."""

import shutil
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from deckgen.identity.lock import FILE, Lock, LockEntry, State, load_lock
from deckgen.project import Project
from deckgen.release.names import release_name
from deckgen.release.repository import Repository, repository_of


class ReleaseChanges(Struct, frozen=True):
    """The changes of a release. `version` is None for what is not released yet. `time` is the time of the release (Unix time).

    `added`, `changed` and `retired` count notes, compared with the release before. They and `notes` are None if the lock of one of the
    two is not in git.
    """

    version: str | None
    time: int | None
    notes: int | None
    added: int | None
    changed: int | None
    retired: int | None


def release_history(project: Project, lock: Lock) -> list[ReleaseChanges]:
    """Return the changes of each release in their order, and last those since the last release. Without releases, return nothing.

    `lock` is the present lock. Raises DeckError if git fails.
    """
    repository = repository_of(project.root) if shutil.which("git") else None
    locks = [Lock(), *(_lock_of(project, repository, row.release) for row in lock.releases)]
    rows = [
        _changes(row.release, row.time, before, after) for row, (before, after) in zip(lock.releases, pairwise(locks))
    ]
    unreleased = _changes(None, None, locks[-1], lock)
    return [*rows, *([unreleased] if rows and _is_change(unreleased) else [])]


def _lock_of(project: Project, repository: Repository | None, version: str) -> Lock | None:
    """Return the lock at the tag of a release, or None if git does not have it."""
    tag = release_name(replace(project, version=version))
    text = repository.text_at(f"refs/tags/{tag}", project.root / FILE) if repository else None
    return load_lock(text, f"{tag}:{FILE}") if text else None


def _changes(version: str | None, time: int | None, before: Lock | None, after: Lock | None) -> ReleaseChanges:
    if before is None or after is None:
        return ReleaseChanges(version, time, len(_active(after)) if after else None, None, None, None)
    old, new = _active(before), _active(after)
    changed = sum(old[guid].fields != new[guid].fields for guid in old.keys() & new.keys())
    return ReleaseChanges(version, time, len(new), len(new.keys() - old.keys()), changed, len(old.keys() - new.keys()))


def _active(lock: Lock) -> dict[str, LockEntry]:
    return {entry.guid: entry for entry in lock.notes if entry.state is State.ACTIVE and entry.mod}


def _is_change(row: ReleaseChanges) -> bool:
    return any((row.added, row.changed, row.retired))


def counted(rows: list[ReleaseChanges]) -> Iterator[ReleaseChanges]:
    """Yield the releases whose changes are known."""
    yield from (row for row in rows if row.added is not None)
