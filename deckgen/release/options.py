"""The options of a release, as the author gives them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
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
