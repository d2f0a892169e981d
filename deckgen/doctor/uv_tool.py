"""The command that adds libraries to the environment that `uv tool install` made.

uv makes an environment of what the command names, and removes everything else. So the command also names where deckgen came from,
and the libraries that were added before. They are in the receipt of uv.
"""

import shlex
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from packaging.requirements import InvalidRequirement, Requirement

from deckgen import DISTRIBUTION


def uv_command(receipt: Path, wanted: Sequence[str]) -> str:
    """Return the command that adds the requirements `wanted`. If the receipt cannot be read, it names only these and deckgen."""
    tool, *added = _installed(receipt)
    names = {Requirement(each).name for each in wanted}
    kept = [each for each in added if Requirement(each).name not in names]
    return " ".join(
        ["uv tool install", shlex.quote(tool), *(f"--with {shlex.quote(each)}" for each in (*kept, *wanted))]
    )


def _installed(receipt: Path) -> list[str]:
    """What the environment was made of: deckgen, and the libraries that were added."""
    try:
        rows = tomllib.loads(receipt.read_text("utf-8"))["tool"]["requirements"]
        found = [_requirement(row) for row in rows]
        for each in found:
            Requirement(each)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidRequirement):
        found = []
    return found or [DISTRIBUTION]


def _requirement(row: Mapping[str, Any]) -> str:
    """A row of the receipt as a requirement: `name[extra]>=1.0`, or `name[extra]@address`."""
    extras = f"[{','.join(row['extras'])}]" if row.get("extras") else ""
    address = next(_addresses(row), "")
    return f"{row['name']}{extras}@{address}" if address else f"{row['name']}{extras}{row.get('specifier', '')}"


def _addresses(row: Mapping[str, Any]) -> Iterator[str]:
    """Where something was installed from, if that is no index."""
    yield from (Path(row[key]).as_uri() for key in ("path", "directory", "editable") if key in row)
    if "url" in row:
        yield row["url"]
    if "git" in row:
        parts = urlsplit(row["git"])
        query = parse_qs(parts.query)
        revision = next((query[key][0] for key in ("rev", "tag", "branch") if key in query), "")
        folder = f"subdirectory={query['subdirectory'][0]}" if "subdirectory" in query else ""
        path = f"{parts.path}@{revision}" if revision else parts.path
        yield f"git+{urlunsplit((parts.scheme, parts.netloc, path, '', folder))}"
