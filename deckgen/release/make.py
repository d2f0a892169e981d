"""A release: built strictly, stamped, rehearsed in Anki's engine, and only then written down, committed and tagged.

Its files are made in a folder that nobody sees. Then the lock is renamed into place: from that moment on the release is made,
and whatever was interrupted after it, the same command makes good, for the lock knows the time and the checksum.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from deckgen.files import leftovers, prepared, staged_folder
from deckgen.identity.lock import Release
from deckgen.pipeline import Progress, draft, read_lock
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import Project
from deckgen.release.contents import Made, make, same_files, text_of
from deckgen.release.last import Last, read_last
from deckgen.release.names import release_name
from deckgen.release.order import Order, project_of, records, repository
from deckgen.release.version import following
from deckgen.verify.judge import judge
from deckgen.verify.rehearse import Rehearsals, rehearse
from deckgen.verify.summary import line


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
    project = project_of(order)
    record, before = records(read_lock(order.root)[1], order)
    git = None if order.allow_dirty else repository(project, order, record is not None)
    last = _last(project, order, before)
    plan = draft(project, order.out, order.now, strict=True, progress=progress, scheduler=scheduler)
    plan.require_locked()
    home, again = order.out / release_name(project), record is not None
    if home.exists() and not again and not order.dry_run:
        raise DeckError.at(str(home), f"is there, but the lock knows no release {order.version}", code="release-there",
                           hint="if it was never shared, remove it")
    with staged_folder(home) as (folder, take):
        made = make(plan, last, record, folder, order)
        progress("rehearsing", 0, 1)
        rehearsals = _rehearse(made, last)
        if not order.dry_run:
            _write(made, take if not same_files(folder, home) else None)
    if git and not order.dry_run:
        git.commit(made.texts, f"Release {project.name} {order.version}")
        git.tag(release_name(project), f"{project.name} {order.version}")
    return Released(home, made, rehearsals, plan.problems, following(last.version, made.diff) if last and made.diff else None,
                    release_name(project) if git else None, again)


def _last(project: Project, order: Order, before: Release | None) -> Last | None:
    if before is None:
        return None
    return read_last(order.after or order.out / f"{project.slug}-{before.release}", project, before)


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
            if text != text_of(path):
                file, commit = stack.enter_context(prepared(path))
                file.write(text.encode())
                commit.sync()
                commits.append(commit)
        for commit in commits:
            commit()
    if take:
        take()
