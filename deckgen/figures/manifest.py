"""The manifest of a frozen picture: JSON with one key per line, so that git can merge it and people can read it."""

import json
from collections.abc import Iterable, Mapping

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from deckgen.figures.declaration import Value
from deckgen.figures.key import Dependency
from deckgen.figures.request import format_value
from deckgen.model import Part

_DIGITS = 16  # hex digits of a shortened digest, enough to show a change
_KINDS = ("code", "data", "font", "style")


class Manifest(Struct, frozen=True):
    """What is known of one frozen picture.

    `picture` is the SHA-256 of its bytes, `bytes` their number. `width` and `height` are in pixels. `depends` holds the
    digests of the dependencies, by kind and name. `made` holds the versions of the libraries that drew it. Both serve
    people and messages only.
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
        """The dependencies of the picture, with shortened digests."""
        parameters = (Dependency("parameter", name, format_value(value)) for name, value in self.parameters.items())
        return *parameters, *(Dependency(kind, *pair) for kind in _KINDS for pair in self.depends.get(kind, {}).items())


def shorten_digests(dependencies: Iterable[Dependency]) -> tuple[Dependency, ...]:
    """Return dependencies in the form of a manifest: with shortened digests and without the kind `figure`."""
    kept = (each for each in dependencies if each.kind != "figure")
    return tuple(each if each.kind == "parameter" else replace(each, value=each.value[:_DIGITS]) for each in kept)


def digests_by_kind(dependencies: Iterable[Dependency]) -> dict[str, dict[str, str]]:
    """Return the shortened digests of dependencies, by kind and name."""
    dependencies = shorten_digests(dependencies)
    kinds = {kind: {each.name: each.value for each in dependencies if each.kind == kind} for kind in _KINDS}
    return {kind: found for kind, found in kinds.items() if found}


def dump_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as JSON in UTF-8."""
    return (json.dumps(to_builtins(manifest), ensure_ascii=False, indent=1) + "\n").encode()


def load_manifest(data: bytes) -> Manifest | None:
    """Return the manifest, or None if it is damaged or was written by a version with other keys."""
    try:
        kept = json.loads(data)
        manifest = Manifest(**{**kept, "parts": tuple(Part(**row) for row in kept["parts"])})
        return manifest if isinstance(manifest.dependencies, tuple) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
