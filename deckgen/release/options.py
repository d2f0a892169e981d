"""The options of a release, from the command line."""

from pathlib import Path

from msgspec import Struct


class ReleaseOptions(Struct, frozen=True):
    """The options of a release. `root` is the folder of the deck, `out` the folder for releases, `now` the time in seconds (Unix time).

    `after` is the folder with the files of the last release; None if it is in `out`. With `allow_dirty` git is not used.
    With `dry_run` nothing is written. With `allow_empty` the release may be the same as the last one.
    With `no_exec` no code of figures is run.
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
        """Whether figures may be computed. A commit must have all pictures already, and a dry run writes no pictures."""
        return self.allow_dirty and not (self.dry_run or self.no_exec)
