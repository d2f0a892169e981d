"""Tables with one row in each module of a package. A new row is a new file."""

import pkgutil
from collections.abc import Sequence
from importlib import import_module
from typing import TypeVar

Row = TypeVar("Row")


def rows_of(package: str, path: Sequence[str], kind: type[Row]) -> tuple[Row, ...]:
    """Return all values of type `kind` that the modules of a package define, sorted by the names of the modules.

    `package` and `path` are the package's `__name__` and `__path__`.
    """
    modules = [import_module(f"{package}.{name}") for name in sorted(each.name for each in pkgutil.iter_modules(path))]
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, kind))
