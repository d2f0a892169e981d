"""Make the files of a release in a temporary folder."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import replace

from deckgen.diff.compare import Diff, compare
from deckgen.diff.page import page
from deckgen.files import staged, write_text
from deckgen.identity.lock import Lock, LockedRelease, dump_lock
from deckgen.package.contents import Package
from deckgen.package.read import read_package
from deckgen.package.write import PackageDeck, packed_collection, write_package
from deckgen.parse.document import decode, read_bytes
from deckgen.pipeline import Draft
from deckgen.problems import DeckError
from deckgen.project import CHANGELOG, Project
from deckgen.release.changes import changelog_section, section_of, with_section
from deckgen.release.names import package_name, release_name, retired_tag
from deckgen.release.options import ReleaseOptions
from deckgen.release.preconditions import release_files
from deckgen.release.previous import PreviousRelease, sha256
from deckgen.release.restamp import mod_times, release_time, restamped_deck, restamped_lock
from deckgen.release.retired import cleanup_deck
from deckgen.release.toml import with_version
from deckgen.translations import TRANSLATIONS

SUMS = "SHA256SUMS"
_CRLF = "\r\n"


class ReleaseFiles(Struct, frozen=True):
    """The packages of a release, and the texts that a release writes next to the notes: path → text.

    `cleanup` is the package with the retired notes; None if there are none. `diff` compares the last release with this one;
    None for the first release. `changes` is the section of the changelog.
    """

    package: Package
    cleanup: Package | None
    diff: Diff | None
    texts: Mapping[Path, str]
    changes: str


def make_files(
    plan: Draft, last: PreviousRelease | None, record: LockedRelease | None, folder: Path, options: ReleaseOptions
) -> ReleaseFiles:
    """Write the files of the release into `folder`. `record` is its row in the lock if the release was made before, else None.

    Raises DeckError if the release was made before with other files, or its time would be in the future.
    """
    project, old = plan.project, plan.stamped.lock
    path = folder / package_name(project)
    # The package is written twice. The diff of the first one with the last release decides the times in the second one.
    now = record.time if record else release_time(options.now, old, str(plan.lock_path))
    at = mod_times(plan.deck, _since(last, _pack(path, plan.deck)), old, last.time if last else 0, now)
    package = _pack(path, restamped_deck(plan.deck, at))
    diff, lock = _since(last, package), restamped_lock(old, project.id, at)
    cleanup = _cleanup(plan, last, diff, lock, now, folder) if last and diff else None
    made = LockedRelease(project.version, now, sha256(path), sha256(cleanup.path) if cleanup else None)
    if record and record != made:
        raise DeckError.at(
            str(options.root),
            f"{record.release} was released before with other content",
            code="release-changed",
            hint="choose a higher version",
        )
    lock = replace(lock, releases=(*(each for each in old.releases if each != record), made))
    before = text_of(project.root / CHANGELOG)
    changelog = with_section(
        before.replace(_CRLF, "\n"), project.version, changelog_section(project, now, diff, package)
    )
    changes = section_of(changelog, project.version)
    _describe(folder, project, diff, changes)
    texts = dump_lock(lock), with_version(project), changelog.replace("\n", _CRLF) if _CRLF in before else changelog
    return ReleaseFiles(package, cleanup, diff, dict(zip(release_files(project), texts)), changes)


def text_of(path: Path) -> str:
    """The text of a file with its line ends unchanged; "" if the file does not exist.

    Raises DeckError if the file cannot be read or is not UTF-8.
    """
    if not path.exists():
        return ""
    data = read_bytes(path, str(path))
    decode(data, str(path))
    return data.decode()


def _since(last: PreviousRelease | None, package: Package) -> Diff | None:
    return compare(last.package, package) if last else None


def _pack(path: Path, deck: PackageDeck) -> Package:
    """Write the package of a deck and read it back."""
    with staged(path) as file:
        write_package(file, deck, packed_collection(deck, release=True))
    return read_package(path)


def _cleanup(plan: Draft, last: PreviousRelease, diff: Diff, lock: Lock, now: int, folder: Path) -> Package | None:
    """Write the cleanup package; None if no note is retired."""
    project, tag = plan.project, retired_tag(plan.project)
    banner = escape(TRANSLATIONS[project.language].retired.format(version=project.version, tag=tag), quote=False)
    with TemporaryDirectory(prefix="deckgen-release-") as media:
        deck = cleanup_deck(plan.deck, last, diff, lock, banner, tag, now, Path(media))
        return _pack(folder / package_name(project, "-cleanup"), deck) if deck else None


def _describe(folder: Path, project: Project, diff: Diff | None, changes: str) -> None:
    """Write the changes as a text and as an HTML page, and the checksums of all files for `sha256sum --check`."""
    write_text(folder / "CHANGES.txt", changes)
    if diff:
        write_text(folder / f"{release_name(project)}-diff.html", page(diff))
    rows = [f"{sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    write_text(folder / SUMS, "".join(rows))
