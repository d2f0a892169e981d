"""A release: built strictly, stamped, rehearsed in Anki's engine, and only then written down, committed and tagged.

Its files are made in a folder that nobody sees. Then the lock is renamed into place: from that moment on the release is made,
and whatever was interrupted after it, the same command makes good, for the lock knows the time and the checksum.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from deckgen.diff.compare import Diff, compare
from deckgen.diff.page import page
from deckgen.files import leftovers, prepared, staged_folder
from deckgen.identity.lock import Lock, Release, dump_lock
from deckgen.package.contents import Package
from deckgen.package.read import read_package
from deckgen.package.write import PackageDeck, write_package
from deckgen.parse.document import decode, read_bytes
from deckgen.pipeline import Draft, Progress, draft, lock_path, read_lock
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import CHANGELOG, FILE, Project, is_version, read_project
from deckgen.release.changes import section, section_of, with_section
from deckgen.release.folder import same_files, write_sums
from deckgen.release.last import Last, package_name, read_last, sha256
from deckgen.release.repository import Repository, repository_of
from deckgen.release.restamp import release_time, restamped_deck, restamped_lock, times
from deckgen.release.retired import cleanup_deck, retired_tag
from deckgen.release.toml import with_version
from deckgen.release.version import following, higher
from deckgen.verify.judge import judge
from deckgen.verify.rehearse import Rehearsals, rehearse
from deckgen.verify.summary import line
from deckgen.words import WORDS


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


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a release in their folder, and the texts that go beside the notes, by their path.

    `diff` is from the last release, None for the first; `changes` is the section of the changelog.
    """

    package: Package
    cleanup: Package | None
    diff: Diff | None
    texts: dict[Path, str]
    changes: str


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did. `suggested` is the version that its changes call for; `tag` is None where git was left alone.

    `again` says that it had been released before: its files were only made once more.
    """

    folder: Path
    made: Made
    rehearsals: tuple[Rehearsals, ...]
    problems: tuple[Problem, ...]
    suggested: str | None
    tag: str | None
    again: bool


def release(order: Order, progress: Progress, scheduler: str = "") -> Released:
    """Release the deck of a folder as a version. Raises DeckError, and has then written nothing."""
    project = _project(order)
    lock = read_lock(order.root)[1]
    record, before = _records(lock, order)
    repository = None if order.allow_dirty else _repository(project, order, record is not None)
    last = _last(project, order, before)
    plan = draft(project, order.out, order.now, strict=True, progress=progress, scheduler=scheduler)
    plan.require_locked()
    home = order.out / tag_of(project)
    if home.exists() and not record and not order.dry_run:
        raise DeckError.at(str(home), f"is there, but the lock knows no release {order.version}", code="release-there",
                           hint="if it was never shared, remove it")
    with staged_folder(home) as (folder, take):
        made = _make(plan, last, record, folder, order)
        progress("rehearsing", 0, 1)
        rehearsals = _rehearse(made, last)
        if not order.dry_run:
            _write(made, take if not same_files(folder, home) else None)
    if repository and not order.dry_run:
        repository.commit(made.texts, f"Release {project.name} {order.version}")
        repository.tag(tag_of(project), f"{project.name} {order.version}")
    return Released(home, made, rehearsals, plan.problems, following(last.version, made.diff) if last else None,
                    tag_of(project) if repository else None, record is not None)


def tag_of(project: Project) -> str:
    """The tag of a release, which is also what its folder is called."""
    return f"{project.slug}-{project.version}"


def _project(order: Order) -> Project:
    if not is_version(order.version):
        raise DeckError.at(order.version, 'is not a version like "1.4.0"', code="release-version")
    return replace(read_project(order.root), version=order.version)


def _records(lock: Lock, order: Order) -> tuple[Release | None, Release | None]:
    """What the lock remembers of this release, if it was made already, and of the one before."""
    *earlier, newest = lock.releases or (None,)
    if newest is None:
        return None, None
    if newest.release == order.version:
        return newest, earlier[-1] if earlier else None
    if not higher(order.version, newest.release):
        raise DeckError.at(str(order.root), f"{order.version} is not higher than {newest.release}, the last release", code="release-version")
    return None, newest


def _repository(project: Project, order: Order, again: bool) -> Repository:
    """The repository, if a release may be committed there. Raises DeckError where it may not."""
    found = repository_of(order.root)
    where = str(order.root)
    if found is None:
        raise DeckError.at(where, "stands in no git repository", code="release-git", hint="--allow-dirty releases without commit and tag")
    on = found.tagged(tag_of(project))
    if on and not (again and on == found.head()):
        raise DeckError.at(where, f"the tag {tag_of(project)} is there already, on another commit", code="release-git",
                           hint="choose a higher version, or, if nobody has it, delete the tag")
    # What a release that was interrupted has changed already is its own.
    own = [*(_beside(project) if again and not on else ()), *(left for path in _beside(project) for left in leftovers(path))]
    if loose := sorted(set(found.changed(order.out)) - {path.resolve() for path in own}):
        names = ", ".join(path.name for path in loose[:5]) + (", …" if len(loose) > 5 else "")
        raise DeckError.at(where, f"not everything is committed: {names}", code="release-dirty",
                           hint="commit it; --allow-dirty releases without commit and tag")
    if not on:
        found.require_author()
    return found


def _beside(project: Project) -> tuple[Path, ...]:
    """What a release changes beside the notes; the lock is first."""
    return lock_path(project), project.root / FILE, project.root / CHANGELOG


def _last(project: Project, order: Order, before: Release | None) -> Last | None:
    if before is None:
        return None
    return read_last(order.after or order.out / f"{project.slug}-{before.release}", project, before)


def _make(plan: Draft, last: Last | None, record: Release | None, folder: Path, order: Order) -> Made:
    """Put the files of the release into the folder."""
    project, old = plan.project, plan.stamped.lock
    # Packed twice: what changed since the last release is seen in the package itself, and decides the times in it.
    package = _pack(folder / package_name(project.slug, project.version), plan.deck)
    at = times(plan.deck, compare(last.package, package) if last else None, record.time if record else release_time(order.now, old))
    package = _pack(package.path, restamped_deck(plan.deck, at))
    diff = compare(last.package, package) if last else None
    lock = restamped_lock(old, project.id, at)
    cleanup = _cleanup(plan, last, diff, lock, at.now, folder) if last and diff else None
    made = Release(project.version, at.now, sha256(package.path), sha256(cleanup.path) if cleanup else None)
    if record and record != made:
        raise DeckError.at(str(order.root), f"{record.release} is released already, and what it would hold now is something else",
                           code="release-changed", hint="choose a higher version")
    lock = replace(lock, releases=(*(known for known in old.releases if known != record), made))
    changes = section(project, at.now, diff, package)
    changelog = with_section(_text(project.root / CHANGELOG), project.version, changes)
    texts = dict(zip(_beside(project), (dump_lock(lock), with_version(project), changelog)))
    _describe(folder, project, diff, section_of(changelog, project.version))
    return Made(package, cleanup, diff, texts, section_of(changelog, project.version))


def _pack(path: Path, deck: PackageDeck) -> Package:
    with open(path, "wb") as file:
        write_package(file, deck)
    return read_package(path)


def _cleanup(plan: Draft, last: Last, diff: Diff, lock: Lock, now: int, folder: Path) -> Package | None:
    project = plan.project
    tag = retired_tag(project.slug)
    banner = escape(WORDS[project.language].retired.format(version=project.version, tag=tag), quote=False)
    with TemporaryDirectory(prefix="deckgen-release-") as media:
        deck = cleanup_deck(plan.deck, last, diff, lock, banner, tag, now, Path(media))
        return _pack(folder / package_name(project.slug, project.version, "-cleanup"), deck) if deck else None


def _describe(folder: Path, project: Project, diff: Diff | None, changes: str) -> None:
    (folder / "CHANGES.txt").write_text(changes, "utf-8", newline="\n")
    if diff:
        (folder / f"{tag_of(project)}-diff.html").write_text(page(diff), "utf-8", newline="\n")
    write_sums(folder)


def _rehearse(made: Made, last: Last | None) -> tuple[Rehearsals, ...]:
    """Import what learners will import. Raises DeckError with every promise that is not kept."""
    before = last.package.path if last else None
    found = tuple(rehearse(package.path, before) for package in (made.package, made.cleanup) if package)
    broken = [Problem(rehearsals.package.path.name, 0, 0, finding.severity, finding.code, line(finding))
              for rehearsals in found for finding in judge(rehearsals) if finding.severity is Severity.ERROR]
    if broken:
        raise DeckError(broken)
    return found


def _write(made: Made, take: Callable[[], None] | None) -> None:
    """Everything is whole on disk before anything takes its name, and the lock is the first to take it."""
    with ExitStack() as stack:
        commits = []
        for path, text in made.texts.items():
            for left in leftovers(path):
                left.unlink()
            if text != _text(path):
                file, commit = stack.enter_context(prepared(path))
                file.write(text.encode())
                commit.sync()
                commits.append(commit)
        for commit in commits:
            commit()
    if take:
        take()


def _text(path: Path) -> str:
    return decode(read_bytes(path, str(path)), str(path)) if path.exists() else ""
