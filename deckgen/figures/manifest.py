"""What is written beside a frozen picture: JSON with one key a line, which git merges and people read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from deckgen.figures.key import Dependency
from deckgen.figures.request import Value, written
from deckgen.model import Part

_DIGITS = 16  # of digests that only tell whether something changed
_KINDS = ("code", "data", "font", "style")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A picture: the figure and its parameters, its key, the SHA-256 of its bytes, their number, its size in pixels, its parts.

    `depends` holds by kind the digests of what the key was made of, `made` the versions of the libraries that drew it:
    both for information.
    """

    figure: str
    parameters: Mapping[str, Value]
    key: str
    picture: str
    bytes: int
    width: int
    height: int
    parts: tuple[Part, ...]
    depends: Mapping[str, Mapping[str, str]]
    made: Mapping[str, str]

    @property
    def dependencies(self) -> tuple[Dependency, ...]:
        """What the key was made of, with shortened digests."""
        parameters = (Dependency("parameter", name, written(value)) for name, value in self.parameters.items())
        return *parameters, *(Dependency(kind, *pair) for kind in _KINDS for pair in self.depends.get(kind, {}).items())


def shortened(dependencies: Iterable[Dependency]) -> tuple[Dependency, ...]:
    """Dependencies as those of a manifest are: digests shortened, and without the figure, whose they all are."""
    kept = (each for each in dependencies if each.kind != "figure")
    return tuple(each if each.kind == "parameter" else replace(each, value=each.value[:_DIGITS]) for each in kept)


def by_kind(dependencies: Iterable[Dependency]) -> dict[str, dict[str, str]]:
    """The digests of dependencies by kind and name, shortened."""
    dependencies = shortened(dependencies)
    kinds = {kind: {each.name: each.value for each in dependencies if each.kind == kind} for kind in _KINDS}
    return {kind: found for kind, found in kinds.items() if found}


def dump_manifest(manifest: Manifest) -> bytes:
    return (json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n").encode()


def load_manifest(data: bytes) -> Manifest | None:
    """The manifest that was dumped; None where it is damaged, or was written by a version that knew other keys."""
    try:
        kept = json.loads(data)
        manifest = Manifest(**{**kept, "parts": tuple(Part(**row) for row in kept["parts"])})
        return manifest if isinstance(manifest.dependencies, tuple) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
