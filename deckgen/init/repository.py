"""What a deck's repository needs besides notes: workflows for GitHub, files for git, and the required packages."""

import json
import re
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deckgen import DISTRIBUTION, __version__
from deckgen.jinja import fill_text

_FILES = Path(__file__).parent / "files"
_REQUIREMENTS = "requirements-deckgen.txt"
_EXTRAS = ("figures", "preview", "verify")


class Place(Struct, frozen=True):
    """Where a deck is. `top` is the root of its git repository. `folder` is the deck's path below it, "." for `top` itself."""

    top: Path
    folder: str

    @property
    def is_whole_repository(self) -> bool:
        """Whether the deck's folder is the root of the repository."""
        return self.folder == "."

    def inside(self, name: str) -> str:
        """Return the path below `top` of a file in the deck's folder."""
        return name if self.is_whole_repository else f"{self.folder}/{name}"


def place_of(deck: Path) -> Place:
    """Return the place of a deck's folder. Without a repository, the folder counts as the root of a later one."""
    home = deck.resolve()
    top = next((folder for folder in (home, *home.parents) if (folder / ".git").exists()), home)
    return Place(top, home.relative_to(top).as_posix())


class Tools(Struct, frozen=True):
    """What the workflows use: the version of Python, the command that installs deckgen, and a pattern of the pinned requirements."""

    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"
    install: str = f'python -m pip install --requirement "$DECK/{_REQUIREMENTS}"'
    pinned: str = f"**/{_REQUIREMENTS}"


def workflows(place: Place, slug: str, tools: Tools = Tools()) -> Mapping[str, str]:
    """Return the texts of the workflows, by their paths below the repository's root.

    In a repository that holds more than the deck, the names of those that check and release begin with the deck's slug, and
    they run only for pull requests that touch the deck. The page is one for the repository.
    """
    prefix, name = ("", "") if place.is_whole_repository else (f"{slug}-", f"{slug} ")
    paths = (
        ["**"]
        if place.is_whole_repository
        else [f"{_escape_pattern(place.folder)}/**", f".github/workflows/{prefix}check.yml"]
    )
    values = {
        "slug": slug,
        "name": name,
        "folder": json.dumps(place.folder, ensure_ascii=False),
        "paths": json.dumps(paths, ensure_ascii=False),
        **asdict(tools),
    }
    names = {"check.yml": f"{prefix}check.yml", "pages.yml": "pages.yml", "release.yml": f"{prefix}release.yml"}
    return {f".github/workflows/{name}": _fill(file, values) for file, name in names.items()}


def companions(place: Place, slug: str) -> Mapping[str, str]:
    """Return the texts of all files that a new deck.toml needs, by their paths below the repository's root."""
    return {
        **workflows(place, slug),
        ".gitignore": _fill("gitignore.txt", {}),
        place.inside(".gitattributes"): _fill("gitattributes.txt", {}),
        place.inside(_REQUIREMENTS): _fill(
            _REQUIREMENTS, {"requirement": requirement(__version__, _origin()), "pins": pins()}
        ),
    }


def _origin() -> str | None:
    """Return the direct_url.json of the deckgen that runs here, as `requirement` takes it."""
    try:
        this = distribution(DISTRIBUTION)
    except PackageNotFoundError:
        return "{}"
    # Only an installed package has a RECORD. A folder of sources may have the other files of the metadata.
    return this.read_text("direct_url.json") if this.read_text("RECORD") else "{}"


def requirement(version: str, origin: str | None) -> str:
    """Return the lines of a requirements file for a version of deckgen.

    `origin` is its direct_url.json (PEP 610), or None if it came from an index. If deckgen was installed from a folder,
    pip cannot find it elsewhere. It must not be looked up in an index, because anybody may own the name there. So the
    lines make pip stop until the author writes where deckgen is.
    """
    source = json.loads(origin) if origin else {}
    name = f"{DISTRIBUTION}[{','.join(_EXTRAS)}]"
    if commit := source.get("vcs_info", {}).get("commit_id"):
        return f"{name} @ {source['vcs_info']['vcs']}+{source['url']}@{commit}"
    if not origin:
        return f"{name}=={version}"
    return (
        f"# deckgen was installed from a folder. Replace both lines by the place where GitHub finds it:\n"
        f"#   {name} @ git+https://…@COMMIT\n"
        f"--no-index\n{name}=={version}"
    )


def pins() -> list[str]:
    """Return the installed versions of deckgen's dependencies, as lines of a requirements file.

    With other versions a package could have other bytes.
    """
    found: dict[str, str] = {}
    waiting = [DISTRIBUTION]
    while waiting:
        name = waiting.pop()
        try:
            this = distribution(name)
        except PackageNotFoundError:
            continue  # It belongs to an extra or to another system.
        key = canonicalize_name(name)
        if key not in found:
            found[key] = this.version
            waiting += [wanted.name for wanted in map(Requirement, this.requires or ()) if _is_needed(key, wanted)]
    return sorted(f"{name}=={version}" for name, version in found.items() if name != DISTRIBUTION)


def _is_needed(name: str, requirement: Requirement) -> bool:
    """Whether a requirement of the package `name` is needed here. The extras of deckgen count, those of other packages do not."""
    extras = ("", *_EXTRAS) if name == DISTRIBUTION else ("",)
    return requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)


def _escape_pattern(path: str) -> str:
    """Return a path as a filter pattern of GitHub that matches only this path."""
    return re.sub(r"([\\*?+\[\]!])", r"\\\1", path)


def _fill(file: str, values: Mapping[str, str | list[str]]) -> str:
    return fill_text(_FILES / file, dict(values))
