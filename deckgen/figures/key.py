"""The dependencies of a picture (code, parameters, data, fonts, house style) and its key. The machine is not among them."""

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from msgspec.structs import astuple

from deckgen.figures.request import Request, format_value
from deckgen.figures.sources import DataFile, Module, imported_names, syntax_tree
from deckgen.figures.syntax import canonical

HERE = Path(__file__).parent
PACKAGE = "deckgen.figures."
# The modules that draw and encode every picture. Modules that only reject pictures are not listed: they change none.
DRAWING_MODULES = ("draw", "fixed_settings", "parts", "style", "text_recorder")


class Dependency(Struct, frozen=True):
    """One dependency of a picture. `value` is a parameter in the form of a reference, or a SHA-256 in hex digits."""

    kind: str
    name: str
    value: str


def font_files() -> list[Path]:
    """Return the paths of the house fonts, sorted."""
    return sorted((HERE / "fonts").glob("*.otf"))


def picture_key(dependencies: Iterable[Dependency]) -> str:
    """Return the key of a picture with these dependencies, 64 hex digits."""
    return digest(json.dumps([astuple(each) for each in dependencies]).encode())


def picture_dependencies(
    request: Request, modules: Iterable[Module], data: Iterable[DataFile] = ()
) -> tuple[Dependency, ...]:
    """Return the dependencies of the picture of `request`. `modules` are the figure's module and all that it imports.

    Comments, layout and line ends are left out. So are the versions of Python and of libraries: a frozen picture stays
    right when they change. `deckgen figures --check` shows which pictures would differ.
    """
    modules = tuple(modules)
    return (
        Dependency("figure", request.name, ""),
        *(Dependency("parameter", name, format_value(value)) for name, value in request.parameters),
        *(Dependency("code", module.name, code_digest(module)) for module in modules),
        *(Dependency("data", file.name, digest(file.content)) for file in data),
        *font_digests(),
        *(Dependency("style", name, style_digest(name)) for name in style_modules(modules)),
    )


@lru_cache(maxsize=512)
def code_digest(module: Module) -> str:
    """Return the digest of the code of a module."""
    return digest(canonical(syntax_tree(module)))


def digest(content: bytes) -> str:
    """Return the SHA-256 in 64 hex digits."""
    return sha256(content).hexdigest()


@lru_cache(maxsize=1)
def font_digests() -> tuple[Dependency, ...]:
    """Return one dependency for each house font."""
    return tuple(Dependency("font", path.stem, digest(path.read_bytes())) for path in font_files())


def style_modules(modules: Iterable[Module]) -> list[str]:
    """Return the modules of this package that the picture depends on: `DRAWING_MODULES` and those that the figure imports."""
    found = set(DRAWING_MODULES)
    waiting = {name for module in modules for name in deckgen_imports(module)}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting |= deckgen_imports(deckgen_module(name))
    return sorted(found)


def deckgen_imports(module: Module) -> set[str]:
    """Return the modules of this package that a module imports by name. The package itself draws nothing."""
    names = {name.removeprefix(PACKAGE) for name in imported_names(module) if name.startswith(PACKAGE)}
    return {name for name in names if (HERE / f"{name}.py").is_file()}


@lru_cache(maxsize=64)
def deckgen_module(name: str) -> Module:
    """Return a module of this package."""
    path = HERE / f"{name}.py"
    return Module(f"{PACKAGE}{name}", str(path), path.read_bytes(), is_package=False)


@lru_cache(maxsize=64)
def style_digest(name: str) -> str:
    """Return the digest of a module of this package, without docstrings: no picture shows them."""
    return digest(canonical(syntax_tree(deckgen_module(name)), docstrings=False))
