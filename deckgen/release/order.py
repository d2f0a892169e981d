"""What an author orders, and what must be so before it can be made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.files import leftovers
from deckgen.identity.lock import Lock, Release
from deckgen.pipeline import Draft, lock_path
from deckgen.problems import DeckError
from deckgen.project import CHANGELOG, FILE, Project, is_version, read_project
from deckgen.release.names import release_name
from deckgen.release.repository import Repository, repository_of
from deckgen.release.version import final, higher
from deckgen.versions import in_order

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Order:
    """What the author asks for. `after` is the folder with the files of the last release, where it is not in `out`.

    With `allow_empty` a release may hold what the last one does.
    """

    root: Path
    version: str
    out: Path
    now: int
    after: Path | None = None
    allow_dirty: bool = False
    dry_run: bool = False
    allow_empty: bool = False
    no_exec: bool = False

    @property
    def execute(self) -> bool:
        """Whether figures may be computed: what is committed holds their pictures, and a dry run writes none."""
        return self.allow_dirty and not (self.dry_run or self.no_exec)


def project_of(order: Order) -> Project:
    """The project as the version that is ordered."""
    if not is_version(order.version):
        raise DeckError.at(order.version, 'is not a version like "1.4.0"', code="release-version")
    return replace(read_project(order.root), version=order.version)


def records(lock: Lock, order: Order) -> tuple[Release | None, Release | None]:
    """What the lock remembers of this release, if it was made already, and of the one that it is compared with.

    That is the one before; for a full version the full one before, which is what most learners have, and not its own pre-releases.
    """
    known = sorted(lock.releases, key=lambda release: in_order(release.release))
    made = next((release for release in known if release.release == order.version), None)
    newest = known[-1] if known else None
    if newest and newest is not made and (made or not higher(order.version, newest.release)):
        raise DeckError.at(
            str(order.root),
            f"{order.version} is not higher than {newest.release}, the last release",
            code="release-version",
        )
    earlier = [
        release for release in known if release is not made and (final(release.release) or not final(order.version))
    ]
    return made, earlier[-1] if earlier else None


def repository(project: Project, order: Order, lock: Lock, made: Release | None) -> Repository:
    """The repository, if a release may be committed there. Raises DeckError where it may not."""
    found = repository_of(order.root)
    if found is None:
        raise _error(order, "stands in no git repository", "--allow-dirty releases without commit and tag")
    on = found.tagged(release_name(project))
    if on and not (made and on == found.head()):
        raise _error(
            order,
            f"the tag {release_name(project)} is there already",
            "choose a higher version, or, if nobody has it, delete the tag",
        )
    if made is None:
        _require_known(found, project, order, lock)
    _require_clean(found, project, order, interrupted=made is not None and not on)
    if not on:
        found.require_author()
    return found


def require_committed(git: Repository, plan: Draft, order: Order) -> None:
    """Raise DeckError where git ignores what the deck is made of: a clone of the tag would lack it."""
    project = plan.project
    media = [item.path for item in plan.deck.media if item.path.resolve().is_relative_to(order.root.resolve())]
    code = [
        path
        for folder in {project.figures_code, project.frozen}
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    cache = order.out.resolve()
    made_of = [
        path for path in (*project.files(), *beside(project), *media, *code) if not path.resolve().is_relative_to(cache)
    ]
    if ignored := git.ignored(made_of):
        raise _error(
            order,
            f"git ignores what the deck is made of: {_names(ignored)}",
            "take it out of .gitignore, and commit it",
        )


def beside(project: Project) -> tuple[Path, ...]:
    """What a release changes beside the notes; the lock is first."""
    return lock_path(project), project.root / FILE, project.root / CHANGELOG


def _require_known(found: Repository, project: Project, order: Order, lock: Lock) -> None:
    """A lock that was put back to an older state would compare with what learners had once, and leave them what they have."""
    tags = {version for version in found.versions(f"{project.slug}-") if is_version(version)}
    if unknown := tags - {release.release for release in lock.releases}:
        raise _error(
            order,
            f"there are tags of releases that the lock does not know: {', '.join(sorted(unknown, key=in_order))}",
            "merge them, or take their lines over into the lock; what they shared must be known to what follows",
        )


def _require_clean(found: Repository, project: Project, order: Order, *, interrupted: bool) -> None:
    if found.merging():
        raise _error(order, "a merge is not finished", "git commit, or git merge --abort")
    # What a release that was interrupted has changed already is its own.
    own = [*(beside(project) if interrupted else ()), *(left for path in beside(project) for left in leftovers(path))]
    if loose := sorted(set(found.changed(order.root, order.out)) - {path.resolve() for path in own}):
        raise _error(
            order,
            f"not everything is committed: {_names(loose)}",
            "commit it; --allow-dirty releases without commit and tag",
        )


def _names(paths: Iterable[Path]) -> str:
    names = [path.name for path in paths]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _error(order: Order, message: str, hint: str) -> DeckError:
    return DeckError.at(str(order.root), message, code="release-git", hint=hint)
