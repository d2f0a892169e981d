"""What a deck's repository needs besides notes: workflows for GitHub, files for git, and which deckgen they use."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from string import Template

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deckgen import __version__

_FILES = Path(__file__).parent / "files"
_REQUIREMENTS = "requirements-deckgen.txt"
_EXTRAS = ("figures", "verify")


class _File(Template):
    """A workflow is full of `$`, GitHub's and the shell's."""

    delimiter = "%%"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deck stands: `top` is the root of its git repository, `folder` the deck's path below it, "." for `top` itself."""

    top: Path
    folder: str

    @property
    def alone(self) -> bool:
        return self.folder == "."

    def inside(self, name: str) -> str:
        """The path below `top` of a file in the deck's folder."""
        return name if self.alone else f"{self.folder}/{name}"


def place_of(deck: Path) -> Place:
    """The place of a deck's folder. In no repository, the folder is taken for the root of the one to come."""
    home = deck.resolve()
    top = next((folder for folder in (home, *home.parents) if (folder / ".git").exists()), home)
    return Place(top, home.relative_to(top).as_posix())


@dataclass(frozen=True, slots=True)
class Tools:
    """With what GitHub works: the Python, the command that installs deckgen, and the pattern of the files that say what is installed."""

    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"
    install: str = f'python -m pip install --requirement "$DECK/{_REQUIREMENTS}"'
    pinned: str = f"**/{_REQUIREMENTS}"


def workflows(place: Place, slug: str, tools: Tools = Tools()) -> Mapping[str, str]:
    """Path below the repository's root → text of the workflows.

    In a repository that holds more than the deck they bear the deck's slug in their names, and only look at pull requests that touch it.
    """
    prefix, name = ("", "") if place.alone else (f"{slug}-", f"{slug} ")
    paths = ["**"] if place.alone else [f"{_literal(place.folder)}/**", f".github/workflows/{prefix}check.yml"]
    values = {
        "slug": slug,
        "name": name,
        "folder": json.dumps(place.folder, ensure_ascii=False),
        "paths": json.dumps(paths, ensure_ascii=False),
        **asdict(tools),
    }
    return {f".github/workflows/{prefix}{file}": _filled(file, values) for file in ("check.yml", "release.yml")}


def companions(place: Place, slug: str) -> Mapping[str, str]:
    """Path below the repository's root → text of all that stands beside a new deck.toml."""
    return {
        **workflows(place, slug),
        ".gitignore": _filled("gitignore.txt", {}),
        place.inside(".gitattributes"): _filled("gitattributes.txt", {}),
        place.inside(_REQUIREMENTS): _filled(
            _REQUIREMENTS, {"requirement": requirement(__version__, _origin()), "pins": "\n".join(pins())}
        ),
    }


def _origin() -> str | None:
    """Where pip had the deckgen that runs here from, as `requirement` takes it."""
    try:
        this = distribution("deckgen")
    except PackageNotFoundError:
        return "{}"
    # Only what was installed has a RECORD; a folder of sources has the rest of the metadata too.
    return this.read_text("direct_url.json") if this.read_text("RECORD") else "{}"


def requirement(version: str, origin: str | None) -> str:
    """The lines of a requirements file for a version of deckgen; `origin` is its direct_url.json (PEP 610), None where an index had it.

    What was installed from a folder cannot be had elsewhere. It must not be asked of an index, where anybody may hold the name: the
    lines make pip stop, until the author says where it is.
    """
    source = json.loads(origin) if origin else {}
    name = f"deckgen[{','.join(_EXTRAS)}]"
    if commit := source.get("vcs_info", {}).get("commit_id"):
        return f"{name} @ {source['vcs_info']['vcs']}+{source['url']}@{commit}"
    if not origin:
        return f"{name}=={version}"
    return (
        f"# This one was installed from a folder. Replace both lines by where GitHub finds it:\n"
        f"#   {name} @ git+https://…@COMMIT\n"
        f"--no-index\n{name}=={version}"
    )


def pins() -> list[str]:
    """What deckgen stands on here, as lines of a requirements file: with other versions a package could have other bytes."""
    found: dict[str, str] = {}
    waiting = ["deckgen"]
    while waiting:
        name = waiting.pop()
        try:
            this = distribution(name)
        except PackageNotFoundError:
            continue  # Of an extra, or of another system.
        key = canonicalize_name(name)
        if key not in found:
            found[key] = this.version
            waiting += [wanted.name for wanted in map(Requirement, this.requires or ()) if _wanted(key, wanted)]
    return sorted(f"{name}=={version}" for name, version in found.items() if name != "deckgen")


def _wanted(name: str, requirement: Requirement) -> bool:
    """Whether a requirement counts here: of deckgen with its extras, of any other package with none."""
    extras = ("", *_EXTRAS) if name == "deckgen" else ("",)
    return requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)


def _literal(path: str) -> str:
    """A path as one of GitHub's filter patterns."""
    return re.sub(r"([\\*?+\[\]!])", r"\\\1", path)


def _filled(file: str, values: Mapping[str, str]) -> str:
    return _File((_FILES / file).read_text("utf-8")).substitute(values)
