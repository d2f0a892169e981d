"""Make a release: build strictly, stamp, run the import tests, and only then write, commit and tag.

Its files are made in a temporary folder. Then the lock is renamed into place: from that moment on the release exists.
If the rest is interrupted, the same command completes it, because the lock has the time and the checksum.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.files import leftovers, prepared, staged_folder
from deckgen.identity.lock import LockedRelease
from deckgen.identity.lost import require_lock
from deckgen.pictures import FigureOptions, Progress
from deckgen.pipeline import draft
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import Project, deck_name
from deckgen.release.empty import require_change
from deckgen.release.files import ReleaseFiles, make_files, text_of
from deckgen.release.names import release_name
from deckgen.release.options import ReleaseOptions
from deckgen.release.preconditions import find_releases, project_of, require_committed, require_repository
from deckgen.release.previous import PreviousRelease, read_previous
from deckgen.release.version import is_higher, suggested_version
from deckgen.sources import read_lock
from deckgen.verify.check import NO_COMMON_NOTE, check_import_tests
from deckgen.verify.import_test import ImportTestRun, run_import_tests
from deckgen.verify.summary import line


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """The result of a release. `suggested` is the version that fits its changes; `tag` is None if nothing was committed.

    `again` says that the release was complete before, and only its files were made again.
    """

    folder: Path
    made: ReleaseFiles
    import_tests: tuple[ImportTestRun, ...]
    problems: tuple[Problem, ...]
    suggested: str | None
    tag: str | None
    again: bool


def release(options: ReleaseOptions, progress: Progress, scheduler: str = "") -> ReleaseResult:
    """Release the deck of a folder as a version. Raises DeckError if it cannot be released; then nothing is written.

    Raises DeckError also if git does not commit or tag at the end: the same command then completes the release.
    """
    project = project_of(options)
    require_lock(project)
    lock = read_lock(options.root)[1]
    record, before = find_releases(lock, options)
    git = None if options.allow_dirty else require_repository(project, options, lock, record)
    last = (
        read_previous(
            options.after or options.out / release_name(replace(project, version=before.release)), project, lock, before
        )
        if before
        else None
    )
    plan = draft(
        project,
        options.now,
        strict=True,
        progress=progress,
        options=FigureOptions(scheduler=scheduler, execute=options.execute),
    )
    plan.require_locked()
    if git:
        require_committed(git, plan, options)
    home = _home(project, options, record)
    with staged_folder(home) as (folder, take):
        made = make_files(plan, last, record, folder, options)
        if last and record is None and not options.allow_empty:
            require_change(made, last, options)
        progress("testing the import", 0, 1)
        import_tests, said = _run_import_tests(made, last)
        again = record is not None and _written(made) and (git is None or git.tagged(home.name) is not None)
        if not options.dry_run:
            _write(made, take)
    if git and not options.dry_run:
        git.commit(made.texts, f"Release {project.name} {options.version}")
        git.tag(home.name, f"{project.name} {options.version}")
    return ReleaseResult(
        home,
        made,
        import_tests,
        (*plan.problems, *said, *_warnings(options, project, last, made)),
        suggested_version(last.version, made.diff) if last and made.diff else None,
        home.name if git else None,
        again,
    )


def _home(project: Project, options: ReleaseOptions, record: LockedRelease | None) -> Path:
    """The folder of the release. Raises DeckError if it exists and the lock has no such release."""
    home = options.out / release_name(project)
    if os.path.lexists(home) and record is None:
        raise DeckError.at(
            str(home),
            f"exists, but the lock has no release {options.version}",
            code="release-there",
            hint="if it was never shared, remove it",
        )
    return home


def _warnings(
    options: ReleaseOptions, project: Project, last: PreviousRelease | None, made: ReleaseFiles
) -> Iterator[Problem]:
    if last and made.diff and is_higher(wanted := suggested_version(last.version, made.diff), options.version):
        yield Problem(
            str(options.root),
            0,
            0,
            Severity.WARNING,
            "release-version",
            f"by its changes {options.version} should be {wanted}",
        )
    if last and deck_name(project.name) not in last.package.decks:
        yield Problem(
            str(options.root),
            0,
            0,
            Severity.WARNING,
            "release-renamed",
            f"the deck is now called {project.name}: cards that learners have "
            "stay where they are, new ones come under the new name",
        )


def _run_import_tests(
    made: ReleaseFiles, last: PreviousRelease | None
) -> tuple[tuple[ImportTestRun, ...], list[Problem]]:
    """Run the import tests of the packages, and return the findings as problems. Raises DeckError if one is an error."""
    before = last.package.path if last else None
    found = tuple(run_import_tests(package.path, before) for package in (made.package, made.cleanup) if package)
    # A cleanup package need not share a note with the last release: what was retired long ago is only in cleanup packages.
    said = [
        Problem(finding.package.name, 0, 0, finding.severity, finding.code, line(finding))
        for import_tests in found
        for finding in check_import_tests(import_tests)
        if import_tests.package.path == made.package.path or finding.code not in NO_COMMON_NOTE
    ]
    if any(problem.severity is Severity.ERROR for problem in said):
        raise DeckError(said)
    return found, said


def _written(made: ReleaseFiles) -> bool:
    return all(text == text_of(path) for path, text in made.texts.items())


def _write(made: ReleaseFiles, take: Callable[[], None]) -> None:
    """Write all files completely before renaming any of them into place. The lock is renamed first."""
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
    take()
