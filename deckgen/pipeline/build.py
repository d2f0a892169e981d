"""deckgen build: run all stages and return a summary."""

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

from msgspec.structs import replace

from deckgen.build_lock import only_this_process
from deckgen.build_result import SCREENFUL, BuildResult, Change
from deckgen.cache import deck_cache
from deckgen.deck_description import deck_description
from deckgen.identity.lost import has_lock, require_lock
from deckgen.identity.stamp import StampedLock
from deckgen.last_build import LastBuild, options_of, snapshot
from deckgen.package.write import PackageDeck, packed_collection
from deckgen.pictures import FigureOptions, Progress
from deckgen.pipeline.draft import Draft, draft, lock_path
from deckgen.pipeline.kept import store_collection
from deckgen.pipeline.writing import write_deck
from deckgen.problems import DeckError
from deckgen.project import Project
from deckgen.sources import read_project
from deckgen.unreleased import with_build_version


def build(
    root: Path,
    out: Path,
    now: int,
    *,
    strict: bool,
    locked: bool,
    progress: Progress,
    options: FigureOptions = FigureOptions(),
    max_listed: int | None = SCREENFUL,
    retire: Sequence[Path] = (),
    new_lock: bool = False,
    last: LastBuild | None = None,
) -> BuildResult:
    """Build the deck in the folder `root`, write its package into `out`, and return the summary.

    `now` is the time of the build in seconds (Unix time). Many notes of the files and folders `retire` may be retired.
    With `new_lock`, a new lock replaces a lock that is lost. `last` is the last build, if it was asked before whether files have changed.

    Raises DeckError if there is an error, or with `strict` a warning, or if another process changes the deck. With `locked`, raises DeckError if the lock would
    change; the error lists up to `max_listed` of the notes that differ (None: all). After an error the package and the
    lock are unchanged, but pictures that were computed are kept. Raises OSError if a file cannot be written.
    """
    with only_this_process(root):
        project = read_project(root)
        folders = folders_of(project)
        last = last or LastBuild(root, out, options_of(strict, options.execute))
        before = last.files_before(folders)
        if new_lock:
            _require_no_lock(project)
        else:
            require_lock(project)
        with ThreadPoolExecutor(1) as threads:
            package = _Package(project, threads)
            plan = draft(
                project,
                now,
                strict=strict,
                progress=progress,
                options=options,
                retire=retire,
                whole=False,
                digests=before,
                ready=package.pack,
            )
            if locked:
                plan.require_locked(max_listed)
            path = out / f"{project.slug}-{package.version}.apkg"
            progress("writing", 0, 1)
            contents = {} if locked else plan.contents
            threads.submit(store_collection, root, plan.collection_key, package.collection)
            same = before if snapshot(folders) == before else None
            write_deck(path, package.deck, package.collection.result, contents)
        progress("writing", 1, 1)
        built = _result(path, package.version, package.deck, plan)
        with deck_cache(root) as cache:
            last.record(cache, built, folders, same, contents, [media.path for media in package.deck.media])
            cache.save()
        return built


class _Package:
    """The package of a build. While SQLite and libdeflate make its collection in a thread, the build makes the lock, and reads and writes files."""

    def __init__(self, project: Project, threads: Executor):
        self._project = project
        self._threads = threads

    def pack(self, deck: PackageDeck, stamped: StampedLock) -> None:
        """Set the version and the content, and begin to make the collection."""
        releases = stamped.lock.releases
        project = with_build_version(self._project, deck, releases)
        self.version = project.version
        self.deck = replace(deck, description=deck_description(project))
        release = any(each.release == self.version for each in releases)
        self.collection = self._threads.submit(packed_collection, self.deck, release=release)


def _result(path: Path, version: str, deck: PackageDeck, plan: Draft) -> BuildResult:
    stamped, groups = plan.stamped, deck.groups
    notes = sum(group.notes for group in groups)
    return BuildResult(
        path,
        version,
        path.stat().st_size,
        notes,
        sum(group.cards for group in groups),
        len(deck.media),
        stamped.added,
        stamped.changed,
        notes - stamped.added - stamped.changed,
        stamped.retired,
        tuple(item for item in plan.changes if item.change is not Change.RECORDED),
        stamped.changed_types,
        plan.problems,
    )


def folders_of(project: Project) -> list[Path]:
    """Return the folders that a build of a deck reads."""
    named = [
        project.root,
        project.figures_code,
        *project.media_folders,
        *([project.original] if project.original else []),
    ]
    return list(dict.fromkeys(folder for folder in named if folder.is_dir()))


def _require_no_lock(project: Project) -> None:
    if has_lock(project.root):
        raise DeckError.at(
            str(lock_path(project)),
            "is there already: a new lock is made only if the old one is lost",
            code="lock-exists",
            hint="build without --new-lock",
        )
