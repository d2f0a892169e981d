"""What an author orders, and what must be so before it can be made."""

from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.files import leftovers
from deckgen.identity.lock import Lock, Release
from deckgen.pipeline import lock_path
from deckgen.problems import DeckError
from deckgen.project import CHANGELOG, FILE, Project, is_version, read_project
from deckgen.release.names import release_name
from deckgen.release.repository import Repository, repository_of
from deckgen.release.version import higher


@dataclass(frozen=True, slots=True)
class Order:
    """What the author asks for. `after` is the folder with the files of the last release, where it is not in `out`."""

    root: Path
    version: str
    out: Path
    now: int
    after: Path | None = None
    allow_dirty: bool = False
    dry_run: bool = False


def project_of(order: Order) -> Project:
    """The project as the version that is ordered."""
    if not is_version(order.version):
        raise DeckError.at(order.version, 'is not a version like "1.4.0"', code="release-version")
    return replace(read_project(order.root), version=order.version)


def records(lock: Lock, order: Order) -> tuple[Release | None, Release | None]:
    """What the lock remembers of this release, if it was made already, and of the one before."""
    *earlier, newest = lock.releases or (None,)
    if newest is None:
        return None, None
    if newest.release == order.version:
        return newest, earlier[-1] if earlier else None
    if not higher(order.version, newest.release):
        raise DeckError.at(str(order.root), f"{order.version} is not higher than {newest.release}, the last release", code="release-version")
    return None, newest


def repository(project: Project, order: Order, again: bool) -> Repository:
    """The repository, if a release may be committed there. Raises DeckError where it may not."""
    found = repository_of(order.root)
    where = str(order.root)
    if found is None:
        raise DeckError.at(where, "stands in no git repository", code="release-git", hint="--allow-dirty releases without commit and tag")
    on = found.tagged(release_name(project))
    if on and not (again and on == found.head()):
        raise DeckError.at(where, f"the tag {release_name(project)} is there already, on another commit", code="release-git",
                           hint="choose a higher version, or, if nobody has it, delete the tag")
    # What a release that was interrupted has changed already is its own.
    own = [*(beside(project) if again and not on else ()), *(left for path in beside(project) for left in leftovers(path))]
    if loose := sorted(set(found.changed(order.out)) - {path.resolve() for path in own}):
        names = ", ".join(path.name for path in loose[:5]) + (", …" if len(loose) > 5 else "")
        raise DeckError.at(where, f"not everything is committed: {names}", code="release-dirty",
                           hint="commit it; --allow-dirty releases without commit and tag")
    if not on:
        found.require_author()
    return found


def beside(project: Project) -> tuple[Path, ...]:
    """What a release changes beside the notes; the lock is first."""
    return lock_path(project), project.root / FILE, project.root / CHANGELOG
