"""Older versions of notes from the git history of a deck: the note files of a commit are rendered again.

The lock of that commit has the digest of the fields. Only fields with this digest are used, so nothing is guessed.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import LockEntry, State, load_lock
from deckgen.identity.stamp import content_of
from deckgen.model import RenderedNote
from deckgen.notetypes.masks import number_cards, with_masks
from deckgen.pictures import Progress
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.reading import read_notes
from deckgen.problems import DeckError
from deckgen.pull.deck import renderer_of
from deckgen.pull.versions import Version
from deckgen.release.repository import Repository, repository_of
from deckgen.sources import files_of, read_lock, read_project

_MOST = 20  # commits whose notes are rendered again


def committed_versions(root: Path, wanted: Iterable[str], progress: Progress) -> Iterator[tuple[str, Version]]:
    """Yield guid and version for the versions of some notes that commits of the deck in `root` have, the newest first.

    A folder without git has none. Versions that this deckgen renders in another way are left out.
    """
    repository = repository_of(root)
    if repository is None:
        return
    found = list(_commits(repository, root / LOCK_FILE, set(wanted)))[:_MOST]
    for n, (commit, entries) in enumerate(found):
        progress("rendering older versions", n, len(found))
        yield from _versions_of(repository, commit, entries, progress)


def _commits(repository: Repository, lock: Path, wanted: set[str]) -> Iterator[tuple[str, dict[str, LockEntry]]]:
    """Yield each commit in which wanted notes have a state that no newer commit has, with these states by guid."""
    seen: set[tuple[str, int, str]] = set()
    for commit in repository.commits_of(lock):
        text = repository.text_at(commit, lock)
        if text is None:
            continue
        entries = {entry.guid: entry for entry in _entries(text, str(lock)) if entry.guid in wanted}
        new = {guid: each for guid, each in entries.items() if (guid, each.mod, each.fields) not in seen}
        seen |= {(guid, each.mod, each.fields) for guid, each in new.items()}
        if new:
            yield commit, new


def _entries(text: str, file: str) -> list[LockEntry]:
    """The built notes of a lock. A lock that cannot be read has none: it is an old one, and nothing of it is changed."""
    try:
        notes = load_lock(text, file).notes
    except DeckError:
        return []
    return [entry for entry in notes if entry.state is State.ACTIVE and entry.mod]


def _versions_of(
    repository: Repository, commit: str, entries: Mapping[str, LockEntry], progress: Progress
) -> Iterator[tuple[str, Version]]:
    """Yield guid and version of those notes of a commit that are rendered as they were built."""
    with tempfile.TemporaryDirectory(prefix="deckgen-pull-") as folder:
        try:
            items = _rendered(
                repository.extract(commit, Path(folder)), {each.file for each in entries.values()}, progress
            )
        except DeckError:
            return  # The notes of this commit had errors. Another commit may have the version.
        for guid, entry in entries.items():
            item = next((each for each in items if _is_built(each, entry)), None)
            if item is not None:
                fields = _numbered(item, entry).fields
                yield guid, Version(tuple(fields.values()), item.note.tags, entry.mod, f"commit {commit[:10]}")


def _rendered(root: Path, names: set[str], progress: Progress) -> list[RenderedNote]:
    project = read_project(root)
    files = [file for file in files_of(project, read_lock(root)[1]) if file.key in names]
    with Caches() as caches:
        read = read_notes(files, progress, caches)
    if not read.notes:
        return []
    renderer = renderer_of(project, read, progress)
    return [renderer.render(note)[0] for note in read.notes]


def _is_built(item: RenderedNote, entry: LockEntry) -> bool:
    return item.note.kind == entry.kind and content_of(_numbered(item, entry)).fields == entry.fields


def _numbered(item: RenderedNote, entry: LockEntry) -> RenderedNote:
    return with_masks(item, number_cards(item.parts, entry.parts)) if item.parts else item
