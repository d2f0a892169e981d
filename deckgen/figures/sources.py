"""Reads and parses the Python modules of a figures folder and follows their imports. The code is not run."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from msgspec import Struct

from deckgen.problems import DeckError


class Module(Struct, frozen=True):
    """One module with its source in LF line ends. A folder without `__init__.py` is a package with an empty source."""

    name: str
    path: str
    source: bytes
    is_package: bool


class DataFile(Struct, frozen=True):
    """A data file: its path below the figures folder, with `/`, and its content. Text has LF line ends."""

    name: str
    content: bytes


@lru_cache(maxsize=512)
def syntax_tree(module: Module) -> ast.Module:
    """Return the syntax tree of the module. Raises DeckError, with line and column, if it is not Python."""
    try:
        return ast.parse(module.source, module.path)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        message = f"not Python: {error.msg}"
        raise DeckError.at(module.path, message, code="figure-syntax", line=line, column=column) from None
    except ValueError as error:  # what Python 3.11 raises for a null byte
        raise DeckError.at(module.path, f"not Python: {error}", code="figure-syntax") from None
    except (RecursionError, MemoryError):
        raise DeckError.at(
            module.path, "Python cannot parse it: it is nested too deeply", code="figure-syntax"
        ) from None


class Sources:
    """The modules below one folder, by dotted name. Each is read once, so that the key and the run use the same text."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._modules: dict[str, Module | None] = {}
        self._data: dict[str, DataFile] = {}

    def names(self) -> frozenset[str]:
        """Return the dotted names of all modules below the folder."""
        found = (path for path in self.directory.rglob("*.py") if path.is_file())
        files = (path.relative_to(self.directory).with_suffix("") for path in found)
        return frozenset(".".join(path.parent.parts if path.name == "__init__" else path.parts) for path in files)

    def has_data(self, name: str) -> bool:
        """Return whether `name` is a file below the folder."""
        path = PurePosixPath(name)
        return not path.is_absolute() and ".." not in path.parts and (self.directory / path).is_file()

    def data(self, name: str) -> DataFile:
        """Return a data file. Raises OSError if it cannot be read."""
        if name not in self._data:
            self._data[name] = DataFile(name, with_lf((self.directory / name).read_bytes()))
        return self._data[name]

    def top_level(self) -> list[str]:
        """Return the names of the modules directly in the folder, sorted. A folder or a link to nothing is no module, whatever its name is."""
        found = (path for path in self.directory.glob("*.py") if path.stem.isidentifier())
        return sorted(path.stem for path in found if path.is_file())

    def closure(self, name: str) -> tuple[Module, ...]:
        """Return the module and all modules of this folder that it imports, directly or not, sorted by name.

        Raises DeckError if one of them is not Python.
        """
        found: dict[str, Module] = {}
        waiting = [name]
        while waiting:
            module = self._find(waiting.pop())
            if module and module.name not in found:
                found[module.name] = module
                waiting += imported_names(module)
        return tuple(found[name] for name in sorted(found))

    def _find(self, name: str) -> Module | None:
        if name not in self._modules:
            self._modules[name] = self._read(name)
        return self._modules[name]

    def _read(self, name: str) -> Module | None:
        base = self.directory.joinpath(*name.split("."))
        init, file = base / "__init__.py", base.with_name(f"{base.name}.py")
        if init.is_file():
            return Module(name, str(init), with_lf(init.read_bytes()), is_package=True)
        if file.is_file():
            return Module(name, str(file), with_lf(file.read_bytes()), is_package=False)
        if base.is_dir():
            return Module(name, str(base), b"", is_package=True)
        return None


def with_lf(content: bytes) -> bytes:
    """Replace CRLF by LF in text, because git may check out either. Content with a null byte or not in UTF-8 is returned as is."""
    if b"\r\n" not in content or b"\0" in content:
        return content
    try:
        content.decode()
    except UnicodeDecodeError:
        return content
    return content.replace(b"\r\n", b"\n")


def imported_names(module: Module) -> Iterator[str]:
    """Yield each dotted name that the module may import, anywhere in its code. A package comes before its modules.

    Raises DeckError if the code is not Python.
    """
    for node in ast.walk(syntax_tree(module)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from with_packages(alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            yield from with_packages(base)
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """Return the absolute module name of `from … import`. Dots count from the package of the module."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    parts = parts[: max(0, len(parts) + module.is_package - node.level)]
    return ".".join([*parts, *filter(None, [node.module])])


def with_packages(name: str) -> Iterator[str]:
    """Yield `a`, `a.b`, `a.b.c` for `a.b.c`. Yield nothing for an empty name."""
    parts = name.split(".") if name else []
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


def foreign_names(modules: Iterable[Module]) -> set[str]:
    """Return the top-level names that the modules import and that are not among the modules.

    Raises DeckError if the code of a module is not Python.
    """
    modules = tuple(modules)
    imported = {name.partition(".")[0] for module in modules for name in imported_names(module)}
    return imported - {module.name for module in modules}
