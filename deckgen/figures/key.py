"""What a picture depends on, one by one: code, parameters, data, fonts, house style. Nothing of the machine that draws it."""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from deckgen.figures.request import Request, written
from deckgen.figures.sources import DataFile, Module, imported_names, tree
from deckgen.figures.syntax import canonical

HERE = Path(__file__).parent
PACKAGE = "deckgen.figures."
# What draws and encodes every picture. The rules that a picture must keep are not here: they refuse pictures, and change none.
ALWAYS = ("draw", "parts", "recorder", "steady", "style")


@dataclass(frozen=True, slots=True)
class Dependency:
    """One thing that a picture depends on. `value` is a parameter as written, or a digest."""

    kind: str
    name: str
    value: str


def fonts() -> list[Path]:
    """The house fonts, sorted."""
    return sorted((HERE / "fonts").glob("*.otf"))


def key(dependencies: Iterable[Dependency]) -> str:
    """The key, 64 hex digits, of a picture with these dependencies."""
    return digest(json.dumps([astuple(each) for each in dependencies]).encode())


def dependencies(request: Request, modules: Iterable[Module], data: Iterable[DataFile] = ()) -> tuple[Dependency, ...]:
    """All that the picture of `request` depends on, drawn by `modules`: the figure's own and all that it imports.

    Comments, layout and line ends do not count, nor do versions of Python and of libraries: a picture that is kept stays
    right when they change, and `deckgen figures --check` says where one would now come out otherwise.
    """
    modules = tuple(modules)
    return (
        Dependency("figure", request.name, ""),
        *(Dependency("parameter", name, written(value)) for name, value in request.parameters),
        *(Dependency("code", module.name, code_digest(module)) for module in modules),
        *(Dependency("data", file.name, digest(file.content)) for file in data),
        *font_digests(),
        *(Dependency("style", name, style_digest(name)) for name in style_modules(modules)),
    )


@lru_cache(maxsize=512)
def code_digest(module: Module) -> str:
    return digest(canonical(tree(module)))


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@lru_cache(maxsize=1)
def font_digests() -> tuple[Dependency, ...]:
    return tuple(Dependency("font", path.stem, digest(path.read_bytes())) for path in fonts())


def style_modules(modules: Iterable[Module]) -> list[str]:
    """The modules of this package that the picture depends on: what draws every one, and what the figure imports of it."""
    found = set(ALWAYS)
    waiting = {name for module in modules for name in own_names(module)}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting |= own_names(own_module(name))
    return sorted(found)


def own_names(module: Module) -> set[str]:
    """The modules of this package that a module imports by name; what the package itself has to offer draws nothing."""
    names = {name.removeprefix(PACKAGE) for name in imported_names(module) if name.startswith(PACKAGE)}
    return {name for name in names if (HERE / f"{name}.py").is_file()}


@lru_cache(maxsize=64)
def own_module(name: str) -> Module:
    path = HERE / f"{name}.py"
    return Module(f"{PACKAGE}{name}", str(path), path.read_bytes(), is_package=False)


@lru_cache(maxsize=64)
def style_digest(name: str) -> str:
    """The digest of a module of this package, whose docstrings are known to be in no picture."""
    return digest(canonical(tree(own_module(name)), docstrings=False))
