"""Builds notes/ from clean clones in different environments. All packages must have the same bytes, and all clones stay clean.

usage: matrix.py [--one] PYTHON...

PYTHON are commands (`python3.12`); missing ones are listed. With fewer than two versions the exit status is 1, unless --one
allows one. The libraries of each version are installed once, into .venv-matrix-VERSION, from constraints.txt.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
OTHER = ROOT / "tests" / "matrix"
CASES = ROOT / "tests" / "figures" / "cases" / "syntax"
VERSION = "import sys; print('{}.{}'.format(*sys.version_info))"
KERNELS = "from numpy._core._multiarray_umath import __cpu_dispatch__ as found; print(*found)"


@dataclass(frozen=True)
class Cell:
    """An environment of a build. `runner` are the arguments of Python in place of `-m deckgen`."""

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022
    autocrlf: bool = False
    runner: Sequence[str] = ("-m", "deckgen")


def cells(kernels: str) -> list[Cell]:
    """Return the environments. `kernels` are the names of the instruction sets that numpy has code for."""
    return [
        Cell("plain", {"PYTHONHASHSEED": "0"}),
        Cell("other hash seed", {"PYTHONHASHSEED": "4711"}),
        Cell("old kernels", {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": kernels}),
        Cell("new kernels", {"OPENBLAS_CORETYPE": "Haswell"}),
        Cell(
            "LANG=C, time zone, umask",
            {"LANG": "C", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
            umask=0o077,
        ),
        Cell("core.autocrlf", autocrlf=True),
        # The other SQLite has only what writes packages, and no cache.
        Cell("another zlib and SQLite", {"DECKGEN_CACHE": ""}, runner=(str(OTHER / "other_libraries.py"),)),
    ]


def main(arguments: Sequence[str]) -> int:
    pythons = dict(interpreters([name for name in arguments if name != "--one"]))
    if len(pythons) < (1 if "--one" in arguments else 2):
        print(f"too few versions of Python: {', '.join(pythons) or 'none'} (--one says that one will do)")
        return 1
    found: dict[str, list[str]] = {}
    codes: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="deckgen-matrix-") as home:
        for version, python in pythons.items():
            own = installed(version, python)
            codes.add(
                output(own, "-W", "ignore", str(OTHER / "print_code.py"), *map(str, sorted(CASES.glob("*[a-z].py"))))
            )
            for cell in cells(output(own, "-c", KERNELS)):
                digest = built(own, cell, Path(tempfile.mkdtemp(dir=home)))
                print(f"{version:6} {cell.name:26} {digest}", flush=True)
                found.setdefault(digest, []).append(f"{version} {cell.name}")
    print(
        f"{sum(map(len, found.values()))} builds, {len(found)} different; the code of figures reads as {len(codes)} under {len(pythons)} versions"
    )
    return 0 if len(found) == len(codes) == 1 and not any(digest.startswith("error") for digest in found) else 1


def interpreters(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield version and path of each command that runs. Print a message for each other one."""
    for name in names:
        path = shutil.which(name)
        try:
            yield output(path or name, "-c", VERSION), path or name
        except (OSError, subprocess.CalledProcessError):
            print(f"MISSING: {name} is not on the PATH, or does not run", flush=True)


def installed(version: str, python: str) -> str:
    """Return the Python of a virtual environment with the pinned libraries. It is made if it is missing or out of date."""
    home = ROOT / f".venv-matrix-{version}"
    own, stamp = home / "bin" / "python", home / "matrix.stamp"
    pins = [ROOT / "constraints.txt", OTHER / "requirements.txt"]
    if not stamp.is_file() or stamp.stat().st_mtime < max(path.stat().st_mtime for path in pins):
        if not own.exists():
            output(python, "-m", "venv", str(home))
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        for path in pins:
            output(str(own), *install, "--requirement", str(path))
        stamp.touch()
    return str(own)


def built(python: str, cell: Cell, home: Path) -> str:
    """Return the SHA-256 of the package of a build in a clean clone, or a message if the build fails or changes the clone."""
    clone, out = home / "clone", home / "out"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **cell.environment}
    steps = [
        ["git", "clone", "--quiet", "--config", f"core.autocrlf={str(cell.autocrlf).lower()}", str(ROOT), str(clone)],
        [python, *cell.runner, "build", "notes", "--out", str(out), "--no-exec", "--locked", "--strict"],
    ]
    for step, folder in zip(steps, (home, clone), strict=True):
        done = subprocess.run(
            step,
            cwd=folder,
            env={**environment, "PYTHONPATH": str(clone)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            umask=cell.umask,
        )
        if done.returncode:
            return f"error: {(done.stderr or done.stdout).strip()}"
    if changed := output("git", "-C", str(clone), "status", "--porcelain"):
        return f"error: the build changed {changed!r}"
    [package] = out.glob("*.apkg")
    return hashlib.sha256(package.read_bytes()).hexdigest()


def output(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
