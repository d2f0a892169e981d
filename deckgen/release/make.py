"""Make a release: build strictly, set the times of change, run the import tests, and only then write, commit and tag.

The files of a release are made in a temporary folder. Then the lock is renamed into place: from that moment on the release exists.
If the rest is interrupted, the same command completes it, because the lock has the time and the checksum.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.build_lock import only_this_process
from deckgen.files import leftovers, staged_folder, write_all
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


class ReleaseResult(Struct, frozen=True):
    """The result of a release. `folder` has its files.

    `problems` are warnings and infos. `suggested` is the version that fits the changes; None for the first release.
    `tag` is None if nothing was committed. With `again` the release was complete before, and only its files were made again.
    """

    folder: Path
    made: ReleaseFiles
    import_tests: tuple[ImportTestRun, ...]
    problems: tuple[Problem, ...]
    suggested: str | None
    tag: str | None
    again: bool


def release(options: ReleaseOptions, progress: Progress, scheduler: str = "") -> ReleaseResult:
    """Release the deck of a folder as a version. `scheduler` is the address of a Dask cluster; "" computes figures on this machine.

    Raises DeckError if the deck cannot be released; then nothing is written. Raises DeckError also if git cannot commit
    or tag at the end. Then the same command completes the release.
    """
    with only_this_process(options.root):
        return _make(options, progress, scheduler)


def _make(options: ReleaseOptions, progress: Progress, scheduler: str) -> ReleaseResult:
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
    target = _target_folder(project, options, record)
    with staged_folder(target) as (folder, replace_folder):
        made = make_files(plan, last, record, folder, options)
        if last and record is None and not options.allow_empty:
            require_change(made, last, options)
        progress("testing the import", 0, 1)
        import_tests, findings = _run_import_tests(made, last)
        again = record is not None and _written(made) and (git is None or git.tagged(target.name) is not None)
        if not options.dry_run:
            _write(made, replace_folder)
    if git and not options.dry_run:
        git.commit(made.texts, f"Release {project.name} {options.version}")
        git.tag(target.name, f"{project.name} {options.version}")
    return ReleaseResult(
        target,
        made,
        import_tests,
        (*plan.problems, *findings, *_warnings(options, project, last, made)),
        suggested_version(last.version, made.diff) if last and made.diff else None,
        target.name if git else None,
        again,
    )


def _target_folder(project: Project, options: ReleaseOptions, record: LockedRelease | None) -> Path:
    """The folder of the release. Raises DeckError if it exists, and the lock does not have the release."""
    folder = options.out / release_name(project)
    if os.path.lexists(folder) and record is None:
        raise DeckError.at(
            str(folder),
            f"exists, but the lock has no release {options.version}",
            code="release-there",
            hint="if you never shared it, remove it",
        )
    return folder


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
            f"the changes of this release require the version {wanted} instead of {options.version}",
        )
    if last and deck_name(project.name) not in last.package.decks:
        yield Problem(
            str(options.root),
            0,
            0,
            Severity.WARNING,
            "release-renamed",
            f"the deck now has the name {project.name}: cards that learners have "
            "stay in the deck with the old name, and new cards go to the deck with the new name",
        )


def _run_import_tests(
    made: ReleaseFiles, last: PreviousRelease | None
) -> tuple[tuple[ImportTestRun, ...], list[Problem]]:
    """The import tests of both packages, and their findings as problems. Raises DeckError if a finding is an error."""
    before = last.package.path if last else None
    found = tuple(run_import_tests(package.path, before) for package in (made.package, made.cleanup) if package)
    # A cleanup package may have no note in common with the last release: older retired notes are only in cleanup packages.
    problems = [
        Problem(finding.package.name, 0, 0, finding.severity, finding.code, line(finding))
        for import_tests in found
        for finding in check_import_tests(import_tests)
        if import_tests.package.path == made.package.path or finding.code not in NO_COMMON_NOTE
    ]
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DeckError(problems)
    return found, problems


def _written(made: ReleaseFiles) -> bool:
    """Whether the files next to the notes have the texts of the release already."""
    return all(text == text_of(path) for path, text in made.texts.items())


def _write(made: ReleaseFiles, replace_folder: Callable[[], None]) -> None:
    """Write the files next to the notes, the lock first, and then the folder of the release."""
    for path in made.texts:
        for left in leftovers(path):
            left.unlink()
    write_all({path: text.encode() for path, text in made.texts.items() if text != text_of(path)})
    replace_folder()
